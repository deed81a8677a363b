/** Shared data keep their contract when their memory is in another process, but for the view on it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { type CellType, Lock, SharedArray, sharedStruct, SharedValue, UnsupportedError } from 'multitask'
import { standIn } from '../fixtures/stand-in.ts'

const LIMIT = { timeout: 30_000 }
const types: readonly CellType[] = ['i8', 'u8', 'i16', 'u16', 'i32', 'u32', 'i64', 'u64', 'f32', 'f64', 'bool']
const Point = sharedStruct({ x: 'f64', n: 'i32', on: 'bool' })

for (const type of types) {
  const isBig = type === 'i64' || type === 'u64'
  const [zero, one, two] = (type === 'bool' ? [false, true, true] : isBig ? [0n, 1n, 2n] : [0, 1, 2]) as never[]

  void test(`a value of ${type} is read and written, plainly and atomically`, LIMIT, () => {
    const here = new SharedValue<CellType>(type)
    const there = standIn(here)
    assert.ok(there instanceof SharedValue)
    assert.equal(there.type, type)
    there.value = one!
    assert.deepEqual([here.value, there.value, there.load()], [one, one, one])
    assert.equal(there.exchange(zero!), one)
    assert.equal(there.compareExchange(one!, two!), zero)
    assert.equal(there.compareExchange(zero!, two!), zero)
    assert.equal(
      there.update(() => one!),
      one,
    )
    there.store(zero!)
    assert.equal(here.load(), zero)
    if (type === 'bool') return
    assert.equal(there.add(two!), zero)
    assert.equal(there.sub(one!), two)
    assert.equal(here.value, one)
    if (type === 'f32' || type === 'f64') return
    assert.deepEqual([there.or(two!), there.and(one!), there.xor(one!), here.value].length, 4)
    assert.equal(here.value, zero)
  })

  void test(`an array of ${type} is read and written by index, one by one and many at once`, LIMIT, () => {
    const here = new SharedArray<CellType>(type, 4)
    const there = standIn(here)
    assert.equal(there.length, 4)
    there.set(-1, one!)
    there.fill(one!, 0, 2)
    assert.deepEqual(here.slice(), [one, one, zero, one])
    assert.deepEqual(
      [there.slice(1), [...there]],
      [
        [one, zero, one],
        [one, one, zero, one],
      ],
    )
    assert.equal(there.exchange(2, one!), zero)
    assert.throws(() => there.at(4), RangeError)
    assert.throws(() => there.view, UnsupportedError)
  })
}

void test('NaN and the two zeros are compared as here', LIMIT, () => {
  const there = standIn(new SharedValue('f64', NaN))
  assert.equal(
    there.update(value => (Number.isNaN(value) ? -0 : 5)),
    -0,
  )
  assert.equal(there.compareExchange(0, 7), -0)
  assert.equal(there.value, 7)
})

void test('what the type does not hold is refused here, and changes nothing', LIMIT, () => {
  const there = standIn(new SharedValue('u8', 7))
  for (const set of [() => (there.value = 256), () => there.store(1.5), () => void there.add('1' as never)])
    assert.throws(set, error => error instanceof RangeError || error instanceof TypeError)
  assert.equal(there.value, 7)
})

void test('structs are instances of their class, with their fields, also in an array', LIMIT, () => {
  const here = Point.array([{ x: 1 }, { n: 2, on: true }])
  const there = standIn(here)
  const point = there.at(1)
  assert.ok(point instanceof Point)
  point.x = 0.5
  point.n += 3
  assert.equal(point.add('n', 1), 5)
  assert.deepEqual(here.at(1).toJSON(), { x: 0.5, n: 6, on: true })
  assert.deepEqual(
    there.toJSON().map(each => each.toJSON()),
    here.toJSON().map(each => each.toJSON()),
  )
  assert.throws(() => {
    point.n = 0.5
  }, RangeError)
})

void test('its lock is the one that it has here, given or its own', LIMIT, async () => {
  const lock = new Lock({ name: 'mine' })
  for (const here of [new SharedValue('i32'), new SharedValue('i32', 0, { lock })]) {
    const there = standIn(here)
    await there.with(() => {
      assert.equal(here.lock.locked, true)
      there.value += 1
    })
    assert.deepEqual([here.lock.locked, here.value], [false, 1])
    there.withSync(() => assert.equal(here.lock.locked, true))
  }
  assert.throws(() => standIn(new SharedValue('i32', 0, { lock: false })).lock, { name: 'InvalidStateError' })
})

void test('it looks as it does here', LIMIT, () => {
  const here = new SharedArray('i32', [1, 2])
  assert.equal(inspect(standIn(here)), inspect(here))
})
