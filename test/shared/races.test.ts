/** Two threads at once: what plain access loses, and what atomics and locks do not. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type Future, Lock, RLock, SharedValue, ThreadPoolExecutor } from 'multitask'
import { Particle } from '../fixtures/particle.ts'
import { addAtomically, addLocked, addPlainly, moveLocked, updateAtomically } from '../fixtures/shared-tasks.ts'

const LIMIT = { timeout: 30_000 }

const pool = new ThreadPoolExecutor({ maxWorkers: 2 })
after(() => pool.shutdown())

/** Runs a task in two threads that begin together. */
function both<R>(submit: (arrived: SharedValue<'i32'>) => Future<R>): Promise<[R, R]> {
  const arrived = new SharedValue('i32')
  return Promise.all([submit(arrived), submit(arrived)])
}

/** Whether two threads overlap is up to the machine, so each round is longer than the one before. One is nearly always enough. */
const ROUNDS = 100

void test('plain += of two threads loses updates', LIMIT, async () => {
  for (let round = 1; round <= ROUNDS; round++) {
    const times = 300_000 * Math.min(round, 30)
    const counter = new SharedValue('i32')
    await both(arrived => pool.submit(addPlainly, counter, arrived, times))
    assert.ok(counter.value <= 2 * times)
    if (counter.value < 2 * times) return
  }
  assert.fail(`no update was lost in ${ROUNDS} rounds`)
})

void test('VAL-08: atomic add of two threads loses none', LIMIT, async () => {
  for (const type of ['i32', 'f64'] as const) {
    const counter = new SharedValue(type)
    await both(arrived => pool.submit(addAtomically, counter, arrived, 100_000))
    assert.equal(counter.value, 200_000, type)
  }
})

void test('update of two threads loses none', LIMIT, async () => {
  for (const type of ['i32', 'f32', 'f64'] as const) {
    const counter = new SharedValue(type)
    await both(arrived => pool.submit(updateAtomically, counter, arrived, 50_000))
    assert.equal(counter.value, 100_000, type)
  }
})

for (const [what, lock] of [
  ['its own lock', undefined],
  ['a Lock', new Lock()],
  ['an RLock', new RLock()],
] as const) {
  void test(`VAL-08: += of two threads under ${what} loses none`, LIMIT, async () => {
    const counter = new SharedValue('i32', 0, { lock })
    await both(arrived => pool.submit(addLocked, counter, arrived, 20_000))
    assert.equal(counter.value, 40_000)
  })
}

void test('VAL-06: a struct is never seen half changed under its lock', LIMIT, async () => {
  const particle = new Particle()
  assert.deepEqual(await both(arrived => pool.submit(moveLocked, particle, arrived, 20_000)), [0, 0])
  assert.deepEqual(particle.toJSON(), { hits: 40_000, x: 40_000, alive: false })
})
