/** Between threads: nobody starves, nobody is left asleep beside what is free, and who leaves hands on. */
import assert from 'node:assert/strict'
import { Event, Lock, Semaphore } from 'multitask'
import { forbidNaps } from '../../dist/memory/parking-lot.js'
import { casesWithThreads, turn } from '../conformance/sync-cases.ts'
import { Gate, until } from '../fixtures/gate.ts'
import { consume, hog, tryOnce, visitAndSet, waitAndBlock, waitAndSpin } from '../fixtures/sync-tasks.ts'
import {
  type Acquirable,
  take,
  turns,
  untilInside,
  untilWaiting,
  visit,
  waiters,
  workers,
} from '../fixtures/waiters.ts'

const makers: readonly (() => Acquirable)[] = [() => new Lock(), () => new Semaphore(1)]

for (const make of makers) {
  const check = casesWithThreads(make().constructor.name)

  for (const owner of workers) {
    for (const waiter of waiters) {
      // Longer and shorter than a turn is reserved for.
      for (const hold of [1, 30]) {
        const claim = `${owner.name} holds it nearly always, for ${hold} ms each, and ${waiter.name} gets it too`
        check(claim, async ({ pool, gate }) => {
          const thing = make()
          const hogging = owner.start(pool, hog, thing, gate.words, hold)
          await gate.whenStarted(1)
          assert.equal(await waiter.start(pool, turns, thing, new Gate().words, 3), 3)
          gate.open()
          await hogging
        })
      }
    }
  }

  for (const [one, other] of [
    [waiters[0]!, waiters[0]!],
    [waiters[0]!, waiters[1]!],
    [waiters[1]!, waiters[1]!],
    [waiters[0]!, waiters[2]!],
    [waiters[1]!, waiters[2]!],
  ] as const) {
    check(`${one.name} and ${other.name} take it in a hurry, and both have their turns`, async ({ pool }) => {
      const thing = make()
      const gates = [new Gate(), new Gate()] as const
      const rounds = [
        one.start(pool, turns, thing, gates[0].words, 1e9),
        other.start(pool, turns, thing, gates[1].words, 1e9),
      ]
      await Promise.all(gates.map(gate => gate.whenFinished(1)))
      const before = gates.map(({ finished }) => finished)
      const had = () => gates.map(({ finished }, i) => finished - before[i]!)
      // How many the other has by then is a matter of the processors, so there is no more to say that holds everywhere.
      await until(() => Math.min(...had()) >= 5_000)
      for (const gate of gates) gate.open()
      await Promise.all(rounds)
    })
  }

  for (const waiter of waiters) {
    check(
      `a thread is called that is too busy to answer, and ${waiter.name} gets it all the same`,
      async ({ pool }) => {
        forbidNaps(false)
        // Whoever comes first is called first.
        for (const busyFirst of [true, false]) {
          const thing = make()
          const [holding, busy, gate] = [new Gate(), new Gate(), new Gate()]
          const holder = workers[0]!.start(pool, visit, thing, holding.words)
          await untilInside(holding, 1)
          gate.open()
          const starts = [
            async () => {
              const spinning = pool.submit(waitAndSpin, thing, busy.words)
              await busy.whenStarted(1)
              return [spinning]
            },
            async () => {
              const visitor = waiter.start(pool, visit, thing, gate.words)
              await gate.whenStarted(1)
              return [visitor]
            },
          ]
          const first = await starts[busyFirst ? 0 : 1]!()
          const second = await starts[busyFirst ? 1 : 0]!()
          await untilWaiting(2)
          holding.open()
          await gate.whenFinished(1)
          busy.open()
          await Promise.all([holder, ...first, ...second])
        }
        forbidNaps(true)
      },
    )
  }

  check(
    'a task of the main thread is called while that is blocked for a result, and another gets it',
    async ({ pool }) => {
      for (const mainFirst of [true, false]) {
        const thing = make()
        const [holding, gate] = [new Gate(), new Gate()]
        const holder = workers[0]!.start(pool, visit, thing, holding.words)
        await untilInside(holding, 1)
        gate.open()
        let mine: Promise<unknown> | undefined
        if (mainFirst) mine = thing.acquire().then(guard => guard.release())
        const theirs = pool.submit(visit.blocks, thing, gate.words)
        await gate.whenStarted(1)
        mine ??= thing.acquire().then(guard => guard.release())
        await untilWaiting(2)
        holding.open()
        theirs.resultSync()
        await Promise.all([holder, mine])
      }
    },
  )

  for (const waiter of waiters) {
    for (const other of waiters) {
      check(`${waiter.name} times out as it is given, and ${other.name} gets it`, async ({ pool, gate }) => {
        for (let round = 0; round < 10; round++) {
          const thing = make()
          const guard = await thing.acquire()
          const hasty = waiter.start(pool, take, thing, gate.words, 3 + (round % 3)).then(
            () => 'had it',
            (error: Error) => error.name,
          )
          const patient = other.start(pool, take, thing, gate.words)
          const began = performance.now()
          await until(() => performance.now() - began > 2 + (round % 4))
          guard.release()
          const outcome = await Promise.race([hasty, patient.then(() => 'was passed')])
          if (outcome === 'had it') (thing as Lock | Semaphore).release()
          await patient
          ;(thing as Lock | Semaphore).release()
          assert.match(await hasty, /had it|TimeoutError/)
          if ((await hasty) === 'had it' && outcome !== 'had it') (thing as Lock | Semaphore).release()
          assert.deepEqual(await pool.submit(tryOnce, thing as Lock), [true, false])
        }
      })
    }
  }
}

for (const make of makers) {
  const check = casesWithThreads(make().constructor.name)

  for (const waiter of waiters) {
    check(
      `a thread that is blocked for something else is passed over, and ${waiter.name} gets it`,
      async ({ pool }) => {
        for (const blockedFirst of [true, false]) {
          const [thing, other] = [make(), make()]
          const [first, second] = [await thing.acquire(), await other.acquire()]
          const [blocked, gate] = [new Gate(), new Gate()]
          gate.open()
          const starts = [
            () => pool.submit(waitAndBlock, thing, other, blocked.words),
            () => waiter.start(pool, visit, thing, gate.words),
          ]
          const ends = [starts[blockedFirst ? 0 : 1]!()]
          await untilWaiting(1)
          ends.push(starts[blockedFirst ? 1 : 0]!())
          // Of the thread that is blocked both are listed.
          await untilWaiting(3)
          first.release()
          await gate.whenFinished(1)
          // Now the task of that thread can have it, and it has to find out by itself.
          second.release()
          await Promise.all(ends)
        }
      },
    )
  }

  check('the main thread blocks for what a thread gives that is called after it', async ({ pool }) => {
    const thing = make()
    const [holding, gate] = [new Gate(), new Gate()]
    const holder = workers[0]!.start(pool, visit, thing, holding.words)
    await untilInside(holding, 1)
    const mine = thing.acquire().then(guard => guard.release())
    const gone = new Event()
    const theirs = pool.submit(visitAndSet, thing, gone, gate.words)
    await gate.whenStarted(1)
    await untilWaiting(2)
    holding.open()
    gone.waitSync()
    await Promise.all([holder, theirs, mine])
  })

  for (const waiter of workers) {
    check(`many tasks of this thread take it by turns, and ${waiter.name} gets it too`, async ({ pool }) => {
      const thing = make()
      let over = false
      const rotation = Array.from({ length: 8 }, async () => {
        while (!over) {
          using _ = await thing.acquire()
          await turn()
        }
      })
      assert.equal(await waiter.start(pool, turns, thing, new Gate().words, 20), 20)
      over = true
      await Promise.all(rotation)
    })
  }
}

const check = casesWithThreads('Semaphore')

for (const waiter of workers) {
  check(
    `a thread that gives now and then gives to all by turns: ${waiter.name} is one of three`,
    async ({ pool, gate }) => {
      const semaphore = new Semaphore(0)
      const counts = new Int32Array(new SharedArrayBuffer(8 * 4))
      const consumers = [5, 6, 7].map(at => waiter.start(pool, consume, semaphore, counts, at))
      await untilWaiting(3)
      for (let given = 0; Math.min(...counts.subarray(5)) < 10; given++) {
        semaphore.release()
        await until(() => counts.subarray(5).reduce((sum, n) => sum + n, 0) > given)
        await untilWaiting(3)
      }
      gate.open()
      Atomics.store(counts, 0, 1)
      semaphore.release(3)
      await Promise.all(consumers)
    },
  )
}
