import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { type CellType, Lock, RLock, SharedValue } from 'multitask'

/** The least and the greatest that each type holds, and its zero. */
const ranges: readonly [type: CellType, least: unknown, most: unknown, zero: unknown][] = [
  ['i8', -128, 127, 0],
  ['u8', 0, 255, 0],
  ['i16', -32_768, 32_767, 0],
  ['u16', 0, 65_535, 0],
  ['i32', -2_147_483_648, 2_147_483_647, 0],
  ['u32', 0, 4_294_967_295, 0],
  ['i64', -9_223_372_036_854_775_808n, 9_223_372_036_854_775_807n, 0n],
  ['u64', 0n, 18_446_744_073_709_551_615n, 0n],
  ['f32', -(2 ** 127), Infinity, 0],
  ['f64', -Number.MAX_VALUE, NaN, 0],
  ['bool', false, true, false],
]

/** A value of any type, set to anything, as JavaScript would. */
function valueOf(
  type: string,
  initial?: unknown,
): Record<string, (...args: unknown[]) => unknown> & { value: unknown } {
  return new SharedValue(type as CellType, initial as number) as never
}

for (const [type, least, most, zero] of ranges) {
  void test(`VAL-01: ${type} begins at ${String(zero)}, and holds ${String(least)} to ${String(most)}`, () => {
    assert.equal(valueOf(type).value, zero)
    for (const value of [least, most]) {
      assert.equal(valueOf(type, value).value, value)
      const shared = valueOf(type)
      shared.value = value
      assert.equal(shared.value, value)
      assert.equal(shared['load']!(), value)
      assert.equal(shared['exchange']!(zero), value)
      shared['store']!(value)
      assert.equal(shared['compareExchange']!(value, zero), value)
      assert.equal(shared.value, zero)
      assert.equal(shared['compareExchange']!(least, least), zero)
      assert.equal(
        shared['update']!(() => most),
        most,
      )
      assert.equal(shared.value, most)
    }
  })
}

/** What is refused, by a sentence with the value in it. */
const refused: readonly [type: CellType, value: unknown, error: string][] = [
  ['i8', 128, 'RangeError: an i8 must be a whole number from -128 to 127, not 128'],
  ['i8', -129, 'RangeError: an i8 must be a whole number from -128 to 127, not -129'],
  ['u8', -1, 'RangeError: a u8 must be a whole number from 0 to 255, not -1'],
  ['u8', 256, 'RangeError: a u8 must be a whole number from 0 to 255, not 256'],
  ['i16', 32_768, 'RangeError: an i16 must be a whole number from -32768 to 32767, not 32768'],
  ['u16', 65_536, 'RangeError: a u16 must be a whole number from 0 to 65535, not 65536'],
  ['i32', 0.5, 'RangeError: an i32 must be a whole number from -2147483648 to 2147483647, not 0.5'],
  ['i32', NaN, 'RangeError: an i32 must be a whole number from -2147483648 to 2147483647, not NaN'],
  ['i32', Infinity, 'RangeError: an i32 must be a whole number from -2147483648 to 2147483647, not Infinity'],
  ['i32', 2 ** 31, 'RangeError: an i32 must be a whole number from -2147483648 to 2147483647, not 2147483648'],
  ['i32', '5', 'TypeError: an i32 must be a number, not "5"'],
  ['i32', 5n, 'TypeError: an i32 must be a number, not 5n'],
  ['i32', null, 'TypeError: an i32 must be a number, not null'],
  ['i32', true, 'TypeError: an i32 must be a number, not true'],
  ['u32', -1, 'RangeError: a u32 must be a whole number from 0 to 4294967295, not -1'],
  ['u32', 2 ** 32, 'RangeError: a u32 must be a whole number from 0 to 4294967295, not 4294967296'],
  ['i64', 5, 'TypeError: an i64 must be a bigint, not 5'],
  [
    'i64',
    2n ** 63n,
    'RangeError: an i64 must be a bigint from -9223372036854775808 to 9223372036854775807, not 9223372036854775808n',
  ],
  ['u64', -1n, 'RangeError: a u64 must be a bigint from 0 to 18446744073709551615, not -1n'],
  ['f32', 1n, 'TypeError: an f32 must be a number, not 1n'],
  ['f64', '5', 'TypeError: an f64 must be a number, not "5"'],
  ['f64', {}, 'TypeError: an f64 must be a number, not an object'],
  ['bool', 1, 'TypeError: a bool must be a boolean, not 1'],
]

for (const [type, value, error] of refused) {
  void test(`${type} refuses ${String(value)}, however it is set, and stays what it was`, () => {
    const shared = valueOf(type)
    const zero = shared.value
    const attempts: Record<string, () => unknown> = {
      initial: () => valueOf(type, value),
      value: () => (shared.value = value),
      store: () => shared['store']!(value),
      exchange: () => shared['exchange']!(value),
      compareExchange: () => shared['compareExchange']!(zero, value),
      'compareExchange, expected': () => shared['compareExchange']!(value, zero),
      update: () => shared['update']!(() => value),
    }
    if (type !== 'bool') attempts['add'] = () => shared['add']!(value)
    for (const [way, attempt] of Object.entries(attempts)) {
      assert.throws(attempt, thrown => String(thrown) === error, `${way}: ${error}`)
    }
    assert.equal(shared.value, zero)
  })
}

void test('-0 is a whole number, and becomes 0', () => {
  const shared = new SharedValue('i32', -0)
  assert.equal(shared.value, 0)
  shared.value = -0
  assert.equal(shared.value, 0)
})

void test('f32 rounds to what it can hold', () => {
  assert.equal(new SharedValue('f32', 0.1).value, Math.fround(0.1))
})

void test('the atomic operations return what was there', () => {
  const n = new SharedValue('i32', 0b1100)
  assert.equal(n.add(3), 0b1100)
  assert.equal(n.sub(3), 0b1111)
  assert.equal(n.and(0b0110), 0b1100)
  assert.equal(n.or(0b0011), 0b0100)
  assert.equal(n.xor(0b0101), 0b0111)
  assert.equal(n.exchange(7), 0b0010)
  assert.equal(n.compareExchange(6, 1), 7)
  assert.equal(n.compareExchange(7, 1), 7)
  assert.equal(n.load(), 1)

  const big = new SharedValue('u64', 2n ** 40n)
  assert.equal(big.add(1n), 2n ** 40n)
  assert.equal(big.sub(2n ** 40n), 2n ** 40n + 1n)
  assert.equal(big.or(6n), 1n)
  assert.equal(big.value, 7n)

  const float = new SharedValue('f64', 0.5)
  assert.equal(float.add(0.25), 0.5)
  assert.equal(float.sub(1), 0.75)
  assert.equal(float.exchange(9), -0.25)
  assert.equal(float.value, 9)

  const flag = new SharedValue('bool')
  assert.equal(flag.or(true), false)
  assert.equal(flag.xor(true), true)
  assert.equal(flag.and(true), false)
  assert.equal(flag.exchange(true), false)
  assert.equal(flag.compareExchange(true, false), true)
  assert.equal(flag.value, false)
})

void test('what whole numbers add up to goes round the circle', () => {
  const small = new SharedValue('u8', 255)
  small.add(2)
  assert.equal(small.value, 1)
  small.sub(2)
  assert.equal(small.value, 255)
  const big = new SharedValue('i64', 2n ** 63n - 1n)
  big.add(1n)
  assert.equal(big.value, -(2n ** 63n))
})

void test('what plain arithmetic makes too large is refused where it is set', () => {
  const full = new SharedValue('u8', 255)
  assert.throws(() => (full.value += 1), RangeError)
  assert.equal(full.value, 255)
})

void test('floating-point numbers are compared as numbers: NaN is NaN, and 0 is -0', () => {
  const shared = new SharedValue('f64', NaN)
  assert.equal(shared.compareExchange(NaN, -0), NaN)
  assert.equal(shared.compareExchange(0, 5), -0)
  assert.equal(shared.value, 5)
})

void test('operations that the type does not have are refused', () => {
  assert.throws(
    () => valueOf('bool')['add']!(true),
    /^TypeError: a bool is not added to: set it with exchange\(\) or store\(\)$/,
  )
  assert.throws(
    () => valueOf('f64')['and']!(1),
    /^TypeError: the bits of an f64 cannot be combined: it is no whole number$/,
  )
})

void test('update calls its function again if the value has changed in between', () => {
  const shared = new SharedValue('i32', 1)
  const seen: number[] = []
  const result = shared.update(n => {
    seen.push(n)
    if (seen.length === 1) shared.store(10)
    return n * 2
  })
  assert.deepEqual(seen, [1, 10])
  assert.equal(result, 20)
  assert.equal(shared.value, 20)
})

void test('an update that throws changes nothing', () => {
  const shared = new SharedValue('f64', 1)
  const error = new Error('no')
  assert.throws(
    () =>
      shared.update(() => {
        throw error
      }),
    error,
  )
  assert.equal(shared.value, 1)
})

void test('VAL-02: it has a lock of its own, or the one it is given, or none', () => {
  const own = new SharedValue('i32', 0, { name: 'hits' })
  assert.ok(own.lock instanceof Lock)
  assert.equal(own.lock, own.lock)
  assert.equal(own.lock.name, 'hits')
  assert.notEqual(own.lock, new SharedValue('i32').lock)
  assert.ok(new SharedValue('i32', 0, { lock: true }).lock instanceof Lock)

  for (const lock of [new Lock(), new RLock()]) assert.equal(new SharedValue('i32', 0, { lock }).lock, lock)

  const none = new SharedValue('i32', 0, { lock: false, name: 'raw' })
  const message = 'the SharedValue "raw" was made without a lock'
  assert.throws(() => none.lock, { name: 'InvalidStateError', message })
  assert.throws(() => none.withSync(() => 1), { name: 'InvalidStateError', message })
})

void test('VAL-02: `with` without a lock rejects, and throws nothing', async () => {
  await assert.rejects(
    new SharedValue('i32', 0, { lock: false }).with(() => 1),
    { name: 'InvalidStateError' },
  )
})

void test('with and withSync hold the lock, hand out the value, and give the lock back whatever happens', async () => {
  const shared = new SharedValue('i32', 1)
  assert.equal(
    shared.withSync(it => {
      assert.equal(it, shared)
      assert.equal(shared.lock.locked, true)
      return (it.value += 1)
    }),
    2,
  )
  assert.equal(shared.lock.locked, false)
  const error = new Error('no')
  const failing = shared.with(async it => {
    assert.equal(it.lock.locked, true)
    throw error
  })
  await assert.rejects(failing, error)
  assert.equal(shared.lock.locked, false)
})

void test('what waits for its lock can be given a timeout', async () => {
  const shared = new SharedValue('i32', 0, { name: 'busy' })
  const guard = shared.lock.acquireSync()
  await assert.rejects(
    shared.with(() => 1, { timeout: 0 }),
    { name: 'TimeoutError' },
  )
  assert.throws(() => shared.withSync(() => 1, { timeout: 0 }), { name: 'TimeoutError' })
  guard.release()
  assert.equal(await shared.with(() => 1), 1)
})

const wrong: readonly [args: unknown[], error: string][] = [
  [
    [],
    'TypeError: the type of a SharedValue must be one of i8, u8, i16, u16, i32, u32, i64, u64, f32, f64, bool, not undefined',
  ],
  [
    ['int'],
    'TypeError: the type of a SharedValue must be one of i8, u8, i16, u16, i32, u32, i64, u64, f32, f64, bool, not "int"',
  ],
  [
    ['toString'],
    'TypeError: the type of a SharedValue must be one of i8, u8, i16, u16, i32, u32, i64, u64, f32, f64, bool, not "toString"',
  ],
  [['i32', 0, { lock: {} }], 'TypeError: lock must be true, false, a Lock or an RLock, not an object'],
  [['i32', 0, { lock: 'yes' }], 'TypeError: lock must be true, false, a Lock or an RLock, not "yes"'],
  [['i32', 0, { name: 5 }], 'TypeError: name must be a string, not 5'],
  [['i32', 0, { look: true }], 'TypeError: "look" is not an option of a SharedValue: did you mean lock?'],
  [['i32', 0, 5], 'TypeError: the options of a SharedValue must be an object, not 5'],
]

for (const [args, error] of wrong) {
  void test(`VAL-02: new SharedValue(${args.map(each => inspect(each)).join(', ')}) is refused`, () => {
    const Anyhow = SharedValue as unknown as new (...args: unknown[]) => unknown
    assert.throws(
      () => new Anyhow(...args),
      thrown => String(thrown) === error,
      error,
    )
  })
}

void test('it prints as what it is, and is its value in JSON', () => {
  assert.equal(inspect(new SharedValue('i32', 5, { name: 'hits' })), 'SharedValue "hits" { i32 5 }')
  assert.equal(inspect(new SharedValue('u64', 5n)), 'SharedValue { u64 5 }')
  assert.equal(JSON.stringify({ hits: new SharedValue('f64', 0.5) }), '{"hits":0.5}')
})

void test('values of all types, side by side, are SharedValues each', () => {
  const all = ranges.map(([type, , most]) => valueOf(type, most))
  for (const [index, shared] of all.entries()) {
    assert.ok(shared instanceof SharedValue)
    assert.equal(shared.value, ranges[index]![2])
  }
})
