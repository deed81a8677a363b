/** How many inputs travel together, from what was measured. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ChunkSize } from '../../dist/cli/chunk-size.js'

void test('the size grows by steps for quick functions, up to a limit', () => {
  const chunk = new ChunkSize('auto')
  const sizes = [chunk.size]
  for (let round = 0; round < 8; round++) {
    chunk.measured(chunk.size, chunk.size * 0.001)
    sizes.push(chunk.size)
  }
  assert.deepEqual(sizes, [1, 4, 16, 64, 256, 1000, 1000, 1000, 1000])
})

void test('the size shrinks at once when the function has become slow', () => {
  const chunk = new ChunkSize('auto')
  for (let round = 0; round < 8; round++) chunk.measured(chunk.size, 0)
  chunk.measured(1000, 10_000)
  assert.equal(chunk.size, 1)
})

void test('a size that was given stays', () => {
  const chunk = new ChunkSize(7)
  chunk.measured(7, 0)
  chunk.measured(7, 10_000)
  assert.equal(chunk.size, 7)
})
