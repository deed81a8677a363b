import assert from 'node:assert/strict'
import { InvalidStateError, sleep, type StartContext, TaskGroup, type TaskGroupError } from 'multitask'
import { diary, errorOf, virtually } from '../fixtures/virtual.ts'

virtually('start() waits until the task is ready, and takes its value', async clock => {
  const { lines, log } = diary(clock)
  await TaskGroup.run(async group => {
    const port = await group.start<number>(async context => {
      await sleep(20)
      context.ready(8080)
      await sleep(100)
      log('served')
    })
    log(`listens at ${port}`)
  })
  assert.deepEqual(lines, ['listens at 8080 @20', 'served @120'])
})

virtually('a task that fails before it is ready fails the call, not the group', async clock => {
  await TaskGroup.run(async group => {
    group.spawn(() => sleep(100))
    const error = await errorOf(group.start(() => Promise.reject(new Error('in use'))))
    assert.equal(String(error), 'Error: in use')
    assert.equal(group.signal.aborted, false)
  })
  assert.equal(clock.elapsed, 100)
})

virtually('one that fails after it was ready fails the group', async () => {
  const error = await errorOf(
    TaskGroup.run(async group => {
      await group.start(async context => {
        context.ready()
        await sleep(10)
        throw new Error('boom')
      })
    }),
  )
  assert.deepEqual((error as TaskGroupError).errors.map(String), ['Error: boom'])
})

virtually('one that ends without being ready is a mistake', async () => {
  await TaskGroup.run(async group => {
    const error = await errorOf(group.start(() => {}, { name: 'server' }))
    assert.ok(error instanceof InvalidStateError)
    assert.equal(error.message, 'the task "server" ended without ready()')
  })
})

virtually('ready() is said once', async () => {
  const error = await errorOf(
    TaskGroup.run(group =>
      group.start(context => {
        context.ready()
        context.ready()
      }),
    ),
  )
  assert.deepEqual((error as TaskGroupError).errors.map(String), ['InvalidStateError: ready() was called before'])
})

virtually('until it is ready, what cancels the caller cancels it', async clock => {
  const { lines, log } = diary(clock)
  await TaskGroup.run(async group => {
    const caller = group.spawn(() =>
      group.start(async () => {
        const reason = await errorOf(sleep(1000))
        log((reason as Error).message)
        throw reason
      }),
    )
    await sleep(20)
    caller.cancel('changed my mind')
    await errorOf(caller)
    assert.equal(caller.state, 'cancelled')
    assert.equal(group.tasks.size, 0)
  })
  assert.deepEqual(lines, ['changed my mind @20'])
})

virtually('in a cancelled group the call is cancelled', async () => {
  await TaskGroup.run(async group => {
    const starting = group.start(() => sleep(1000))
    group.cancel('enough')
    assert.equal(((await errorOf(starting)) as Error).message, 'enough')
    assert.ok((await errorOf(group.start(() => {}))) instanceof InvalidStateError)
  })
})

async function serve(context: StartContext<number>): Promise<void> {
  void context.ready
}

virtually('the same function can be spawned, where nobody waits for it to be ready', async () => {
  await TaskGroup.run(async group => {
    await group.spawn(context => {
      context.ready(1)
      context.ready(2)
    })
    await errorOf(group.start(serve))
  })
})
