/** What goes by a stream beside the bytes of a message, and the memory in which it waits there. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canSetApart, fromBytes } from '../../dist/platform/serialize.js'
import { pack } from '../../dist/wire/pack.js'
import { giveBack, parcelOf, type Parcel } from '../../dist/wire/parcel.js'

function parcelWith(value: unknown): Parcel {
  const { packed, large } = pack(value, 'value', { bytesOnly: 'process' })
  return parcelOf(packed.value, large)
}

function arrive({ bytes, buffers }: Parcel): unknown {
  return fromBytes(
    bytes,
    buffers.map(buffer => buffer.slice().buffer),
  )
}

const size = 1 << 18

class Holder {
  bytes = new Uint8Array(1 << 18)
}

void test('a large buffer lies beside the bytes, once, whatever refers to it', () => {
  const { buffer } = new Uint8Array(size).fill(3)
  const value = [buffer, new Uint8Array(buffer), new DataView(buffer, 8), { deep: new Uint16Array(buffer) }]
  const parcel = parcelWith(value)
  assert.equal(parcel.buffers.length, canSetApart ? 1 : 0)
  if (canSetApart) assert.ok(parcel.bytes.length < 200)
  assert.deepEqual(arrive(parcel), value)
})

void test('of small ones, and of those that can grow, all is among the bytes', () => {
  const growing = new ArrayBuffer(size, { maxByteLength: 2 * size })
  assert.deepEqual(parcelWith([new Uint8Array(1000), growing]).buffers, [])
})

void test('it is found beside what is special, and in it', () => {
  const { packed, large } = pack(
    new Map<string, unknown>([
      ['class', new Holder()],
      ['error', new Error('e', { cause: new Uint8Array(size) })],
      ['part', new Uint8Array(4 * size).subarray(0, size)],
      ['plain', [[new Float64Array(size)]]],
    ]),
    'value',
    { bytesOnly: 'process' },
  )
  assert.deepEqual(
    [...large].map(({ byteLength }) => byteLength).toSorted((a, b) => a - b),
    [size, size, size, 8 * size],
  )
  assert.equal(parcelOf(packed, large).buffers.length, canSetApart ? 4 : 0)
})

if (canSetApart) {
  void test('the memory of a copy is not used again before it is given back', () => {
    const [first] = parcelWith(new Uint8Array(size).fill(1)).buffers
    const [second] = parcelWith(new Uint8Array(size).fill(2)).buffers
    assert.notEqual(first!.buffer, second!.buffer)
    giveBack(first!)
    const [third] = parcelWith(new Uint8Array(size - 10).fill(3)).buffers
    assert.equal(third!.buffer, first!.buffer)
    assert.equal(third!.length, size - 10)
    assert.ok(second!.every(byte => byte === 2))
  })
}
