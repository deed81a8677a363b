import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ThreadPoolExecutor } from 'multitask'
import { Coin, worth } from '../fixtures/coin.ts'

test('an argument may be of a class that only the module of the function registers', { timeout: 30_000 }, async () => {
  await using executor = new ThreadPoolExecutor({ maxWorkers: 1 })
  assert.equal(await executor.submit(worth, new Coin(5)), 5)
  assert.deepEqual(await executor.map(worth, [new Coin(1), new Coin(2)]).toArray(), [1, 2])
})
