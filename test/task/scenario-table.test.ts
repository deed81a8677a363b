/**
 * The table by which task groups are compared, a case a column. In all of them A fails at 20 ms, B needs 30 ms to clean up
 * when it is cancelled, and C does not look at its signal until 120 ms.
 */
import assert from 'node:assert/strict'
import { CancelledError, sleep, TaskGroup, TaskGroupError } from 'multitask'
import { deaf } from '../conformance/task-group.ts'
import { diary, errorOf, virtually } from '../fixtures/virtual.ts'

type Log = (line: string) => void

async function failing(log: Log): Promise<never> {
  await sleep(20)
  log('A fails')
  throw new Error('A')
}

async function cleaning(log: Log, problem?: Error): Promise<void> {
  try {
    await sleep(500)
  } catch (reason) {
    log('B is cancelled')
    await deaf(30)
    log('B has cleaned up')
    throw problem ?? reason
  }
}

async function ignoring(log: Log): Promise<void> {
  await deaf(120)
  log('C is done')
}

function spawnBAndC(group: TaskGroup, log: Log, problem?: Error): void {
  group.spawn(() => cleaning(log, problem))
  group.spawn(() => ignoring(log))
}

virtually('a child fails: its siblings are aborted, and the group waits for all of them', async clock => {
  const { lines, log } = diary(clock)
  const error = await errorOf(
    TaskGroup.run(group => {
      group.spawn(() => failing(log))
      spawnBAndC(group, log)
    }),
  )
  log('out')
  assert.deepEqual(lines, ['A fails @20', 'B is cancelled @20', 'B has cleaned up @50', 'C is done @120', 'out @120'])
  assert.deepEqual((error as TaskGroupError).errors.map(String), ['Error: A'])
})

virtually('the second error, of the clean-up, is in the group error beside the first', async clock => {
  const { log } = diary(clock)
  const error = await errorOf(
    TaskGroup.run(group => {
      group.spawn(() => failing(log))
      spawnBAndC(group, log, new Error('B'))
    }),
  )
  assert.ok(error instanceof TaskGroupError)
  assert.deepEqual(error.errors.map(String), ['Error: A', 'Error: B'])
  assert.equal(clock.elapsed, 120)
})

virtually('the body throws: the children are cancelled and waited for', async clock => {
  const { lines, log } = diary(clock)
  const error = await errorOf(
    TaskGroup.run(async group => {
      spawnBAndC(group, log)
      await sleep(20)
      throw new Error('body')
    }),
  )
  log('out')
  assert.deepEqual(lines, ['B is cancelled @20', 'B has cleaned up @50', 'C is done @120', 'out @120'])
  assert.deepEqual((error as TaskGroupError).errors.map(String), ['Error: body'])
})

virtually(
  'an abort from outside: the children are cancelled and waited for, then its reason is thrown',
  async clock => {
    const { lines, log } = diary(clock)
    const outer = new AbortController()
    const reason = new CancelledError('outside')
    void deaf(20).then(() => outer.abort(reason))
    const error = await errorOf(TaskGroup.run(group => spawnBAndC(group, log), { signal: outer.signal }))
    log('out')
    assert.equal(error, reason)
    assert.deepEqual(lines, ['B is cancelled @20', 'B has cleaned up @50', 'C is done @120', 'out @120'])
  },
)

virtually('a child spawns after the body has returned: it is allowed, and the group waits', async clock => {
  const { lines, log } = diary(clock)
  await TaskGroup.run(group => {
    group.spawn(async () => {
      await sleep(20)
      group.spawn(() => ignoring(log))
    })
  })
  log('out')
  assert.deepEqual(lines, ['C is done @140', 'out @140'])
})

virtually('to spawn after the end throws, and nothing begins', async () => {
  let group!: TaskGroup
  await TaskGroup.run(each => void (group = each))
  assert.throws(() => group.spawn(() => assert.fail('it ran')), { name: 'InvalidStateError' })
})
