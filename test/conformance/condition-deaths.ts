/** What every condition does when threads end. */
import assert from 'node:assert/strict'
import { BrokenLockError, type Condition } from 'multitask'
import { dieWithLock, waitOnce } from '../fixtures/condition-tasks.ts'
import { until } from '../fixtures/gate.ts'
import { mortal } from '../fixtures/mortal.ts'
import { waiters, workers } from '../fixtures/waiters.ts'
import type { MakeCondition } from './condition.ts'
import { casesWithDeaths, type Traits } from './sync-cases.ts'

function untilWaiting(condition: Condition, count: number): Promise<void> {
  return until(() => condition.statistics().waiting === count)
}

export function conditionDeathSuite(type: string, make: MakeCondition, { elsewhere = false }: Traits = {}): void {
  const deaths = casesWithDeaths(type)

  for (const victim of workers) {
    deaths(`${victim.name} ends while it waits: others are notified in its place`, async ({ pool, gate }) => {
      const condition = make()
      const controller = new AbortController()
      const dying = victim.start(mortal(pool, controller.signal), waitOnce, condition, gate.words)
      const end = assert.rejects(dying, { name: 'CancelledError' })
      await untilWaiting(condition, 1)
      const waiting = waiters.map(waiter => waiter.start(pool, waitOnce, condition, gate.words))
      await untilWaiting(condition, 4)
      controller.abort()
      await end
      await untilWaiting(condition, 3)
      for (const gone of [1, 2, 3]) {
        await condition.with(() => condition.notify())
        await gate.whenFinished(gone)
      }
      assert.deepEqual(await Promise.all(waiting), [true, true, true])
      assert.deepEqual([condition.locked, condition.statistics().waiting], [false, 0])
    })

    // Elsewhere the end is heard a moment later, in which who acts for the thread may take the lock and be ended with it.
    if (elsewhere) continue
    for (const waiter of waiters) {
      deaths(
        `${victim.name} ends before it hears that it was notified: ${waiter.name} goes in its place`,
        async scene => {
          const { pool, gate } = scene
          const condition = make()
          const controller = new AbortController()
          const dying = victim.start(mortal(pool, controller.signal), waitOnce, condition, gate.words)
          const end = assert.rejects(dying, { name: 'CancelledError' })
          await untilWaiting(condition, 1)
          // One more of each kind, so that somebody is notified who ends, whose turn it may be.
          const other = pool.submit(waitOnce.blocks, condition, gate.words)
          const waiting = waiter.start(pool, waitOnce, condition, gate.words)
          await untilWaiting(condition, 3)
          await condition.with(async () => {
            condition.notify(2)
            controller.abort()
            await end
          })
          assert.deepEqual(await Promise.all([waiting, other]), [true, true])
          assert.deepEqual([condition.locked, condition.statistics().waiting], [false, 0])
        },
      )
    }

    deaths(
      `what was for ${victim.name} that has ended is not kept for those who come later`,
      async ({ pool, gate }) => {
        const condition = make()
        const controller = new AbortController()
        const dying = victim.start(mortal(pool, controller.signal), waitOnce, condition, gate.words)
        const end = assert.rejects(dying, { name: 'CancelledError' })
        await untilWaiting(condition, 1)
        await condition.with(async () => {
          condition.notify()
          controller.abort()
          await end
        })
        for (const waiter of waiters) {
          assert.equal(await waiter.start(pool, waitOnce, condition, gate.words, 20), false)
        }
      },
    )
  }

  for (const waiter of waiters) {
    deaths(`${waiter.name} is told when a thread dies that has the lock`, async ({ pool, gate }) => {
      const condition = make()
      const waiting = waiter.start(pool, waitOnce, condition, gate.words)
      const told = assert.rejects(waiting, { name: 'BrokenLockError' })
      await untilWaiting(condition, 1)
      const dying = pool.submit(dieWithLock, condition, gate.words)
      await assert.rejects(dying, { name: 'WorkerDiedError' })
      // Nobody can notify any more; it hears of it when it comes for the lock.
      await assert.rejects(condition.acquire(), BrokenLockError)
      assert.equal(condition.statistics().lock.broken, true)
      await told
    })
  }
}
