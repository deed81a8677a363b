import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { type CellType, Lock, SharedArray } from 'multitask'

const types: readonly CellType[] = ['i8', 'u8', 'i16', 'u16', 'i32', 'u32', 'i64', 'u64', 'f32', 'f64', 'bool']

/** An array of any type, given anything, as JavaScript would. */
function arrayOf(...args: unknown[]): SharedArray<'i32'> {
  const Anyhow = SharedArray as unknown as new (...args: unknown[]) => SharedArray<'i32'>
  return new Anyhow(...args)
}

void test('VAL-04: an array of a length is full of zeros, every time', () => {
  for (let round = 0; round < 3; round++) {
    const array = new SharedArray('i32', 100)
    assert.equal(array.length, 100)
    assert.deepEqual(
      array.slice(),
      Array.from({ length: 100 }, () => 0),
    )
    array.fill(round + 1)
  }
})

for (const type of types) {
  void test(`VAL-03: an array of ${type} is read and written by index, from both ends`, () => {
    const big = type === 'i64' || type === 'u64'
    const [zero, one] = type === 'bool' ? [false, true] : big ? [0n, 1n] : [0, 1]
    const array = arrayOf(type, 3) as unknown as SharedArray<CellType>
    array.set(0, one)
    array.set(-1, one)
    assert.deepEqual([...array], [one, zero, one])
    assert.equal(array.at(-3), one)
    array.fill(one, 1, 2)
    assert.deepEqual(array.slice(), [one, one, one])
    array.store(1, zero)
    assert.equal(array.load(1), zero)
    assert.equal(array.exchange(1, one), zero)
    assert.equal(array.compareExchange(-2, one, zero), one)
    assert.equal(
      array.update(1, () => one),
      one,
    )
    assert.deepEqual([...array], [one, one, one])
  })
}

void test('an array is made from values, of whatever holds them', () => {
  assert.deepEqual([...new SharedArray('i32', [1, 2, 3])], [1, 2, 3])
  assert.deepEqual([...new SharedArray('f64', new Set([0.5, 1.5]))], [0.5, 1.5])
  assert.deepEqual([...new SharedArray('u8', new Uint8Array([7, 8]))], [7, 8])
  assert.deepEqual([...new SharedArray('f64', new SharedArray('f64', [4]))], [4])
  assert.deepEqual([...new SharedArray('bool', [])], [])
})

void test('the view is the memory itself', () => {
  const array = new SharedArray('f64', [1, 2, 3])
  assert.ok(array.view instanceof Float64Array)
  assert.equal(array.view, array.view)
  assert.equal(array.view.length, 3)
  array.view[0] = 10
  array.view.set([20, 30], 1)
  assert.deepEqual([...array], [10, 20, 30])
  array.add(0, 1)
  assert.equal(array.view[0], 11)
})

void test('the view of a bool is bytes', () => {
  const array = new SharedArray('bool', [true, false])
  assert.deepEqual([...array.view], [1, 0])
})

void test('slice and fill take their bounds as those of Array do', () => {
  const array = new SharedArray('i32', [0, 1, 2, 3, 4])
  const plain = [0, 1, 2, 3, 4]
  for (const bounds of [[], [2], [-2], [1, 3], [1, -1], [3, 1], [-99, 99], [0.9, 2.9], [NaN, 2]]) {
    assert.deepEqual(array.slice(...bounds), plain.slice(...bounds), `slice(${bounds.join(', ')})`)
    const filled = new SharedArray('i32', plain).fill(9, ...bounds)
    assert.deepEqual([...filled], [...plain].fill(9, ...bounds), `fill(9, ${bounds.join(', ')})`)
  }
})

void test('the atomic operations work by index, and return what was there', () => {
  const array = new SharedArray('u16', [1, 2, 3])
  assert.equal(array.add(1, 5), 2)
  assert.equal(array.sub(1, 3), 7)
  assert.equal(array.and(-1, 1), 3)
  assert.equal(array.or(-1, 4), 1)
  assert.equal(array.xor(-1, 1), 5)
  assert.deepEqual([...array], [1, 4, 4])
})

for (const index of [3, -4, 0.5, NaN, Infinity]) {
  void test(`there is no item ${index} among 3`, () => {
    const array = new SharedArray('i32', 3)
    const error = { name: 'RangeError', message: `there is no item ${index} among 3` }
    const attempts = [
      () => array.at(index),
      () => array.set(index, 1),
      () => array.load(index),
      () => array.store(index, 1),
      () => array.add(index, 1),
      () => array.update(index, n => n + 1),
    ]
    for (const attempt of attempts) assert.throws(attempt, error)
    assert.deepEqual([...array], [0, 0, 0])
  })
}

void test('an index that is no number is refused', () => {
  const array = new SharedArray('i32', 3)
  assert.throws(() => array.at('1' as never), { message: 'there is no item "1" among 3' })
  assert.throws(() => array.at(undefined as never), { message: 'there is no item undefined among 3' })
})

const range = 'a whole number from -2147483648 to 2147483647'
const wrong: readonly [args: unknown[], error: string][] = [
  [['i32', -1], 'RangeError: the length of a SharedArray must be a whole number from 0, not -1'],
  [['i32', 1.5], 'RangeError: the length of a SharedArray must be a whole number from 0, not 1.5'],
  [['i32', NaN], 'RangeError: the length of a SharedArray must be a whole number from 0, not NaN'],
  [['i32', Infinity], 'RangeError: the length of a SharedArray must be a whole number from 0, not Infinity'],
  [['i32'], 'TypeError: a SharedArray is made from a length or from values, not undefined'],
  [['i32', '5'], 'TypeError: a SharedArray is made from a length or from values, not "5"'],
  [['i32', { length: 3 }], 'TypeError: a SharedArray is made from a length or from values, not an object'],
  [['f64', 2 ** 50], `RangeError: a SharedArray of ${2 ** 53} bytes is more than this runtime can share`],
  [['i32', [1, 2.5]], `RangeError: item 1: an i32 must be ${range}, not 2.5`],
  [['i64', [1]], 'TypeError: item 0: an i64 must be a bigint, not 1'],
  [['int', 5], `TypeError: the type of a SharedArray must be one of ${types.join(', ')}, not "int"`],
  [['i32', 5, { lock: 1 }], 'TypeError: lock must be true, false, a Lock or an RLock, not 1'],
  [['i32', 5, { size: 1 }], 'TypeError: "size" is not an option of a SharedArray: it knows lock, name'],
]

for (const [args, error] of wrong) {
  void test(`SHM-02, VAL-05: new SharedArray(${args.map(each => inspect(each)).join(', ')}) is refused`, () => {
    assert.throws(
      () => arrayOf(...args),
      thrown => String(thrown) === error,
      error,
    )
  })
}

void test('values that do not fit are refused, and change nothing', () => {
  const array = new SharedArray('u8', [1, 2])
  const error = { name: 'RangeError', message: 'a u8 must be a whole number from 0 to 255, not 256' }
  for (const attempt of [() => array.set(0, 256), () => array.fill(256), () => array.store(0, 256)]) {
    assert.throws(attempt, error)
  }
  assert.deepEqual([...array], [1, 2])
})

void test('VAL-05: an array has a lock of its own, or the one it is given, or none', () => {
  const lock = new Lock()
  assert.equal(new SharedArray('i32', 3, { lock }).lock, lock)
  const own = new SharedArray('i32', [1], { name: 'sums' })
  assert.equal(own.lock.name, 'sums')
  assert.equal(
    own.withSync(array => array.lock.locked && array.at(0)),
    1,
  )
  const none = new SharedArray('i32', 3, { lock: false })
  assert.throws(() => none.lock, { message: 'the SharedArray was made without a lock' })
})

void test('its own lock does not lie in its data', () => {
  const array = new SharedArray('u8', 64)
  array.fill(255)
  assert.equal(array.lock.locked, false)
  array.withSync(() => array.fill(0))
  assert.deepEqual(
    array.slice(),
    Array.from({ length: 64 }, () => 0),
  )
})

void test('it prints as what it is, and is its items in JSON', () => {
  assert.equal(inspect(new SharedArray('i32', [1, 2], { name: 'sums' })), 'SharedArray "sums" { 2 × i32: 1, 2 }')
  assert.equal(inspect(new SharedArray('u8', 100)), 'SharedArray { 100 × u8: 0, 0, 0, 0, 0, 0, 0, 0 … }')
  assert.equal(JSON.stringify(new SharedArray('bool', [true, false])), '[true,false]')
})
