import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixedChunkSize, MeasuredChunkSize } from '../../dist/futures/chunk-size.js'

/** The size after so many batches of calls that take `each` ms. */
function sizeAfter(chunk: MeasuredChunkSize, batches: number, each: number): number {
  for (let n = 0; n < batches; n++) chunk.measured(chunk.size, chunk.size * each)
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

test('calls of 0.5 ms and more travel alone', () => {
  for (const each of [0.5, 0.6, 1, 50]) assert.equal(sizeAfter(new MeasuredChunkSize(), 10, each), 1)
})

test('batches come to take about a millisecond', () => {
  for (const each of [0.0002, 0.001, 0.01, 0.1]) {
    const elapsed = sizeAfter(new MeasuredChunkSize(), 20, each) * each
    assert.ok(elapsed > 0.7 && elapsed <= 1, `${elapsed} ms for calls of ${each} ms`)
  }
})

test('calls that become slower travel alone at once', () => {
  const chunk = new MeasuredChunkSize()
  sizeAfter(chunk, 20, 0.0001)
  chunk.measured(chunk.size, chunk.size * 2)
  assert.equal(chunk.size, 1)
})

test('one measurement makes it grow by no more than a factor', () => {
  const chunk = new MeasuredChunkSize()
  chunk.measured(1, 0)
  assert.equal(chunk.size, 8)
  chunk.measured(8, 0)
  assert.equal(chunk.size, 64)
})

test('small batches that come back late do not shrink it if they were fast', () => {
  const chunk = new MeasuredChunkSize()
  sizeAfter(chunk, 20, 0.0001)
  const before = chunk.size
  chunk.measured(1, 0.0001)
  assert.equal(chunk.size, before)
})

test('a size that was given stays', () => {
  const chunk = fixedChunkSize(7)
  chunk.measured(7, 1000)
  assert.equal(chunk.size, 7)
})
