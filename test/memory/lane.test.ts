/** The lane: buffers come out as they went in, in that order, and what has no room is refused. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LANE_WORDS, LaneReader, LaneWriter } from '../../dist/memory/lane.js'

const MEBIBYTE = 1 << 20

function lane(): { writer: LaneWriter; reader: LaneReader } {
  const words = new Int32Array(new SharedArrayBuffer(LANE_WORDS * 4))
  return { writer: new LaneWriter(words), reader: new LaneReader(words) }
}

function filled(length: number, value: number): Uint8Array {
  return new Uint8Array(length).fill(value)
}

void test('buffers come out as they went in, round and round', () => {
  const { writer, reader } = lane()
  for (let i = 0; i < 40; i++) {
    const buffers = [filled(700_001, i), filled(i, i + 1), filled(MEBIBYTE + 13, i + 2)]
    const ends = buffers.map(buffer => writer.put(buffer)!)
    for (const [n, buffer] of buffers.entries()) {
      const target = new Uint8Array(buffer.length)
      reader.take(ends[n]!, target)
      assert.equal(Buffer.compare(target, buffer), 0)
    }
  }
})

void test('what finds no room is refused until something was taken out', () => {
  const { writer, reader } = lane()
  const ends = [1, 2, 3, 4].map(value => writer.put(filled(MEBIBYTE, value)))
  assert.ok(!ends.includes(undefined))
  assert.equal(writer.put(filled(1, 5)), undefined)
  reader.take(ends[0]!, new Uint8Array(MEBIBYTE))
  assert.notEqual(writer.put(filled(1, 5)), undefined)
})

void test('what is longer than half of it is refused', () => {
  const { writer } = lane()
  assert.equal(writer.put(new Uint8Array(2 * MEBIBYTE + 1)), undefined)
  assert.notEqual(writer.put(new Uint8Array(2 * MEBIBYTE)), undefined)
})

void test('nothing is taken that would lie outside', () => {
  const { reader } = lane()
  assert.throws(() => reader.take(100, new Uint8Array(200)), RangeError)
})
