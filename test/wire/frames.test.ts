/** Frames come out of a stream as they went in, wherever it is cut, and what is no frame is refused. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LANE_WORDS, LaneReader, LaneWriter } from '../../dist/memory/lane.js'
import { FrameReader } from '../../dist/wire/frame-reader.js'
import { FrameWriter, HELLO } from '../../dist/wire/frame-writer.js'

interface Frame {
  readonly kind: 'record' | 'message' | 'hello'
  readonly bytes: Uint8Array
}

function written(write: (writer: FrameWriter) => void): Uint8Array {
  const pieces: Uint8Array[] = []
  const writer = new FrameWriter({ write: bytes => void pieces.push(bytes.slice()), cork() {}, uncork() {} })
  write(writer)
  writer.flush()
  return new Uint8Array(Buffer.concat(pieces))
}

function readIn(pieces: Iterable<Uint8Array>): Frame[] {
  const frames: Frame[] = []
  const keep = (kind: Frame['kind']) => (bytes: Uint8Array) => void frames.push({ kind, bytes: bytes.slice() })
  const reader = new FrameReader({ record: keep('record'), message: keep('message'), hello: keep('hello') })
  for (const piece of pieces) reader.read(piece)
  return frames
}

function* cut(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

/** A record of so many cells, filled with a number behind its first two words. */
function recordOf(cells: number, fill: number): Int32Array {
  return new Int32Array(cells * 2).fill(fill)
}

function summary(frames: readonly Frame[]): string[] {
  return frames.map(({ kind, bytes }) => `${kind} ${bytes.length} ${bytes.at(-1)}`)
}

function several(writer: FrameWriter): void {
  writer.message(new TextEncoder().encode('multitask 1.2.3'), HELLO)
  writer.record(recordOf(3, 7), 0, 3)
  writer.message(new Uint8Array(5).fill(1))
  writer.message(new Uint8Array(0))
  writer.record(recordOf(16_000, 8), 0, 16_000)
  writer.message(new Uint8Array(100_000).fill(2))
  for (let i = 0; i < 5; i++) writer.record(recordOf(6, i), 0, 6)
  writer.message(new Uint8Array(4096).fill(3))
}

const expected = [
  'hello 15 51',
  'record 24 0',
  'message 5 1',
  'message 0 undefined',
  'record 128000 0',
  'message 100000 2',
  ...Array.from({ length: 5 }, () => 'record 48 0'),
  'message 4096 3',
]

void test('frames are whole, wherever the stream is cut', () => {
  const bytes = written(several)
  for (const size of [1, 2, 3, 7, 15, 16, 17, 1000, 65_536, bytes.length]) {
    assert.deepEqual(summary(readIn(cut(bytes, size))), expected, `pieces of ${size} bytes`)
  }
})

void test('a record keeps its words', () => {
  const bytes = written(writer => writer.record(Int32Array.of(9, 9, 1, 2, 3, 4), 0, 3))
  const [record] = readIn([bytes])
  assert.deepEqual([...new Int32Array(record!.bytes.slice().buffer)].slice(2), [1, 2, 3, 4])
})

void test('what is no frame is refused', () => {
  const text = new TextEncoder().encode('a line that somebody printed into the stream\n')
  assert.throws(() => readIn([text]), { name: 'RangeError' })
  assert.throws(() => readIn(cut(text, 5)), { name: 'RangeError' })
  const bytes = written(writer => writer.record(recordOf(6, 1), 0, 6))
  for (let at = 0; at < 8; at++) {
    const spoiled = bytes.slice()
    spoiled[at]! ^= 0x11
    assert.throws(() => readIn([spoiled, bytes, bytes]), { name: 'RangeError' }, `byte ${at}`)
  }
})

void test('a head that tells of too long a message is refused, not waited for', () => {
  const bytes = written(writer => writer.message(new Uint8Array(10)))
  for (let at = 0; at < 12; at++) {
    const spoiled = bytes.slice()
    spoiled[at]! ^= 0x40
    assert.throws(() => readIn([spoiled]), { name: 'RangeError' }, `byte ${at}`)
  }
})

/** What is in a message, and in the buffers beside it. */
function parcelsIn(pieces: Iterable<Uint8Array>, lane?: LaneReader): string[] {
  const found: string[] = []
  const reader = new FrameReader({
    record: (_, cells) => void found.push(`record of ${cells}`),
    message: (bytes, buffers) => {
      const sums = buffers.map(buffer => `${buffer.byteLength} of ${new Uint8Array(buffer).at(-1)}`)
      found.push([`message of ${bytes.length}`, ...sums].join(', '))
    },
    hello: () => {},
  })
  reader.lane = lane
  for (const piece of pieces) reader.read(piece)
  return found
}

function parcels(writer: FrameWriter): void {
  writer.parcel({
    bytes: new Uint8Array(10),
    buffers: [new Uint8Array(70_000).fill(1), new Uint8Array(20_000).fill(2)],
  })
  writer.record(recordOf(3, 7), 0, 3)
  writer.parcel({ bytes: new Uint8Array(9000), buffers: [new Uint8Array(100_000).fill(3)] })
  writer.parcel({ bytes: new Uint8Array(5), buffers: [] })
}

void test('buffers arrive with the message that they were written with', () => {
  const bytes = written(parcels)
  for (const size of [1, 3, 16, 1000, 65_536, bytes.length]) {
    assert.deepEqual(
      parcelsIn(cut(bytes, size)),
      ['message of 10, 70000 of 1, 20000 of 2', 'record of 3', 'message of 9000, 100000 of 3', 'message of 5'],
      `pieces of ${size} bytes`,
    )
  }
})

void test('buffers that find room in a lane go by it, the others by the stream', () => {
  const words = new Int32Array(new SharedArrayBuffer(LANE_WORDS * 4))
  const most = 1 << 21
  const bytes = written(writer => {
    writer.lane = new LaneWriter(words)
    parcels(writer)
    writer.parcel({ bytes: new Uint8Array(6), buffers: [new Uint8Array(most).fill(4), new Uint8Array(most).fill(5)] })
  })
  assert.ok(bytes.length < most + 20_000)
  const found = [
    'message of 10, 70000 of 1, 20000 of 2',
    'record of 3',
    'message of 9000, 100000 of 3',
    'message of 5',
    `message of 6, ${most} of 4, ${most} of 5`,
  ]
  assert.deepEqual(parcelsIn(cut(bytes, 1000), new LaneReader(words)), found)
  assert.throws(() => parcelsIn(cut(bytes, 1000)), { name: 'RangeError' }, 'without a lane')
})

void test('what is missing of a large buffer can be received where it stays', () => {
  const bytes = written(writer =>
    writer.parcel({ bytes: new Uint8Array(1), buffers: [new Uint8Array(1 << 20).fill(5)] }),
  )
  const got: ArrayBuffer[] = []
  const reader = new FrameReader({ record() {}, hello() {}, message: (_, buffers) => void got.push(...buffers) })
  let direct = 0
  for (let at = 0; at < bytes.length;) {
    const { target } = reader
    const memory = target === undefined ? new Uint8Array(1000) : target.subarray(0, 150_000)
    const piece = memory.subarray(0, Math.min(memory.length, bytes.length - at))
    piece.set(bytes.subarray(at, at + piece.length))
    reader.read(piece)
    at += piece.length
    if (target !== undefined) direct += piece.length
    if (target !== undefined && got.length > 0) assert.equal(target.buffer, got[0])
  }
  assert.ok(new Uint8Array(got[0]!).every(byte => byte === 5))
  assert.ok(direct > 900_000)
})
