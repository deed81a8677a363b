import assert from 'node:assert/strict'
import { Lock } from 'multitask'
import { lockSuite } from '../conformance/lock.ts'
import { casesAlone, casesWithThreads } from '../conformance/sync-cases.ts'
import { release } from '../fixtures/sync-tasks.ts'
import { take, untilWaiting, visit, waiters } from '../fixtures/waiters.ts'

lockSuite('Lock', options => new Lock(options))

/* What Lock alone does: it knows no owner but the thread, and not even that may only give it back itself. */

const alone = casesAlone('Lock')
const threads = casesWithThreads('Lock')

alone('TRI-04: a task that takes it twice waits, and another task may give it back', async () => {
  const lock = new Lock()
  await lock.acquire()
  const again = lock.acquire()
  assert.equal(lock.statistics().waiters, 1)
  await Promise.resolve().then(() => lock.release())
  const guard = await again
  guard.release()
  assert.equal(lock.locked, false)
})

alone('LCK-11: to block without a timeout for what this thread holds is an error at once', async () => {
  const lock = new Lock({ name: 'db' })
  const guard = await lock.acquire()
  const message = 'the Lock "db" is held in this thread: to block for it would never end'
  for (const options of [undefined, {}, { timeout: undefined }, { timeout: Infinity }]) {
    assert.throws(() => lock.acquireSync(options), { name: 'DeadlockError', message })
    assert.throws(() => lock.withSync(() => assert.fail('it ran'), options), { name: 'DeadlockError', message })
  }
  assert.throws(() => lock.acquireSync({ timeout: 5 }), { name: 'TimeoutError' })
  guard.release()
  assert.equal(lock.locked, false)
})

threads('LCK-11: it is an error too if other threads have the lock', async ({ pool }) => {
  const lock = new Lock()
  assert.equal(await pool.submit(release, lock), 'cannot release the Lock: nobody holds it')
  lock.acquireSync()
  assert.throws(() => lock.acquireSync(), { name: 'DeadlockError' })
  lock.release()
})

threads(
  'another thread may give it back, and a thread that blocks for its own lock for a time gets it',
  async ({ pool }) => {
    const lock = new Lock()
    lock.acquireSync()
    const released = pool.submit(release, lock)
    lock.acquireSync({ timeout: 20_000 }).release()
    assert.equal(await released, 'released')
    assert.equal(lock.locked, false)
  },
)

for (const waiter of waiters) {
  threads(`${waiter.name} took it, and another thread gives it to the next`, async ({ pool, gate }) => {
    const lock = new Lock()
    await waiter.start(pool, take, lock, gate.words)
    assert.equal(lock.locked, true)
    // One that awaits: it may well be in the thread that has taken it.
    const next = waiters[waiter.isWorker ? 2 : 1]!.start(pool, visit, lock, gate.words)
    await untilWaiting(1)
    gate.open()
    assert.equal(await pool.submit(release, lock), 'released')
    await next
    assert.equal(lock.locked, false)
  })
}
