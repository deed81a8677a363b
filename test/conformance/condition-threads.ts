/** What every condition does among threads. Ids are those of CONFORMANCE's behaviours: CND of threading.Condition. */
import assert from 'node:assert/strict'
import { type Condition, Lock, waiters as waitersNow } from 'multitask'
import {
  complaints,
  consume,
  newStock,
  notify,
  notifyTwice,
  waitAtGate,
  waitBehindBlock,
  waitOnce,
  waitRestlessly,
  waitTogether,
} from '../fixtures/condition-tasks.ts'
import { STARTED, until } from '../fixtures/gate.ts'
import { same } from '../fixtures/sync-tasks.ts'
import { waiters, workers } from '../fixtures/waiters.ts'
import type { MakeCondition } from './condition.ts'
import { casesWithThreads, turn, type Traits } from './sync-cases.ts'

export function conditionThreadSuite(type: string, make: MakeCondition, { elsewhere = false }: Traits = {}): void {
  if (!elsewhere) busyCases(type, make)
  notifyCases(type, make)
  mixedCases(type, make)
}

function untilWaiting(condition: Condition, count: number): Promise<void> {
  return until(() => condition.statistics().waiting === count)
}

function notifyCases(type: string, make: MakeCondition): void {
  const threads = casesWithThreads(type)

  threads('CND-02, CND-03: what another thread holds is not held by the caller', async ({ pool }) => {
    const condition = make({ name: 'items' })
    condition.acquireSync()
    const without = 'the Condition "items": the caller does not hold its lock'
    assert.deepEqual(await pool.submit(complaints, condition), [
      `cannot wait for ${without}`,
      `cannot wait for ${without}`,
      `cannot notify ${without}`,
    ])
    condition.release()
  })

  threads('it comes back as the same object, with the same lock', async ({ pool }) => {
    const condition = make()
    assert.equal(await pool.submit(same, condition), condition)
    assert.equal(((await pool.submit(same, [condition, condition.lock])) as unknown[])[1], condition.lock)
  })

  for (const waiter of waiters) {
    threads(`${waiter.name} waits until it is notified, and then has the lock`, async ({ pool, gate }) => {
      const condition = make()
      const waiting = waiter.start(pool, waitOnce, condition, gate.words)
      await untilWaiting(condition, 1)
      await condition.with(async () => {
        condition.notify()
        await new Promise(resolve => setTimeout(resolve, 2))
        assert.equal(gate.finished, 0)
      })
      assert.equal(await waiting, true)
      assert.deepEqual([condition.locked, condition.statistics().waiting], [false, 0])
    })

    threads(`${waiter.name} is notified by another thread`, async ({ pool, gate }) => {
      const condition = make()
      const waiting = waiter.start(pool, waitOnce, condition, gate.words)
      await untilWaiting(condition, 1)
      await pool.submit(notify, condition, 1)
      assert.equal(await waiting, true)
      assert.equal(condition.locked, false)
    })

    threads(`CND-08: ${waiter.name} times out, and has the lock`, async ({ pool, gate }) => {
      const condition = make()
      assert.equal(await waiter.start(pool, waitOnce, condition, gate.words, 20), false)
      assert.deepEqual([gate.finished, condition.locked, condition.statistics().waiting], [1, false, 0])
    })

    threads(`CND-09, CND-10: ${waiter.name} waits for a fact, through notifies that bring none`, async ({ pool }) => {
      const condition = make()
      const stock = newStock()
      const consuming = waiter.start(pool, consume, condition, stock, 2)
      for (let i = 0; i < 5; i++) {
        await untilWaiting(condition, 1)
        await condition.with(() => {
          if (i > 2) stock[0] = 1
          condition.notifyAll()
        })
      }
      assert.equal(await consuming, 2)
      assert.equal(await waiter.start(pool, consume, condition, stock, 2, 20), 0)
      assert.deepEqual([condition.locked, condition.statistics().waiting], [false, 0])
    })
  }

  threads('while a thread blocks, others get the lock and its own tasks do not', async ({ pool, gate }) => {
    const condition = make()
    const other = pool.submit(waitOnce.blocks, condition, gate.words)
    await untilWaiting(condition, 1)
    const order: string[] = []
    const holder = condition.with(async () => {
      await turn()
      const notifying = pool.submit(notify, condition, 2)
      // It waits for the lock, as the next task here does.
      condition.waitSync()
      order.push('holder')
      return notifying
    })
    const next = condition.with(() => void order.push('next'))
    await Promise.all([holder, next])
    assert.deepEqual(order, ['holder', 'next'])
    assert.equal(await other, true)
  })
}

function mixedCases(type: string, make: MakeCondition): void {
  const threads = casesWithThreads(type)

  threads('CND-13, CND-05: of six in three ways exactly as many go on as are notified', async ({ pool, gate }) => {
    const condition = make()
    const waiting = [...waiters, ...waiters].map(waiter => waiter.start(pool, waitOnce, condition, gate.words))
    await untilWaiting(condition, 6)
    let gone = 0
    for (const count of [1, 2, 1]) {
      await condition.with(() => condition.notify(count))
      gone += count
      await gate.whenFinished(gone)
      for (let i = 0; i < 10; i++) await condition.with(() => turn())
      assert.deepEqual([gate.finished, condition.statistics().waiting], [gone, 6 - gone])
    }
    await condition.with(() => condition.notify(100))
    assert.deepEqual(await Promise.all(waiting), [true, true, true, true, true, true])
    assert.deepEqual([gate.most, condition.locked, condition.statistics().waiting], [1, false, 0])
  })

  threads('of several tasks in several threads each thread lets those go first who came first', async scene => {
    const { pool, gate } = scene
    const condition = make()
    const groups = [1, 2, 3].map(() => pool.submit(waitTogether, condition, gate.words, 5))
    groups.push(Promise.resolve(waitTogether(condition, gate.words, 5)) as never)
    await untilWaiting(condition, 20)
    for (let gone = 0; gone < 20;) {
      const count = 1 + (gone % 3)
      await condition.with(() => condition.notify(count))
      gone = Math.min(20, gone + count)
      await gate.whenFinished(gone)
      assert.deepEqual([gate.finished, condition.statistics().waiting], [gone, 20 - gone])
    }
    const inOrder = [0, 1, 2, 3, 4]
    assert.deepEqual(await Promise.all(groups), [inOrder, inOrder, inOrder, inOrder])
    assert.equal(gate.most, 1)
  })

  threads('what has reached a task that is cancelled goes on to another thread', async ({ pool, gate }) => {
    const condition = make()
    // By turns, the notify is first for the one or the other.
    for (const waiter of [...workers, ...workers]) {
      const controller = new AbortController()
      const cancelled = condition.with(() => condition.wait({ signal: controller.signal }))
      const end = assert.rejects(cancelled, /enough/)
      const waiting = waiter.start(pool, waitOnce, condition, gate.words)
      await untilWaiting(condition, 2)
      await condition.with(async () => {
        controller.abort(new Error('enough'))
        await turn()
        condition.notify()
      })
      await end
      assert.equal(await waiting, true)
      assert.deepEqual([condition.locked, condition.statistics().waiting], [false, 0])
    }
  })

  threads('producers and consumers of all kinds lose nothing and make nothing up', async ({ pool }) => {
    const condition = make()
    const stock = newStock()
    const each = 200
    const consumers = [...waiters, ...waiters].map(waiter => waiter.start(pool, consume, condition, stock, each))
    for (let made = 0; made < 6 * each;) {
      const count = Math.min(1 + (made % 4), 6 * each - made)
      await condition.with(() => {
        stock[0]! += count
        condition.notify(count)
      })
      made += count
    }
    assert.deepEqual(await Promise.all(consumers), [each, each, each, each, each, each])
    assert.deepEqual([stock[0], condition.statistics().waiting, condition.locked], [0, 0, false])
  })

  threads('as many are notified as notify found waiting, however many leave in that moment', async ({ pool, gate }) => {
    const condition = make()
    const restless = [...waiters, ...waiters].map((waiter, i) =>
      waiter.start(pool, waitRestlessly, condition, gate.words, 1 + (i % 3)),
    )
    await gate.whenStarted(6)
    let granted = 0
    for (let i = 0; i < 300; i++) {
      await condition.with(async () => {
        if (i % 3 === 0) await turn()
        const { waiting } = condition.statistics()
        const count = 1 + (i % 3)
        condition.notify(count)
        granted += Math.min(count, waiting)
        assert.equal(condition.statistics().waiting, waiting - Math.min(count, waiting))
      })
    }
    gate.open()
    const notified = await Promise.all(restless)
    assert.ok(granted > 0)
    assert.equal(
      notified.reduce((sum, count) => sum + count),
      granted,
    )
    assert.deepEqual([condition.locked, condition.statistics().waiting], [false, 0])
  })
}

/** An agent is not busy when its client is: it takes what its client is given. */
function busyCases(type: string, make: MakeCondition): void {
  const threads = casesWithThreads(type)

  threads('newcomers take nothing from those who were notified before, however slow these are', async scene => {
    const { pool, gate } = scene
    const { words } = gate
    const condition = make()
    const slow = waitOnce.awaits(condition, words)
    const newcomers = [1, 2].map(() => pool.submit(waitAtGate, condition, words))
    await untilWaiting(condition, 1)
    const notifying = pool.submit(notifyTwice, condition, words, 2)
    // This thread is notified, and is too busy to hear of it while others come and go.
    while (Atomics.load(words, STARTED) !== -1) Atomics.wait(words, STARTED, Atomics.load(words, STARTED), 1)
    assert.deepEqual([gate.finished, condition.statistics().waiting], [1, 1])
    assert.equal(await slow, true)
    await notifying
    await condition.with(() => condition.notify())
    assert.deepEqual(await Promise.all(newcomers), [true, true])
    assert.equal(condition.statistics().waiting, 0)
  })

  threads(
    'a thread that is blocked for something else is notified only if nobody else waits',
    async ({ pool, gate }) => {
      const condition = make()
      const lock = new Lock({ name: 'obstacle' })
      const guard = lock.acquireSync()
      const behind = pool.submit(waitBehindBlock, condition, lock)
      await until(() => waitersNow().some(({ waitsFor, blocked }) => blocked && waitsFor === 'Lock "obstacle"'))
      for (const waiter of [...waiters, ...waiters]) {
        const waiting = waiter.start(pool, waitOnce, condition, gate.words)
        await untilWaiting(condition, 2)
        await condition.with(() => condition.notify())
        assert.equal(await waiting, true)
        assert.equal(condition.statistics().waiting, 1)
      }
      await condition.with(() => condition.notify())
      guard.release()
      assert.equal(await behind, true)
    },
  )
}
