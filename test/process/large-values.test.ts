/** Large buffers arrive in another process as they left, whatever becomes of them at home. */
import assert from 'node:assert/strict'
import { identity } from '../fixtures/deadly.ts'
import * as tasks from '../fixtures/process-tasks.ts'
import { processCase } from './scope.ts'

const LENGTH = 1 << 18

/** Bytes that are different everywhere. */
function bytesOf(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length)
  for (let i = 0, x = seed; i < length; i++, x = (x * 31 + 7) & 0xff_ffff) bytes[i] = x >> 8
  return bytes
}

function assertFilledWith(bytes: Uint8Array, n: number, length = 1 << 20): void {
  assert.equal(bytes.length, length)
  assert.ok(
    bytes.every(byte => byte === n),
    `not all bytes are ${n}`,
  )
}

processCase('a large view of any type comes back as it went', {}, async pool => {
  const { buffer } = bytesOf(LENGTH)
  const views = [
    new Int8Array(buffer),
    new Uint8Array(buffer),
    new Uint8ClampedArray(buffer),
    new Int16Array(buffer),
    new Uint16Array(buffer),
    new Int32Array(buffer),
    new Uint32Array(buffer),
    new Float32Array(new Float32Array(LENGTH).map((_, i) => i / 3).buffer),
    new Float64Array(new Float64Array(LENGTH).map((_, i) => i / 3).buffer),
    new BigInt64Array(buffer),
    new BigUint64Array(buffer),
    new DataView(buffer),
    buffer,
  ]
  for (const view of views) assert.deepEqual(await pool.submit(identity, view), view)
})

// With the class that the structured clone of the runtime gives it.
processCase('a Buffer arrives with its bytes', {}, async pool => {
  const bytes = bytesOf(LENGTH)
  const got = (await pool.submit(identity, Buffer.from(bytes.buffer))) as Uint8Array
  assert.equal(Buffer.compare(got, bytes), 0)
})

processCase('views that share a buffer share one there, with the buffer itself', {}, async pool => {
  const { buffer } = bytesOf(LENGTH)
  const whole = new Uint8Array(buffer)
  const value = { part: new Uint16Array(buffer, 8, 100), whole, buffer, again: whole, view: new DataView(buffer, 4, 8) }
  const got = (await pool.submit(identity, value)) as typeof value
  assert.deepEqual(got, value)
  assert.equal(got.whole.buffer, got.buffer)
  assert.equal(got.part.buffer, got.buffer)
  assert.equal(got.view.buffer, got.buffer)
  assert.equal(got.again, got.whole)
})

processCase('of a large buffer only the part arrives that a view shows', {}, async pool => {
  const part = bytesOf(1 << 24).subarray(1000, 1000 + LENGTH)
  const got = (await pool.submit(identity, part)) as Uint8Array
  assert.deepEqual(got, part)
  assert.equal(got.buffer.byteLength, LENGTH)
})

processCase('many of them in one value, large and small and empty, come back in their places', {}, async pool => {
  const sizes = [0, 1, 1000, 16_383, 16_384, 16_385, 65_536, 65_537, 300_000, 0]
  const value = {
    list: sizes.map((size, i) => bytesOf(size, i + 1)),
    map: new Map([['a', bytesOf(100_000, 20)]]),
    set: new Set([bytesOf(20_000, 21)]),
    error: new Error('with bytes', { cause: bytesOf(50_000, 22) }),
    nothing: new ArrayBuffer(0),
  }
  assert.deepEqual(await pool.submit(identity, value), value)
})

processCase('what is changed after the call was submitted does not arrive', {}, async pool => {
  const bytes = new Uint8Array(1 << 22).fill(1)
  const futures = Array.from({ length: 4 }, (_, i) => {
    const future = pool.submit(identity, bytes)
    bytes.fill(i + 2)
    return future as Promise<Uint8Array>
  })
  for (const [i, future] of futures.entries()) assertFilledWith(await future, i + 1, 1 << 22)
})

processCase('nor if the call had to wait in line', {}, async (pool, gate) => {
  const first = pool.submit(tasks.blockAtGate, gate.words, 0)
  // As many as are given to one worker ahead, and more.
  const others = Array.from({ length: 1100 }, () => pool.submit(tasks.pidOf))
  const bytes = new Uint8Array(1 << 20).fill(1)
  const future = pool.submit(identity, bytes) as Promise<Uint8Array>
  bytes.fill(2)
  gate.open()
  assertFilledWith(await future, 1)
  await Promise.all([first, ...others])
})

processCase('a function may use the memory of its result again', {}, async pool => {
  // Small calls before, so that many are sent at once.
  await Promise.all(Array.from({ length: 200 }, () => pool.submit(tasks.pidOf)))
  const results = await Promise.all(Array.from({ length: 40 }, (_, n) => pool.submit(tasks.fillPage, n)))
  for (const [n, result] of results.entries()) assertFilledWith(result, n)
  // Nor do two results share memory at home.
  results[0]!.fill(99)
  assertFilledWith(results[1]!, 1)
})

processCase('items of a stream, progress and items of a map may be large', {}, async pool => {
  let n = 0
  for await (const item of pool.stream(tasks.pages, 5)) assertFilledWith(item, ++n)
  assert.equal(n, 5)
  const reports: Uint8Array[] = []
  await pool.with({ onProgress: report => void reports.push(report as Uint8Array) }).submit(tasks.reportPages, 5)
  assert.equal(reports.length, 5)
  for (const [i, report] of reports.entries()) assertFilledWith(report, i + 1)
  const lengths: number[] = []
  for await (const length of pool.map(tasks.lengthOf, [
    new Uint8Array(1 << 20),
    new Uint8Array(3),
    new Uint8Array(1 << 21),
  ]))
    lengths.push(length)
  assert.deepEqual(lengths, [1 << 20, 3, 1 << 21])
})

processCase('a value of 100 MB goes there and back', {}, async pool => {
  const bytes = new Uint8Array(100 << 20)
  for (let i = 0; i < bytes.length; i += 4093) bytes[i] = i
  const got = (await pool.submit(identity, bytes)) as Uint8Array
  assert.equal(Buffer.compare(got, bytes), 0)
})

// Bun makes a buffer of a fixed length of it, with its own structured clone too.
if (!('Bun' in globalThis)) {
  processCase('a large buffer that can grow can grow there', {}, async pool => {
    const buffer = new ArrayBuffer(1 << 20, { maxByteLength: 1 << 21 })
    const value = { buffer, view: new Uint8Array(buffer) }
    const got = (await pool.submit(identity, value)) as typeof value
    assert.equal(got.buffer.maxByteLength, 1 << 21)
    got.buffer.resize(1 << 21)
    assert.equal(got.view.length, 1 << 21)
  })
}
