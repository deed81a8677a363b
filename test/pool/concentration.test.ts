/** In a flood of tiny calls one worker is enough, and the others sleep. They must not sleep when they are needed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ThreadPoolExecutor } from 'multitask'
import { Gate } from '../fixtures/gate.ts'
import { passGate, square } from '../fixtures/tasks.ts'

async function flood(executor: ThreadPoolExecutor, calls: number): Promise<void> {
  let left = calls
  const lane = async (): Promise<void> => {
    while (left-- > 0) assert.equal(await executor.submit(square, 3), 9)
  }
  await Promise.all(Array.from({ length: 500 }, lane))
}

test(
  'what was submitted behind a call that blocks, in the middle of a flood, is run by another worker',
  { timeout: 30_000 },
  async () => {
    await using executor = new ThreadPoolExecutor({ maxWorkers: 2 })
    for (let round = 0; round < 10; round++) {
      const gate = new Gate()
      await flood(executor, 5000)
      const blocked = executor.submit(passGate, gate.words, 7)
      await Promise.all(Array.from({ length: 200 }, () => executor.submit(square, 4)))
      assert.equal(blocked.done(), false)
      gate.open()
      await blocked
    }
  },
)

test('a call that blocks while the flood goes on stops no other', { timeout: 30_000 }, async () => {
  await using executor = new ThreadPoolExecutor({ maxWorkers: 2 })
  const gate = new Gate()
  await flood(executor, 5000)
  const ends = [flood(executor, 20_000)]
  await executor.submit(square, 1)
  const blocked = executor.submit(passGate, gate.words, 7)
  ends.push(flood(executor, 20_000))
  await Promise.all(ends)
  assert.equal(blocked.done(), false)
  gate.open()
  await blocked
})
