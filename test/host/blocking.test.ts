/** A thread that blocks does not sit on what was given to its tasks in that moment. */
import assert from 'node:assert/strict'
import { Event, Lock } from 'multitask'
import { casesWithThreads } from '../conformance/sync-cases.ts'
import { setUnder } from '../fixtures/host-tasks.ts'
import { standIn } from '../fixtures/stand-in.ts'

const threads = casesWithThreads('blocking')

threads('a lock that comes for a task while its thread blocks goes to others first', async ({ pool, gate }) => {
  const [lock, event] = [new Lock(), new Event()]
  const [thereLock, thereEvent] = [standIn(lock), standIn(event)]
  lock.acquireSync()
  const order: string[] = []
  const waiting = thereLock.with(() => order.push('task'))
  const setting = pool.submit(setUnder, lock, event, gate.words)
  while (thereLock.statistics().waiters === 0);
  lock.release()
  // Its agent takes it for the task, which cannot hear of that.
  while (!lock.locked);
  gate.open()
  assert.equal(thereEvent.waitSync({ timeout: 20_000 }), true)
  order.push('blocked')
  await Promise.all([waiting, setting])
  assert.deepEqual(order, ['blocked', 'task'])
  assert.equal(lock.locked, false)
})
