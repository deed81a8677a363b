/** Shared data that is sent to another thread is the same memory there. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type CellType, Lock, RLock, SharedArray, sharedStruct, SharedValue, ThreadPoolExecutor } from 'multitask'
import { until } from '../fixtures/gate.ts'
import { Particle, Vector } from '../fixtures/particle.ts'
import {
  doubleAll,
  holdAndExit,
  isLockOf,
  isSharedValue,
  lengthOf,
  lookAt,
  prefixSums,
  setValue,
  tryLock,
} from '../fixtures/shared-tasks.ts'
import { same } from '../fixtures/sync-tasks.ts'

const isNode = !('Bun' in globalThis || 'Deno' in globalThis)
const LIMIT = { timeout: 30_000 }

const pool = new ThreadPoolExecutor({ maxWorkers: 2 })
after(() => pool.shutdown())

const values: readonly [type: CellType, before: unknown, after: unknown][] = [
  ['i8', -1, 100],
  ['u8', 1, 200],
  ['i16', -1, 30_000],
  ['u16', 1, 60_000],
  ['i32', -1, 2 ** 31 - 1],
  ['u32', 1, 2 ** 32 - 1],
  ['i64', -1n, 2n ** 62n],
  ['u64', 1n, 2n ** 63n],
  ['f32', -0.5, 1.5],
  ['f64', 0.1, Math.PI],
  ['bool', false, true],
]

for (const [type, before, later] of values) {
  void test(`VAL-01: what a thread writes to a value of ${type} is seen here`, LIMIT, async () => {
    const shared = new SharedValue(type, before as number) as { value: unknown }
    assert.equal(await pool.submit(setValue, shared, later), before)
    assert.equal(shared.value, later)
  })
}

void test('VAL-03: the prefix sums that a thread makes in an array are seen here', LIMIT, async () => {
  const array = new SharedArray('f64', [680, 626, 934, 821, 150, 233, 548, 982, 714, 831])
  await pool.submit(prefixSums, array)
  assert.deepEqual([...array], [680, 1306, 2240, 3061, 3211, 3444, 3992, 4974, 5688, 6519])
})

void test('VAL-06: values, structs and arrays go together, and each is the same memory there', LIMIT, async () => {
  for (const lock of [undefined, new Lock(), false] as const) {
    const count = new SharedValue('i32', 7, { lock })
    const sum = new SharedValue('f64', 1 / 3, { lock })
    const particle = new Particle({ x: 2, hits: 3 }, { lock })
    const array = new SharedArray('f64', [1, 2, 3], { lock })
    await pool.submit(doubleAll, count, sum, particle, array)
    assert.equal(count.value, 14)
    assert.equal(sum.value, 2 / 3)
    assert.deepEqual(particle.toJSON(), { hits: 6, x: 4, alive: false })
    assert.deepEqual([...array], [2, 4, 6])
  }
})

void test('SHM-05: what comes back is the same object; a view of a struct is a view of the same', LIMIT, async () => {
  const value = new SharedValue('i32', 1, { name: 'one' })
  const array = new SharedArray('f64', 3)
  const particles = Particle.array(3)
  assert.equal(await pool.submit(same, value), value)
  assert.equal(await pool.submit(same, array), array)
  assert.equal(await pool.submit(same, particles), particles)
  const second = (await pool.submit(same, particles.at(1))) as Particle
  second.x = 5
  assert.equal(particles.at(1).x, 5)
})

void test('they cross inside of other values', LIMIT, async () => {
  const value = new SharedValue('i32', 1)
  const message = { list: [value, new Map([['it', value]])] }
  assert.deepEqual(await pool.submit(same, message), message)
})

void test('a thread that has never seen such a thing knows what it is', LIMIT, async () => {
  const fresh = new ThreadPoolExecutor({ maxWorkers: 1 })
  try {
    assert.equal(await fresh.submit(isSharedValue, new SharedValue('u8')), true)
  } finally {
    await fresh.shutdown()
  }
})

void test(
  'a struct is an instance of its class there, whether or not its module was loaded before',
  LIMIT,
  async () => {
    const pair = new (sharedStruct({ a: 'i32', b: 'f64' }))({ a: 1 })
    assert.deepEqual(await pool.submit(lookAt, new Particle(), pair), [true, true, false])
    assert.equal(pair.a, 2)
  },
)

void test(
  'a class that extends a struct crosses as classes do: by name on Node, refused elsewhere',
  LIMIT,
  async () => {
    const vectors = Vector.array([{ x: 3, y: 4 }])
    if (!isNode)
      assert.throws(() => pool.submit(lengthOf, vectors.at(0)), {
        name: 'CannotSendError',
        path: 'argument 1.array.extra.class',
      })
    else {
      assert.equal(await pool.submit(lengthOf, vectors.at(0)), 5)
      assert.equal(await pool.submit(lengthOf, new Vector({ x: 1 })), 1)
    }
  },
)

const locks: readonly [what: string, lock: Lock | RLock | undefined][] = [
  ['its own lock', undefined],
  ['the Lock that it was given', new Lock({ name: 'given' })],
  ['the RLock that it was given', new RLock({ name: 'given' })],
]
for (const [what, lock] of locks) {
  void test(`VAL-02: data crosses with ${what}, which is one for all threads`, LIMIT, async () => {
    const data = [new SharedValue('i32', 0, { lock }), new SharedArray('i32', 1, { lock }), new Particle({}, { lock })]
    for (const each of data) {
      assert.equal(await pool.submit(tryLock, each), true)
      const guard = each.lock.acquireSync()
      assert.equal(await pool.submit(tryLock, each), false)
      guard.release()
      assert.equal(await pool.submit(tryLock, each), true)
      assert.equal(await pool.submit(isLockOf, each, each.lock), true)
      assert.equal(await pool.submit(same, each.lock), each.lock)
    }
  })
}

void test('VAL-02: data without a lock has none there', LIMIT, async () => {
  await assert.rejects(pool.submit(tryLock, new SharedValue('i32', 0, { lock: false })), {
    name: 'InvalidStateError',
    message: 'the SharedValue was made without a lock',
  })
})

void test(
  'a task that waits for the lock of shared data gets it when another thread gives it back',
  LIMIT,
  async () => {
    const value = new SharedValue('i32')
    const guard = value.lock.acquireSync()
    const waiting = value.with(it => it.value)
    await pool.submit(setValue, value, 5)
    guard.release()
    assert.equal(await waiting, 5)
  },
)

void test(
  'the lock of shared data is broken when a thread ends that holds it, for who waits and for who comes',
  LIMIT,
  async () => {
    const deadly = new ThreadPoolExecutor({ maxWorkers: 1, name: 'deadly' })
    try {
      const value = new SharedValue('i32', 0, { name: 'hits' })
      const dying = assert.rejects(deadly.submit(holdAndExit, value), { name: 'WorkerDiedError' })
      await until(() => value.load() === 1)
      const error = {
        name: 'BrokenLockError',
        message: /^the Lock "hits" is broken: thread "deadly-0" ended as its owner$/,
      }
      const waiting = assert.rejects(
        value.with(() => {}),
        error,
      )
      value.store(2)
      await Promise.all([dying, waiting])
      assert.throws(() => value.withSync(() => {}), error)
      assert.equal(value.value, 3)
    } finally {
      await deadly.shutdown()
    }
  },
)
