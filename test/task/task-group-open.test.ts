/** What only `await using` does. */
import assert from 'node:assert/strict'
import { run, sleep, TaskGroup, TaskGroupError } from 'multitask'
import { deaf } from '../conformance/task-group.ts'
import { diary, errorOf, virtually } from '../fixtures/virtual.ts'

virtually('a group that is left without join() is cancelled and waited for', async clock => {
  const { lines, log } = diary(clock)
  {
    await using group = TaskGroup.open()
    group.spawn(async ({ signal }) => {
      await errorOf(sleep(500))
      log((signal.reason as Error).message)
    })
    group.spawn(() => deaf(120).then(() => log('C is done')))
    await sleep(20)
  }
  log('out')
  assert.deepEqual(lines, ['the TaskGroup was left without join() @20', 'C is done @120', 'out @120'])
})

virtually('a body that throws cancels and waits, and its error comes out as it is', async clock => {
  const problem = new Error('body')
  const error = await errorOf(
    (async () => {
      await using group = TaskGroup.open()
      group.spawn(() => deaf(120))
      await sleep(20)
      throw problem
    })(),
  )
  assert.equal(error, problem)
  assert.equal(clock.elapsed, 120)
})

virtually('errors of the children come out beside that of the body', async () => {
  const error = (await errorOf(
    (async () => {
      await using group = TaskGroup.open()
      group.spawn(async () => {
        await errorOf(sleep(500))
        throw new Error('clean-up')
      })
      throw new Error('body')
    })(),
  )) as Error & { error: TaskGroupError; suppressed: Error }
  assert.equal(error.name, 'SuppressedError')
  assert.deepEqual([error.error.errors.map(String), String(error.suppressed)], [['Error: clean-up'], 'Error: body'])
})

virtually('an error that join() has thrown is not thrown again', async () => {
  await using group = TaskGroup.open()
  group.spawn(() => Promise.reject(new Error('boom')))
  const error = await errorOf(group.join())
  assert.ok(error instanceof TaskGroupError)
  assert.equal(await errorOf(group.join()), error)
})

virtually('its signal and its name are the options of other things', async () => {
  await using group = TaskGroup.open({ name: 'mine' })
  assert.equal(group.name, 'mine')
  const asleep = errorOf(sleep(1000, undefined, { signal: group.signal }))
  group.cancel(new Error('enough'))
  assert.equal(String(await asleep), 'Error: enough')
  await group.join()
})

virtually('a group that nobody joins is closed at the end of run(), which waits for what is in it', async clock => {
  const { lines, log } = diary(clock)
  let group!: TaskGroup
  const value = await run(
    () => {
      group = TaskGroup.open()
      group.spawn(async () => {
        log(((await errorOf(sleep(1000))) as Error).message)
        await deaf(30)
        log('has cleaned up')
      })
      TaskGroup.open()
      return 'value'
    },
    { signals: false },
  )
  log(value)
  assert.deepEqual(lines, ['the main task is over @0', 'has cleaned up @30', 'value @30'])
  assert.throws(() => group.spawn(() => 1), { message: 'the TaskGroup is over: it takes no more tasks' })
})
