import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTask, sleep } from 'multitask'
import { errorOf, LIMIT, virtually } from '../fixtures/virtual.ts'
import { runProgram } from '../fixtures/run-program.ts'

virtually('sleep resolves to its value when the time has passed', async clock => {
  assert.equal(await sleep(1000, 'value'), 'value')
  assert.equal(await sleep(1), undefined)
  assert.equal(clock.elapsed, 1001)
})

virtually(
  'sleepers wake in the order of their times, and those of one time in the order in which they began',
  async () => {
    const order: number[] = []
    await Promise.all([30, 10, 20, 10].map((time, index) => sleep(time).then(() => order.push(index))))
    assert.deepEqual(order, [1, 3, 2, 0])
  },
)

void test('sleep(0) gives others a turn each', LIMIT, async () => {
  const order: string[] = []
  const twice = async (name: string): Promise<void> => {
    for (let i = 0; i < 2; i++) {
      order.push(name)
      await sleep(0)
    }
  }
  await Promise.all([twice('a'), twice('b')])
  assert.deepEqual(order, ['a', 'b', 'a', 'b'])
})

virtually('a signal ends it with its reason, and one that is aborted lets it not begin', async clock => {
  const controller = new AbortController()
  const asleep = sleep(1000, undefined, { signal: controller.signal })
  controller.abort(new Error('wake up'))
  assert.equal(String(await errorOf(asleep)), 'Error: wake up')
  assert.equal(String(await errorOf(sleep(1000, undefined, controller))), 'Error: wake up')
  assert.equal(clock.elapsed, 0)
})

virtually('sleep(Infinity) sleeps until it is cancelled', async () => {
  const task = createTask(() => sleep(Infinity))
  await sleep(1e9)
  task.cancel('morning')
  assert.equal(((await errorOf(task)) as Error).message, 'morning')
})

void test('what is no time is refused', LIMIT, async () => {
  await assert.rejects(sleep(NaN), {
    name: 'RangeError',
    message: 'the time to sleep must be 0 or more milliseconds, not NaN',
  })
  await assert.rejects(sleep(-1), RangeError)
  await assert.rejects(sleep('1' as never), TypeError)
})

void test('a cancelled sleep leaves no timer: the program ends at once', LIMIT, async () => {
  const { code, stdout } = await runProgram('task-programs/cancelled-sleep.ts')
  assert.deepEqual([code, stdout], [0, 'cancelled\n'])
})
