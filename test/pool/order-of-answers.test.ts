/** What a worker says about one call arrives in the order in which it was said, whichever way the values take. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ThreadPoolExecutor } from 'multitask'
import { progressToTheLast } from '../fixtures/progress.ts'

const timeout = 30_000

/** A Map goes by the port, beside the ring. */
function* twoMapsAndAnError(): Generator<Map<string, number>> {
  yield new Map([['item', 1]])
  yield new Map([['item', 2]])
  throw new RangeError('behind the items')
}

void test('an error that follows items of a stream does not take their place', { timeout }, async () => {
  await using executor = new ThreadPoolExecutor({ maxWorkers: 1 })
  for (let round = 0; round < 100; round++) {
    const seen: unknown[] = []
    const reading = async (): Promise<void> => {
      for await (const map of executor.stream(twoMapsAndAnError)) {
        seen.push(map.get('item'))
        assert.ok(seen.length <= 2)
      }
    }
    await assert.rejects(reading, { name: 'RangeError', message: 'behind the items' })
    assert.deepEqual(seen, [1, 2])
  }
})

void test('progress that is told right before the result is not lost', { timeout }, async () => {
  await using executor = new ThreadPoolExecutor({ maxWorkers: 1 })
  for (let round = 0; round < 100; round++) {
    const values = [round, new Map([['round', round]]), 'x'.repeat(100_000)]
    const seen: unknown[] = []
    assert.equal(
      await executor.with({ onProgress: value => seen.push(value) }).submit(progressToTheLast, values),
      'done',
    )
    assert.deepEqual(seen, values)
  }
})
