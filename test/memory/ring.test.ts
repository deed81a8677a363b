import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Worker } from 'node:worker_threads'
import { sharedWords } from '../../dist/memory/atomics.js'
import { cellsOf, claim, ringMemory, RingReader, RingWriter } from '../../dist/memory/ring.js'

const CELLS = 64

function makeRing(): { writer: RingWriter; reader: RingReader } {
  const memory = ringMemory(CELLS)
  const cursors = { words: sharedWords(32), tail: 0, head: 16 }
  return { writer: new RingWriter(cellsOf(memory), cursors), reader: new RingReader(cellsOf(memory), cursors) }
}

/** A record of that many cells, which says so in its last word too. */
function recordOf(cells: number, value: number): Int32Array {
  const words = new Int32Array(cells * 2)
  words[2] = value
  words[words.length - 1] = value
  return words
}

test('records come out in the order in which they went in, whole, across the end of the memory', () => {
  const { writer, reader } = makeRing()
  let written = 0
  let read = 0
  for (let round = 0; round < 500; round++) {
    for (let cells = 2 + (round % 7); writer.write(recordOf(cells, written), 0, cells) >= 0; written++);
    for (let word = reader.peek(); word >= 0; word = reader.peek()) {
      const { words } = reader.cells
      assert.equal(words[word + 2], read)
      assert.equal(words[word + words[word]! * 2 - 1], read)
      reader.advance()
      read++
    }
    reader.release()
  }
  assert.equal(read, written)
  assert.ok(written > 2000)
})

test('a full ring refuses a record and takes it once there is room', () => {
  const { writer, reader } = makeRing()
  const record = recordOf(CELLS / 2, 1)
  assert.ok(writer.write(record, 0, CELLS / 2) >= 0)
  assert.ok(writer.write(record, 0, CELLS / 2) >= 0)
  assert.equal(writer.hasRoom(1), false)
  assert.equal(writer.write(record, 0, 1), -1)
  reader.peek()
  reader.advance()
  assert.equal(writer.write(record, 0, 1), -1, 'cells that were read are not free before they are released')
  reader.release()
  assert.equal(writer.hasRoom(1), true)
  assert.ok(writer.write(record, 0, 1) >= 0)
})

test('a record is claimed by one side only', () => {
  const { writer, reader } = makeRing()
  const position = writer.write(recordOf(4, 7), 0, 4)
  assert.equal(writer.claim(position, 0, 2), true)
  assert.equal(claim(reader.cells, reader.peek(), 0, 1), false)
  assert.equal(writer.stateOf(position), 2)
})

test('the writer knows when a record may have been overwritten, and can copy it until then', () => {
  const { writer, reader } = makeRing()
  const position = writer.write(recordOf(16, 42), 0, 16)
  assert.equal(writer.copyOf(position)[2], 42)
  for (let i = 0; i < 3; i++) writer.write(recordOf(16, i), 0, 16)
  assert.equal(writer.overwritten(position), false)
  reader.peek()
  reader.advance()
  reader.release()
  writer.write(recordOf(16, 9), 0, 16)
  assert.equal(writer.overwritten(position), true)
})

test(
  'two threads pass 200 000 records of changing length through a small ring, none lost, none torn',
  { timeout: 60_000 },
  async () => {
    const memory = ringMemory(CELLS)
    const cursors = sharedWords(48)
    const worker = new Worker(new URL('../fixtures/ring-reader.ts', import.meta.url), {
      workerData: { memory, cursors, count: 200_000 },
    })
    const outcome = new Promise<unknown>((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
    })
    const writer = new RingWriter(cellsOf(memory), { words: cursors, tail: 0, head: 16 })
    for (let i = 0; i < 200_000;) {
      const cells = 2 + (i % 9)
      if (writer.write(recordOf(cells, i), 0, cells) >= 0) i++
      else await new Promise(resolve => setImmediate(resolve))
    }
    assert.equal(await outcome, 'all there')
    await worker.terminate()
  },
)
