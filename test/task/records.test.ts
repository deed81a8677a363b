import assert from 'node:assert/strict'
import {
  createTask,
  debugTasks,
  dumpTasks,
  Lock,
  run,
  shield,
  sleep,
  TaskGroup,
  type TaskRecord,
  tasks,
  timeout,
} from 'multitask'
import { deaf } from '../conformance/task-group.ts'
import { errorOf, virtually } from '../fixtures/virtual.ts'

virtually('tasks() is a tree of what goes on', async () => {
  const seen: readonly TaskRecord[][] = []
  await run(
    async () => {
      createTask(() => sleep(500), { name: 'own' })
      await TaskGroup.run(
        async group => {
          group.spawn(() => timeout(200, () => sleep(100)), { name: 'fetch' })
          group.spawn(() => sleep(10), { name: 'next' })
          await deaf(50)
          ;(seen as TaskRecord[][]).push(tasks())
        },
        { name: 'crawl', limit: 1 },
      )
    },
    { name: 'main' },
  )
  const shape = ({ kind, name, state, waitsFor, age, children }: TaskRecord): unknown => [
    [kind, name, state, waitsFor, Math.round(age)].join(' | '),
    ...children.map(shape),
  ]
  assert.deepEqual(seen[0]?.map(shape), [
    [
      'run | main | running |  | 50',
      [
        'task | main | running |  | 50',
        [
          'group | crawl | running |  | 50',
          ['task | fetch | running |  | 50', ['timeout | 200 ms | running | sleep of 100 ms | 50']],
          ['task | next | pending |  | 50'],
        ],
      ],
      ['task | own | running | sleep of 500 ms | 50'],
    ],
  ])
})

virtually('dumpTasks() is the same for people', async () => {
  const lock = new Lock()
  let dump = ''
  await TaskGroup.run(
    async group => {
      group.spawn(() => lock.with(() => deaf(1500)), { name: 'holder' })
      group.spawn(() => lock.with(() => {}), { name: 'waiter' })
      group.spawn(() => shield(() => deaf(1500)), { name: 'saver' })
      group.spawn(() => deaf(1500), { name: 'deaf' }).cancel()
      await deaf(1200)
      dump = dumpTasks()
    },
    { name: 'demo' },
  )
  assert.deepEqual(dump.replace('a lock, a queue or the like', 'Lock').split('\n'), [
    'TaskGroup "demo": running, 1.2 s',
    '├─ task "holder": running, 1.2 s',
    '├─ task "waiter": running, waits for Lock, 1.2 s',
    '├─ task "saver": running, 1.2 s',
    '│  └─ shield: running, 1.2 s',
    '└─ task "deaf": cancelling, 1.2 s',
  ])
})

virtually('in debug mode it tells where each was begun, and so does a leak', async () => {
  let site: string | undefined
  let dump = ''
  assert.equal(debugTasks(), false)
  try {
    await TaskGroup.run(
      async group => {
        group.spawn(function slow() {
          return deaf(100)
        })
        dump = dumpTasks()
        group.cancel()
      },
      { grace: 50, onLeak: record => (site = record.site) },
    )
  } finally {
    assert.equal(debugTasks(false), true)
  }
  assert.match(site ?? '', /^\s+at .*records\.test/)
  assert.doesNotMatch(site ?? '', /dist\//)
  assert.match(
    dump,
    /TaskGroup: running, 0 ms\n {6}at .*records\.test[^]*└─ task "slow": running, 0 ms\n {9}at .*records\.test/,
  )
})

virtually('without debug mode nobody pays for that', async () => {
  await TaskGroup.run(group => {
    group.spawn(() => deaf(1))
    assert.equal(tasks()[0]?.children[0]?.site, undefined)
  })
})

virtually('run() can switch debug mode on for its time', async () => {
  const site = await run(() => tasks()[0]?.children[0]?.site, { debug: true })
  assert.match(site ?? '', /records\.test/)
  assert.equal(debugTasks(false), false)
})

virtually('a start() that waits is told', async () => {
  await TaskGroup.run(async group => {
    const task = group.spawn(() => group.start(() => deaf(10), { name: 'server' }), { name: 'starter' })
    await deaf(1)
    assert.equal(tasks()[0]?.children[0]?.waitsFor, 'the task "server" to be ready')
    await errorOf(task)
  }).catch(() => {})
})
