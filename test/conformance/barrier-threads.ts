/** What every barrier does among threads. Ids are those of CONFORMANCE's behaviours: BAR of threading.Barrier. */
import assert from 'node:assert/strict'
import { type Barrier, BrokenBarrierError, CannotSendError } from 'multitask'
import {
  abort,
  ACTIONS,
  countAction,
  endlessAction,
  meet,
  meetOften,
  MIXED,
  newBoard,
  reset,
  stateOf,
  throwingAction,
} from '../fixtures/barrier-tasks.ts'
import { STARTED, until } from '../fixtures/gate.ts'
import { mortal } from '../fixtures/mortal.ts'
import { same } from '../fixtures/sync-tasks.ts'
import { type Waiter, waiters, workers } from '../fixtures/waiters.ts'
import type { MakeBarrier } from './barrier.ts'
import { casesWithDeaths, casesWithThreads, type Traits } from './sync-cases.ts'

/** Two of each kind. */
const six: readonly Waiter[] = [...waiters, ...waiters]

function untilInside(barrier: Barrier, count: number): Promise<void> {
  return until(() => barrier.nWaiting === count)
}

async function allBroken(waits: readonly Promise<unknown>[], reason: RegExp): Promise<void> {
  for (const each of await Promise.allSettled(waits)) {
    assert.ok(each.status === 'rejected' && each.reason instanceof BrokenBarrierError)
    assert.match(each.reason.message, reason)
  }
}

export function barrierThreadSuite(type: string, make: MakeBarrier, { elsewhere = false }: Traits = {}): void {
  const threads = casesWithThreads(type)
  if (!elsewhere) actionCases(type, make)

  threads('it comes back as the same object', async ({ pool }) => {
    const barrier = make(2, { action: countAction, timeout: 1000 })
    assert.equal(await pool.submit(same, barrier), barrier)
    barrier.abort()
    assert.deepEqual(await pool.submit(stateOf, barrier), [0, true])
  })

  threads('BAR-02: six in three ways wait until the last has come, and each gets another index', async ({ pool }) => {
    const barrier = make(7)
    const words = newBoard()
    const waits = six.map(waiter => waiter.start(pool, meet, barrier, words))
    await untilInside(barrier, 6)
    assert.deepEqual(await pool.submit(stateOf, barrier), [6, false])
    const last = await barrier.wait()
    assert.equal(last, 6)
    const indexes = await Promise.all(waits)
    assert.deepEqual(
      indexes.toSorted((a, b) => a - b),
      [0, 1, 2, 3, 4, 5],
    )
    assert.deepEqual([barrier.nWaiting, barrier.broken], [0, false])
  })

  for (const waiter of waiters) {
    threads(`BAR-02: ${waiter.name} can be the last to come`, async ({ pool }) => {
      const barrier = make(2)
      const words = newBoard()
      const first = barrier.wait()
      assert.equal(barrier.nWaiting, 1)
      assert.equal(await waiter.start(pool, meet, barrier, words), 1)
      assert.equal(await first, 0)
    })

    threads(`BAR-07: ${waiter.name} is told that it was aborted`, async ({ pool }) => {
      const barrier = make(3)
      const waits = [waiter, workers[0]!].map(each => each.start(pool, meet, barrier, newBoard()))
      const told = allBroken(waits, /was aborted$/)
      await untilInside(barrier, 2)
      await pool.submit(abort, barrier)
      await told
      assert.deepEqual([barrier.broken, barrier.nWaiting], [true, 0])
    })

    threads(`BAR-08: ${waiter.name} is told that it was reset, and it goes on as new`, async ({ pool }) => {
      const barrier = make(3)
      const waits = [waiter, workers[0]!].map(each => each.start(pool, meet, barrier, newBoard()))
      const told = allBroken(waits, /was reset while this party waited$/)
      await untilInside(barrier, 2)
      await pool.submit(reset, barrier)
      const next = [waiter, waiter, waiter].map(each => each.start(pool, meet, barrier, newBoard()))
      await told
      assert.deepEqual(new Set(await Promise.all(next)), new Set([0, 1, 2]))
      assert.deepEqual([barrier.broken, barrier.nWaiting], [false, 0])
    })

    threads(`${waiter.name} whose time is up breaks it for all`, async ({ pool }) => {
      const barrier = make(4)
      const words = newBoard()
      const others = waiters.slice(0, 2).map(each => each.start(pool, meet, barrier, words))
      const told = allBroken(others, /left by a party whose time was up$/)
      await untilInside(barrier, 2)
      await assert.rejects(waiter.start(pool, meet, barrier, words, 20), {
        name: 'BrokenBarrierError',
        message: 'the Barrier is broken: not all 4 parties had come after 20 ms',
      })
      await told
      assert.deepEqual([barrier.broken, barrier.nWaiting], [true, 0])
    })

    threads(`BAR-06: ${waiter.name} gets the error of the action, the others a broken barrier`, async ({ pool }) => {
      const barrier = make(4, { action: throwingAction })
      const words = newBoard()
      const others = waiters.map(each => each.start(pool, meet, barrier, words))
      const told = allBroken(others, /has an action that threw$/)
      await untilInside(barrier, 3)
      await assert.rejects(waiter.start(pool, meet, barrier, words), { name: 'RangeError', message: 'in the action' })
      await told
      assert.equal(barrier.broken, true)
    })
  }

  threads('BAR-14, BAR-15: six in three ways pass a thousand rounds, and no two of them mix', async ({ pool }) => {
    const barrier = make(6)
    const words = newBoard()
    const rounds = 1000
    const sums = await Promise.all(six.map(waiter => waiter.start(pool, meetOften, barrier, words, rounds)))
    assert.equal(words[MIXED], 0)
    assert.equal(
      sums.reduce((sum, each) => sum + each),
      rounds * (0 + 1 + 2 + 3 + 4 + 5),
    )
    assert.deepEqual([barrier.nWaiting, barrier.broken], [0, false])
  })

  threads('twice as many as there are parties pass in rounds, with those at the gate held back', async ({ pool }) => {
    const barrier = make(3)
    const words = newBoard()
    const rounds = Array.from({ length: 40 }, () =>
      Promise.all(six.map(waiter => waiter.start(pool, meet, barrier, words))),
    )
    for (const indexes of await Promise.all(rounds)) assert.equal(indexes.length, 6)
    const all = (await Promise.all(rounds)).flat()
    for (const index of [0, 1, 2]) assert.equal(all.filter(each => each === index).length, 80)
    assert.deepEqual([barrier.nWaiting, barrier.broken], [0, false])
  })

  threads('resets and aborts at any moment leave nobody behind', async ({ pool }) => {
    const barrier = make(3)
    const words = newBoard()
    let passed = 0
    let told = 0
    for (let round = 0; round < 60; round++) {
      const waits = six.map(waiter => waiter.start(pool, meet, barrier, words))
      const target = words[STARTED]! + (round % 7)
      if (round % 3 === 0) await until(() => words[STARTED]! >= Math.min(target, (round + 1) * 6))
      if (round % 2 === 0) barrier.abort()
      barrier.reset()
      // Whoever came after it may be alone.
      const ended = Promise.allSettled(waits)
      let over = false
      void ended.then(() => (over = true))
      while (!over) {
        await new Promise(resolve => setTimeout(resolve, 1))
        if (words[STARTED] === (round + 1) * 6) barrier.reset()
      }
      for (const each of await ended) {
        if (each.status === 'fulfilled') passed++
        else if (each.reason instanceof BrokenBarrierError) told++
        else throw each.reason
      }
    }
    assert.equal(passed + told, 360)
    barrier.reset()
    assert.deepEqual([barrier.nWaiting, barrier.broken], [0, false])
  })
}

function actionCases(type: string, make: MakeBarrier): void {
  const threads = casesWithThreads(type)

  threads('BAR-05: the action runs once a round, in whichever thread comes last', async ({ pool }) => {
    const barrier = make(6, { action: countAction })
    const words = newBoard()
    for (let round = 1; round <= 10; round++) {
      await Promise.all(six.map(waiter => waiter.start(pool, meet, barrier, words)))
      assert.equal(words[ACTIONS], round)
    }
  })

  threads('an action that cannot cross is refused when the barrier is sent', async ({ pool }) => {
    const secret = new WeakMap()
    const barrier = make(2, { action: () => secret.has({}) })
    assert.throws(() => pool.submit(stateOf, barrier), CannotSendError)
    assert.deepEqual(await Promise.all([barrier.wait(), barrier.wait()]), [0, 1])
  })
}

export function barrierDeathSuite(type: string, make: MakeBarrier, { elsewhere = false }: Traits = {}): void {
  const deaths = casesWithDeaths(type)

  for (const victim of workers) {
    deaths(`when ${victim.name} ends as a party, the others are told`, async ({ pool }) => {
      const barrier = make(5, { name: 'start' })
      const words = newBoard()
      const controller = new AbortController()
      const dying = victim.start(mortal(pool, controller.signal), meet, barrier, words)
      const end = assert.rejects(dying, { name: 'CancelledError' })
      const told = allBroken(
        waiters.map(waiter => waiter.start(pool, meet, barrier, words)),
        /^the Barrier "start" is broken: thread ".+" ended as one of its parties$/,
      )
      await untilInside(barrier, 4)
      controller.abort()
      await end
      await told
      assert.deepEqual([barrier.broken, barrier.nWaiting], [true, 0])
      await assert.rejects(barrier.wait(), BrokenBarrierError)
      barrier.reset()
      const next = [...waiters, victim].map(waiter => waiter.start(pool, meet, barrier, words))
      assert.deepEqual(new Set(await Promise.all([...next, barrier.wait()])), new Set([0, 1, 2, 3, 4]))
    })
  }

  // Elsewhere it is run by who acts for the last one.
  for (const waiter of elsewhere ? [] : waiters) {
    const claim = `when the thread that runs the action ends, ${waiter.name} is told`
    const skip = 'Deno' in globalThis && 'Deno lets go of a busy thread and does not end it'
    deaths(
      claim,
      async ({ pool }) => {
        const barrier = make(2, { action: endlessAction })
        const words = newBoard()
        const controller = new AbortController()
        const told = allBroken([waiter.start(pool, meet, barrier, words)], /ended as one of its parties$/)
        await untilInside(barrier, 1)
        const dying = mortal(pool, controller.signal).submit(meet.blocks, barrier, words)
        const end = assert.rejects(dying, { name: 'CancelledError' })
        await until(() => words[ACTIONS] === 1)
        assert.deepEqual([barrier.nWaiting, barrier.broken], [0, false])
        controller.abort()
        await end
        await told
        barrier.reset()
        assert.equal(barrier.broken, false)
      },
      skip,
    )
  }

  deaths('a thread that ends between rounds is missed by nobody', async ({ pool }) => {
    const barrier = make(2)
    const words = newBoard()
    const controller = new AbortController()
    const victim = mortal(pool, controller.signal)
    assert.deepEqual(
      new Set(await Promise.all([victim.submit(meet.blocks, barrier, words), barrier.wait()])),
      new Set([0, 1]),
    )
    controller.abort()
    const other = pool.submit(meet.blocks, barrier, words)
    assert.deepEqual(new Set(await Promise.all([other, barrier.wait()])), new Set([0, 1]))
    assert.equal(barrier.broken, false)
  })
}
