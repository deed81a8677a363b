/**
 * Our own primitives, as they are: small programs over each class, at the level of the atomics, under every interleaving,
 * or under every one with so many preemptions where there are too many.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  Barrier,
  BoundedSemaphore,
  Condition,
  Event,
  Lock,
  RLock,
  Semaphore,
  SharedArray,
  SharedValue,
} from 'multitask'
import { type BuiltTest, check } from 'multitask/checker'

const LIMIT = 120_000
/** Enough for the bounds below; the reduced search, which would not come to its end, stops here too. */
const SCHEDULES = 6000

function guarded(threads: number, lock: { withSync(f: () => void): void }): BuiltTest {
  const counter = new SharedValue('i32')
  const body = (): void => lock.withSync(() => (counter.value += 1))
  return { threads: Array<typeof body>(threads).fill(body), check: () => assert.equal(counter.value, threads) }
}

/** For each class the programs whose interleavings are all tried. */
const all: readonly (readonly [string, () => BuiltTest])[] = [
  ['a Lock keeps two threads apart', () => guarded(2, new Lock())],
  ['an RLock keeps two threads apart', () => guarded(2, new RLock())],
  ['a Semaphore of one permit keeps two threads apart', () => guarded(2, new Semaphore(1))],
  ['a BoundedSemaphore of one permit keeps two threads apart', () => guarded(2, new BoundedSemaphore(1))],
  [
    'a Lock that is tried is taken by one at most',
    () => {
      const lock = new Lock()
      const inside = new SharedValue('i32')
      const body = (): void => {
        const guard = lock.tryAcquire()
        if (guard === undefined) return
        assert.equal(inside.add(1), 0)
        inside.sub(1)
        guard.release()
      }
      return { threads: [body, body] }
    },
  ],
  [
    'a Lock whose wait is limited is taken or not, and is free in the end',
    () => {
      const lock = new Lock()
      const taken = new SharedValue('i32')
      const patient = (): void => lock.withSync(() => {})
      const hasty = (): void => {
        try {
          lock.acquireSync({ timeout: 10 }).release()
          taken.add(1)
        } catch (error) {
          if ((error as Error).name !== 'TimeoutError') throw error
        }
      }
      return {
        threads: { patient, hasty },
        check: () => {
          assert.equal(lock.locked, false)
          return taken.load() === 1 ? 'taken' : 'late'
        },
      }
    },
  ],
  [
    'permits that are given are taken, whoever is first',
    () => {
      const semaphore = new Semaphore(0)
      return { threads: [() => void semaphore.acquireSync(), () => semaphore.release()] }
    },
  ],
  [
    'an Event wakes whoever waits',
    () => {
      const event = new Event()
      return { threads: [() => assert.equal(event.waitSync(), true), () => event.set()] }
    },
  ],
  [
    'an Event wakes two who wait',
    () => {
      const event = new Event()
      const wait = (): void => assert.equal(event.waitSync(), true)
      return { threads: [wait, wait, () => event.set()] }
    },
  ],
  [
    'a wait for an Event that is limited says what came of it',
    () => {
      const event = new Event()
      const seen = new SharedValue('bool')
      return {
        threads: [() => seen.store(event.waitSync({ timeout: 10 })), () => event.set()],
        check: () => seen.load(),
      }
    },
  ],
  [
    'a Barrier lets two go on together, each with its number',
    () => {
      const barrier = new Barrier(2)
      const numbers = new SharedArray('i32', 2)
      const body = (): void => numbers.store(barrier.waitSync(), 1)
      return { threads: [body, body], check: () => assert.deepEqual([...numbers.view], [1, 1]) }
    },
  ],
  [
    'updates of a floating-point number are not lost',
    () => {
      const sum = new SharedValue('f64')
      const body = (): void => void sum.add(0.5)
      return { threads: [body, body, body], check: () => assert.equal(sum.value, 1.5) }
    },
  ],
]

for (const [claim, program] of all) {
  void test(`${claim}, under every interleaving`, { timeout: LIMIT }, async () => {
    const { complete, coverage } = await check(program, { steps: 'atomics', bounds: [0, 1], random: 0 })
    assert.ok(complete, coverage)
  })
}

function notified(lock: Lock | RLock): BuiltTest {
  const condition = new Condition(lock)
  const ready = new SharedValue('bool')
  return {
    threads: {
      waiter: () =>
        condition.withSync(() => {
          while (!ready.value) condition.waitSync()
        }),
      giver: () =>
        condition.withSync(() => {
          ready.value = true
          condition.notify()
        }),
    },
  }
}

/** Those with too many. */
const bounded: readonly (readonly [string, number, () => BuiltTest])[] = [
  ['a Lock keeps three threads apart', 1, () => guarded(3, new Lock())],
  ['a Semaphore keeps three threads apart', 1, () => guarded(3, new Semaphore(1))],
  ['a Condition over a Lock wakes whoever waits', 2, () => notified(new Lock())],
  ['a Condition over an RLock wakes whoever waits', 2, () => notified(new RLock())],
  [
    'a Condition that notifies all wakes two',
    1,
    () => {
      const condition = new Condition(new Lock())
      const ready = new SharedValue('bool')
      const wait = (): void => condition.withSync(() => void condition.waitForSync(() => ready.value))
      const give = (): void =>
        condition.withSync(() => {
          ready.value = true
          condition.notifyAll()
        })
      return { threads: [wait, wait, give] }
    },
  ],
  [
    'a Barrier is passed twice',
    1,
    () => {
      const barrier = new Barrier(2)
      const body = (): void => {
        barrier.waitSync()
        barrier.waitSync()
      }
      return { threads: [body, body] }
    },
  ],
]

for (const [claim, most, program] of bounded) {
  void test(`${claim}, with at most ${most} preemptions`, { timeout: LIMIT }, async () => {
    const bounds = [0, 1, 2].slice(0, most + 1)
    const { coverage, complete } = await check(program, { steps: 'atomics', bounds, random: 0, schedules: SCHEDULES })
    assert.ok(complete || coverage.startsWith(`every schedule with at most ${most} preemptions`), coverage)
  })
}
