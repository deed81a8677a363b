/** The name of a thread is not written over by what it waits for. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Lock, ThreadPoolExecutor, waiters } from 'multitask'

void test('a long name stays what it is while the thread is blocked', { timeout: 10_000 }, async () => {
  const name = 'n'.repeat(60)
  const lock = new Lock({ name: 'jobs' })
  const guard = lock.tryAcquire()!
  const pool = new ThreadPoolExecutor({ maxWorkers: 1, name })
  const theirs = pool.submit((shared: Lock) => shared.acquireSync().release(), lock)
  while (waiters().length < 1) await new Promise(resolve => setImmediate(resolve))
  const [waiter] = waiters()
  guard.release()
  await theirs
  await pool.shutdown()
  assert.match(waiter!.thread, /^n+(-0?)?$/)
})
