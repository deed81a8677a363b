/** A thread that ends as the owner of a lock breaks it, whatever it dies of, for whoever waits in whichever way. */
import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { BrokenLockError, Lock, Semaphore, type ThreadPoolExecutor } from 'multitask'
import { casesWithThreads } from '../conformance/sync-cases.ts'
import * as deadly from '../fixtures/deadly-holders.ts'
import type { Gate } from '../fixtures/gate.ts'
import { untilWaiting, visit, waiters } from '../fixtures/waiters.ts'

const check = casesWithThreads('Lock')

/** Begins to hold the lock in another thread, and returns what ends that. */
type Hold = (pool: ThreadPoolExecutor, lock: Lock, gate: Gate) => Promise<() => Promise<unknown>>

function ends(task: (lock: Lock, words: Int32Array) => unknown): Hold {
  return async (pool, lock, gate) => {
    const dying = assert.rejects(pool.submit(task as (lock: Lock, words: Int32Array) => never, lock, gate.words), {
      name: 'WorkerDiedError',
    })
    await gate.whenStarted(1)
    return () => {
      gate.open()
      return dying
    }
  }
}

function isEnded(task: (lock: Lock, words: Int32Array, never: Semaphore) => unknown): Hold {
  return async (pool, lock, gate) => {
    const controller = new AbortController()
    const view = pool.with({ signal: controller.signal, grace: 0 })
    const never = new Semaphore(0)
    const call = task as (lock: Lock, words: Int32Array, never: Semaphore) => never
    const dying = assert.rejects(view.submit(call, lock, gate.words, never), { name: 'CancelledError' })
    await gate.whenStarted(1)
    return () => {
      controller.abort()
      return dying
    }
  }
}

const holders: readonly [how: string, hold: Hold][] = [
  ['calls process.exit()', ends(deadly.holdAndExit)],
  ['dies of an error that nobody catches', ends(deadly.holdAndThrow)],
  ['is ended in a busy loop', isEnded(deadly.holdAndSpin)],
  ['is ended while it is blocked', isEnded(deadly.holdAndBlock)],
  ['is ended while it awaits', isEnded(deadly.holdAndAwait)],
  ['is ended with the thread that had started it', isEnded(deadly.holdInChild)],
]

/** What all are told after the death of its present owner. */
function brokenBy(lock: Lock): { name: string; message: string } {
  const { owner } = lock.statistics()
  assert.match(owner!, /^(crew|child)-\d+$/)
  return { name: 'BrokenLockError', message: `the Lock "db" is broken: thread "${owner}" ended as its owner` }
}

for (const [how, hold] of holders) {
  check(`its owner ${how}: all who wait are told at once who it was, and all who come`, async ({ pool, gate }) => {
    const lock = new Lock({ name: 'db' })
    const end = await hold(pool, lock, gate)
    const broken = brokenBy(lock)
    const waiting = [...waiters, ...waiters].map(waiter => waiter.start(pool, visit, lock, gate.words))
    await untilWaiting(6)
    await Promise.all([...waiting.map(each => assert.rejects(each, broken)), end()])
    for (const waiter of waiters) await assert.rejects(waiter.start(pool, visit, lock, gate.words), broken)
  })
}

for (const task of [deadly.holdAndExit, deadly.holdAndThrow]) {
  check(`its owner dies in ${task.name}: the main thread is told though it is blocked`, async ({ pool, gate }) => {
    const lock = new Lock({ name: 'db' })
    const end = await ends(task)(pool, lock, gate)
    const broken = brokenBy(lock)
    const dying = end()
    assert.throws(() => lock.acquireSync(), broken)
    await dying
  })
}

check('it is broken for good, and says so whatever is asked', async ({ pool, gate }) => {
  const lock = new Lock({ name: 'db' })
  const end = await ends(deadly.holdAndExit)(pool, lock, gate)
  const broken = brokenBy(lock)
  await end()
  assert.throws(() => lock.tryAcquire(), broken)
  assert.throws(() => lock.acquireSync(), broken)
  assert.throws(() => lock.acquireSync({ timeout: 0 }), broken)
  assert.throws(() => lock.acquireSync({ timeout: 10 }), broken)
  await assert.rejects(lock.acquire(), BrokenLockError)
  await assert.rejects(lock.acquire({ timeout: 0 }), broken)
  await assert.rejects(
    lock.with(() => assert.fail('it ran')),
    broken,
  )
  // Whoever gives back what he had lent is no culprit.
  lock.release()
  assert.equal(lock.locked, true)
  assert.deepEqual(lock.statistics(), { locked: true, broken: true, owner: undefined, waiters: 0 })
  assert.equal(inspect(lock), 'Lock "db" { broken }')
})

check('a thread that was ended takes nothing any more, even if it runs on', async ({ pool, gate }) => {
  const lock = new Lock()
  const end = await isEnded(deadly.spinAndTake)(pool, lock, gate)
  await end()
  gate.open()
  // On Deno such a thread does, and comes to the lock in one of these turns.
  for (let turns = 0; turns < 50; turns++) {
    lock.acquireSync().release()
    await new Promise(resolve => setTimeout(resolve, 1))
  }
  assert.equal(lock.statistics().broken, false)
})

check('a thread that dies without a lock breaks none', async ({ pool, gate }) => {
  const [lock, other] = [new Lock(), new Lock()]
  const guard = await lock.acquire()
  const waiting = waiters.map(waiter => waiter.start(pool, visit, lock, gate.words))
  await untilWaiting(3)
  const end = await ends(deadly.holdAndExit)(pool, other, gate)
  await end()
  guard.release()
  await Promise.all(waiting)
  assert.deepEqual([lock.locked, lock.statistics().broken], [false, false])
})

check('a thread that waits in a handler of its own exit ends all the same', async ({ pool }) => {
  // Which of them is told is a matter of a moment: the error of the handler, or the end of the thread.
  const told = /this thread has ended: it cannot wait for the Semaphore "never"|ended while it ran task waitAtExit/
  await assert.rejects(pool.submit(deadly.waitAtExit, new Semaphore(0, { name: 'never' })), told)
})
