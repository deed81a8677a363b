import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixedChunkSize, MeasuredChunkSize } from '../../dist/futures/chunk-size.js'

/** The size after so many batches of calls that take `each` ms. */
function sizeAfter(chunk: MeasuredChunkSize, batches: number, each: number): number {
  for (let n = 0; n < batches; n++) chunk.measured(chunk.size, chunk.size * each, 0)
  return chunk.size
}

test('the first call travels alone', () => {
  assert.equal(new MeasuredChunkSize().size, 1)
})

test('calls of 10 ns come to travel by thousands within a few batches, and not by more than 8192', () => {
  assert.ok(sizeAfter(new MeasuredChunkSize(), 6, 0.00001) >= 4096)
  assert.equal(sizeAfter(new MeasuredChunkSize(), 100, 0.00001), 8192)
})

test('calls too short for the clock travel by 8192', () => {
  assert.equal(sizeAfter(new MeasuredChunkSize(), 10, 0), 8192)
})

test('calls of 2 ms and more travel alone', () => {
  for (const each of [2, 2.5, 4, 50]) assert.equal(sizeAfter(new MeasuredChunkSize(), 10, each), 1)
})

test('batches come to take about four milliseconds', () => {
  for (const each of [0.0008, 0.004, 0.04, 0.4]) {
    const elapsed = sizeAfter(new MeasuredChunkSize(), 20, each) * each
    assert.ok(elapsed > 2.8 && elapsed <= 4, `${elapsed} ms for calls of ${each} ms`)
  }
})

test('calls that become slower travel alone at once', () => {
  const chunk = new MeasuredChunkSize()
  sizeAfter(chunk, 20, 0.0001)
  chunk.measured(chunk.size, chunk.size * 2, 0)
  assert.equal(chunk.size, 1)
})

test('one measurement makes it grow by no more than a factor', () => {
  const chunk = new MeasuredChunkSize()
  chunk.measured(1, 0, 0)
  assert.equal(chunk.size, 8)
  chunk.measured(8, 0, 0)
  assert.equal(chunk.size, 64)
})

test('small batches that come back late do not shrink it if they were fast', () => {
  const chunk = new MeasuredChunkSize()
  sizeAfter(chunk, 20, 0.0001)
  const before = chunk.size
  chunk.measured(1, 0.0001, 0)
  assert.equal(chunk.size, before)
})

test('a size that was given stays', () => {
  const chunk = fixedChunkSize(7)
  chunk.measured(7, 1000, 1000)
  assert.equal(chunk.sizeOf(3, 4), 7)
})

test('batches that this thread takes long to make become smaller, as if it were to take a millisecond for each', () => {
  const chunk = new MeasuredChunkSize()
  sizeAfter(chunk, 20, 0.0001)
  chunk.measured(1000, 0.1, 5)
  assert.equal(chunk.size, 199)
})

test('what a batch costs this thread however small it is does not make it smaller', () => {
  const chunk = new MeasuredChunkSize()
  chunk.measured(1, 0.001, 0.1)
  assert.equal(chunk.size, 8)
})

test('towards an end that is known all batches take a share of what is left, down to an eighth', () => {
  const chunk = new MeasuredChunkSize()
  sizeAfter(chunk, 20, 0.0401)
  const { size } = chunk
  assert.ok(size > 80)
  assert.equal(chunk.sizeOf(Infinity, 4), size)
  assert.equal(chunk.sizeOf(10_000, 4), size)
  assert.equal(chunk.sizeOf(320, 4), 40)
  assert.equal(chunk.sizeOf(1, 4), Math.ceil(size / 8))
})
