import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { BoundedSemaphore, Semaphore } from 'multitask'
import { semaphoreSuite } from '../conformance/semaphore.ts'
import { release } from '../fixtures/sync-tasks.ts'
import { casesAlone, casesWithThreads } from '../conformance/sync-cases.ts'

semaphoreSuite('Semaphore', (value, options) => new Semaphore(value, options))
semaphoreSuite('BoundedSemaphore', (value, options) => new BoundedSemaphore(value, options))

const ofSemaphore = casesAlone('Semaphore')
const ofBounded = casesAlone('BoundedSemaphore')

ofSemaphore('SEM-11: it may be released without being taken, and then has more permits than at first', async () => {
  const semaphore = new Semaphore(1)
  semaphore.release()
  semaphore.release(3)
  assert.equal(semaphore.value, 5)
  const empty = new Semaphore(0)
  const waiting = empty.acquire()
  empty.release(2)
  await waiting
  assert.equal(empty.value, 1)
})

ofBounded('SEM-14: a release too many is an error that changes nothing, even if a part of it would fit', () => {
  const semaphore = new BoundedSemaphore(3, { name: 'db' })
  const full = 'the BoundedSemaphore "db" has 3 of at most 3 permits: it cannot take 1 more'
  assert.throws(() => semaphore.release(), { name: 'InvalidStateError', message: full })
  semaphore.acquireSync()
  const nearly = 'the BoundedSemaphore "db" has 2 of at most 3 permits: it cannot take 2 more'
  assert.throws(() => semaphore.release(2), { name: 'InvalidStateError', message: nearly })
  assert.equal(semaphore.value, 2)
  semaphore.release()
  assert.equal(semaphore.value, 3)
})

ofBounded('SEM-14: a guard and a release for the same permit are one too many', async () => {
  const semaphore = new BoundedSemaphore(1)
  const guard = await semaphore.acquire()
  semaphore.release()
  assert.throws(() => guard.release(), { name: 'InvalidStateError' })
  assert.equal(semaphore.value, 1)
  guard.release()
  assert.equal(semaphore.value, 1)
})

ofBounded('it says how many of its permits are free', () => {
  assert.equal(inspect(new BoundedSemaphore(3, { name: 'db' })), 'BoundedSemaphore "db" { 3 of 3 free }')
  assert.equal(inspect(new Semaphore(3)), 'Semaphore { 3 free }')
})

casesWithThreads('BoundedSemaphore')('SEM-13, SEM-14: another thread knows the limit', async ({ pool }) => {
  const semaphore = new BoundedSemaphore(2, { name: 'db' })
  semaphore.acquireSync()
  const message = 'the BoundedSemaphore "db" has 1 of at most 2 permits: it cannot take 2 more'
  assert.equal(await pool.submit(release, semaphore, 2), message)
  assert.equal(semaphore.value, 1)
})
