import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pack } from '../../dist/wire/pack.js'
import { transfer } from '../../dist/wire/transfer.js'
import { copy, inWorker } from '../fixtures/codec/crossing.ts'

const MEGABYTE = 2 ** 20

test('a view of a part takes only that part along, whatever its type', () => {
  const buffer = new ArrayBuffer(MEGABYTE)
  for (const view of [
    new Uint8Array(buffer, 5, 10),
    new Float64Array(buffer, 8, 3),
    new DataView(buffer, 1, 2),
    new BigInt64Array(buffer, MEGABYTE - 8),
    new Uint8ClampedArray(buffer, 0, 0),
  ]) {
    const copied = copy({ view }).view
    assert.equal(Object.getPrototypeOf(copied), Object.getPrototypeOf(view))
    assert.equal(copied.buffer.byteLength, view.byteLength)
    assert.deepEqual(copied, structuredClone(view))
  }
})

test('the part has the content of the part', async () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i)
  assert.deepEqual([...copy(bytes.subarray(10, 13))], [10, 11, 12])
  assert.deepEqual(await inWorker((part: Uint8Array) => [...part], bytes.subarray(254, 258)), [254, 255, 0, 1])
})

test('views that share a buffer in one message share it there, and so do a view and its buffer', () => {
  const buffer = new ArrayBuffer(100)
  const first = new Uint8Array(buffer, 0, 10)
  const second = new Uint8Array(buffer, 5, 10)
  const two = copy({ first, nested: [second] })
  assert.equal(two.first.buffer, two.nested[0]!.buffer)
  assert.equal(two.first.buffer.byteLength, 100)
  const withBuffer = copy({ buffer, first })
  assert.equal(withBuffer.first.buffer, withBuffer.buffer)
  const withWhole = copy([{ plain: { deep: [new Uint8Array(buffer)] } }, first] as const)
  assert.equal(withWhole[0].plain.deep[0].buffer, withWhole[1].buffer)
})

test('one view met twice is one view there', () => {
  const view = new Uint8Array(100).subarray(3, 5)
  const copied = copy({ a: view, b: [view] })
  assert.equal(copied.a, copied.b[0])
  assert.equal(copied.a.buffer.byteLength, 2)
})

test('a Buffer arrives as a Uint8Array, without the pool that it was cut from', () => {
  const copied = copy({ text: Buffer.from('hello'), other: Buffer.from('there') })
  assert.equal(Object.getPrototypeOf(copied.text), Uint8Array.prototype)
  assert.equal(new TextDecoder().decode(copied.text), 'hello')
  assert.equal(copied.text.buffer.byteLength, 5)
  assert.equal(copied.other.buffer.byteLength, 5)
})

test('a view of shared memory shares it', async () => {
  const shared = new Int32Array(new SharedArrayBuffer(64), 16, 2)
  assert.equal(copy({ shared, error: new Error('special') }).shared.buffer.byteLength, 64)
  await inWorker((view: Int32Array) => void (view[1] = 7), shared)
  assert.equal(shared[1], 7)
})

test('a view on a buffer that can grow stays on it', () => {
  const buffer = new ArrayBuffer(8, { maxByteLength: 64 })
  const copied = copy(new Uint8Array(buffer, 4))
  assert.equal(copied.buffer.byteLength, 8)
  assert.equal(copied.buffer.maxByteLength, 64)
})

test('a buffer larger than the runtime can copy is refused with the cure, and moves', { timeout: 60_000 }, () => {
  const byteLength = 'Bun' in globalThis ? 2 ** 31 : 2 ** 32
  const buffer = new ArrayBuffer(byteLength)
  assert.throws(() => pack({ buffer }, 'argument 1'), {
    name: 'CannotSendError',
    path: 'argument 1.buffer',
    hint: 'move it with transfer()',
  })
  assert.equal(copy(transfer(buffer)).byteLength, byteLength)
})
