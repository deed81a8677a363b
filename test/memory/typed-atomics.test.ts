import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SharedArray, sharedStruct, SharedValue } from 'multitask'
import { attachHook, type Operation, type SchedulerHook, type TypedArray } from '../../dist/memory/atomics.js'
import { performNow } from '../../dist/memory/perform.js'
import {
  addBits,
  andBits,
  type BitsArray,
  compareExchangeBits,
  exchangeBits,
  loadBits,
  orBits,
  storeBits,
  subBits,
  xorBits,
} from '../../dist/memory/typed-atomics.js'

/** What every hook needs besides. */
const unhooked = {
  plays: false,
  wait: Atomics.wait as SchedulerHook['wait'],
  allocate: (bytes: number) => new SharedArrayBuffer(bytes),
  beginWait() {},
}

interface Seen {
  readonly operation: Operation
  readonly cells: TypedArray
  readonly index: number
}

/** What a hook sees while `f` runs. */
function seenWhile(f: () => void): Seen[] {
  const seen: Seen[] = []
  attachHook({
    ...unhooked,
    perform(operation, cells, index, a, b) {
      seen.push({ operation, cells, index })
      return performNow(operation, cells, index, a, b)
    },
  })
  try {
    f()
  } finally {
    attachHook(undefined)
  }
  return seen
}

function operationsWhile(f: () => void): string[] {
  return seenWhile(f).map(({ operation, index }) => `${operation} ${index}`)
}

const arrays: readonly (new (buffer: SharedArrayBuffer) => BitsArray)[] = [
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  BigInt64Array,
  BigUint64Array,
]

for (const type of arrays) {
  void test(`the atomics of ${type.name} do what they say, and the hook sees them`, () => {
    const cells = new type(new SharedArrayBuffer(16))
    const bits = (n: number): number | bigint => (type.name.startsWith('Big') ? BigInt(n) : n)
    const seen = operationsWhile(() => {
      storeBits(cells, 1, bits(12))
      assert.equal(addBits(cells, 1, bits(3)), bits(12))
      assert.equal(subBits(cells, 1, bits(3)), bits(15))
      assert.equal(andBits(cells, 1, bits(6)), bits(12))
      assert.equal(orBits(cells, 1, bits(3)), bits(4))
      assert.equal(xorBits(cells, 1, bits(5)), bits(7))
      assert.equal(exchangeBits(cells, 1, bits(7)), bits(2))
      assert.equal(compareExchangeBits(cells, 1, bits(6), bits(1)), bits(7))
      assert.equal(compareExchangeBits(cells, 1, bits(7), bits(1)), bits(7))
      assert.equal(loadBits(cells, 1), bits(1))
    })
    const names = 'store add sub and or xor exchange compareExchange compareExchange load'.split(' ')
    assert.deepEqual(
      seen,
      names.map(name => `${name} 1`),
    )
    assert.equal(cells[0], bits(0))
  })
}

void test('the hook sees plain accesses to a SharedValue, before they happen', () => {
  const value = new SharedValue('f64', 1)
  const seen = seenWhile(() => (value.value += 1))
  assert.deepEqual(
    seen.map(({ operation }) => operation),
    ['read', 'write'],
  )
  assert.ok(seen[0]!.cells instanceof Float64Array)
  assert.equal(seen[0]!.cells[seen[0]!.index], 2)
})

void test('the hook sees plain accesses to a SharedArray, one for each item', () => {
  const array = new SharedArray('u8', 3)
  assert.deepEqual(
    operationsWhile(() => array.set(-1, array.at(0))),
    ['read 0', 'write 2'],
  )
  assert.deepEqual(
    operationsWhile(() => void [...array]),
    ['read 0', 'read 1', 'read 2'],
  )
  assert.deepEqual(
    operationsWhile(() => array.fill(1, 1)),
    ['write 1', 'write 2'],
  )
  assert.deepEqual(
    operationsWhile(() => array.slice(1)),
    ['read 1', 'read 2'],
  )
})

void test('the hook sees the fields of a struct where they are', () => {
  const points = sharedStruct({ n: 'i32', x: 'f64' }).array(2)
  const seen = seenWhile(() => {
    points.at(1).n += 1
    points.at(1).x = 5
    points.at(1).add('n', 1)
  })
  assert.deepEqual(
    seen.map(({ operation, cells, index }) => `${operation} byte ${index * cells.BYTES_PER_ELEMENT}`),
    ['read byte 24', 'write byte 24', 'write byte 16', 'add byte 24'],
  )
})

void test('a floating-point number is added to by load and compareExchange, until nobody was faster', () => {
  const value = new SharedValue('f64', 1)
  let meddled = false
  attachHook({
    ...unhooked,
    perform(operation, cells, index, a, b) {
      if (operation === 'compareExchange' && !meddled) {
        meddled = true
        value.store(10)
      }
      return performNow(operation, cells, index, a, b)
    },
  })
  try {
    assert.equal(value.add(1), 10)
  } finally {
    attachHook(undefined)
  }
  assert.equal(value.value, 11)
})

void test('what is refused is not seen', () => {
  const value = new SharedValue('u8')
  assert.deepEqual(
    operationsWhile(() => assert.throws(() => (value.value = 256), RangeError)),
    [],
  )
})
