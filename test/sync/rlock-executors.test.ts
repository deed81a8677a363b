/** The owner of an RLock is the task of an executor, if one runs. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LoopExecutor, RLock, ThreadPoolExecutor } from 'multitask'
import { keepLock, tryTwice } from '../fixtures/rlock-tasks.ts'

const LIMIT = { timeout: 30_000 }

test('calls on this event loop exclude each other, and each can take the lock again', LIMIT, async () => {
  await using loop = new LoopExecutor()
  const lock = new RLock()
  const order: string[] = []
  const visit = async (letter: string): Promise<void> => {
    await lock.acquire()
    order.push(letter)
    await new Promise(resolve => setTimeout(resolve, 1))
    lock.acquireSync()
    assert.equal(lock.statistics().depth, 2)
    order.push(letter)
    lock.release()
    lock.release()
  }
  await Promise.all(['a', 'b', 'c'].map(letter => loop.submit(visit, letter)))
  assert.equal(order.join(''), 'aabbcc')
  assert.equal(lock.locked, false)
})

test('a call that is submitted from inside with is an owner of its own', LIMIT, async () => {
  await using loop = new LoopExecutor()
  const lock = new RLock()
  await lock.with(async () => {
    assert.equal(await loop.submit(() => lock.tryAcquire()), undefined)
    assert.equal(await loop.submit(() => lock.statistics().depth), 0)
    assert.equal(lock.statistics().depth, 1)
  })
})

test('what a call of a worker has kept is not the next one’s, though it is the same thread', LIMIT, async () => {
  await using pool = new ThreadPoolExecutor({ maxWorkers: 1 })
  const lock = new RLock()
  assert.equal(await pool.submit(keepLock, lock), 1)
  assert.deepEqual(await pool.submit(tryTwice, lock), [false, false])
})
