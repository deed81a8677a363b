/** The test of the test: what is right passes under every interleaving, and each fault that is built in is found. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type BuiltTest, check } from 'multitask/checker'
import { failureOf } from '../fixtures/failure-of.ts'
import { add, load, sharedWords, store } from '../../dist/memory/atomics.js'
import { CountSemaphore, FlagEvent, FutexLock, OneItemQueue, RoundBarrier, SequenceCondition } from './faulty.ts'

const LIMIT = 60_000

function inLock(threads: number, fault?: ConstructorParameters<typeof FutexLock>[0]): BuiltTest {
  const lock = new FutexLock(fault)
  const counter = sharedWords(1)
  const body = (): void => lock.with(() => store(counter, 0, load(counter, 0) + 1))
  return {
    threads: Array<typeof body>(threads).fill(body),
    check: () => assert.equal(load(counter, 0), threads),
  }
}

function notified(fault?: ConstructorParameters<typeof SequenceCondition>[1]): BuiltTest {
  const lock = new FutexLock()
  const condition = new SequenceCondition(lock, fault)
  const ready = sharedWords(1)
  return {
    threads: {
      waiter: () =>
        lock.with(() => {
          while (load(ready, 0) === 0) condition.wait()
        }),
      giver: () =>
        lock.with(() => {
          store(ready, 0, 1)
          condition.notify()
        }),
    },
  }
}

function permitted(fault?: ConstructorParameters<typeof CountSemaphore>[1]): BuiltTest {
  const semaphore = new CountSemaphore(1, fault)
  const inside = sharedWords(1)
  const body = (): void => {
    semaphore.acquire()
    assert.equal(add(inside, 0, 1), 0, 'two inside')
    add(inside, 0, -1)
    semaphore.release()
  }
  return { threads: [body, body] }
}

function signalled(fault?: ConstructorParameters<typeof FlagEvent>[0]): BuiltTest {
  const event = new FlagEvent(fault)
  return { threads: [() => event.wait(), () => event.wait(), () => event.set()] }
}

function met(fault?: ConstructorParameters<typeof RoundBarrier>[1]): BuiltTest {
  const barrier = new RoundBarrier(2, fault)
  return { threads: [() => barrier.wait(), () => barrier.wait()] }
}

function passedOn(fault?: ConstructorParameters<typeof OneItemQueue>[0]): BuiltTest {
  const queue = new OneItemQueue(fault)
  const sum = sharedWords(1)
  const take = (): void => void add(sum, 0, queue.get())
  const give = (): void => {
    queue.put(7)
    queue.put(8)
  }
  return { threads: { give, take1: take, take2: take }, check: () => assert.equal(load(sum, 0), 15) }
}

const right: readonly (readonly [string, () => BuiltTest, string])[] = [
  ['a futex lock of two threads', () => inLock(2), 'every interleaving: 10 schedules'],
  ['a condition that counts', () => notified(), 'every interleaving: 40 schedules'],
  ['a semaphore', () => permitted(), 'every interleaving: 24 schedules'],
  ['an event', () => signalled(), 'every interleaving: 10 schedules'],
  ['a barrier', () => met(), 'every interleaving: 6 schedules'],
]

for (const [name, built, coverage] of right) {
  void test(`${name} passes under every interleaving`, { timeout: LIMIT }, async () => {
    assert.equal((await check(built, { steps: 'atomics' })).coverage, coverage)
  })
}

void test('a queue of one item passes with one preemption', { timeout: LIMIT }, async () => {
  const { coverage } = await check(() => passedOn(), { steps: 'atomics', bounds: [0, 1], random: 0, schedules: 2000 })
  assert.equal(coverage, 'every schedule with at most 1 preemptions: 654')
})

const faults: readonly (readonly [string, () => BuiltTest, RegExp])[] = [
  ['a lock whose waker does not say that others sleep', () => inLock(3, 'cas after wake'), /^deadlock/],
  ['a lock that forgets to notify', () => inLock(2, 'forgotten notify'), /^deadlock/],
  ['a lock that looks and takes in two steps', () => inLock(2, 'two steps'), /^check: |^deadlock/],
  [
    'a condition that reads its count after it has let go of the lock',
    () => notified('count read too late'),
    /^deadlock/,
  ],
  ['a condition that does not count', () => notified('forgotten count'), /^deadlock/],
  ['a semaphore that forgets to notify', () => permitted('forgotten notify'), /^deadlock/],
  ['a semaphore that looks and takes in two steps', () => permitted('blind decrement'), /two inside/],
  ['an event that notifies before it is set', () => signalled('notify before set'), /^deadlock/],
  ['an event that wakes one', () => signalled('wakes one'), /^deadlock/],
  ['a barrier that reads its round too late', () => met('round read too late'), /^deadlock/],
  ['a queue that waits by if instead of while', () => passedOn('if instead of while'), /^check: |^deadlock/],
  ['a queue that forgets to notify', () => passedOn('forgotten notify'), /^deadlock/],
]

for (const [name, built, reason] of faults) {
  void test(`${name} is found, and found again by its replay`, { timeout: LIMIT }, async () => {
    const found = await failureOf(built, { steps: 'atomics' })
    assert.match(found.schedule.reason, reason)
    const again = await failureOf(built, { steps: 'atomics', replay: found.schedule.replay })
    assert.equal(
      again.message.replace(/schedule \d+/, 'the first schedule'),
      found.message.replace(/schedule \d+/, 'the first schedule'),
    )
  })
}
