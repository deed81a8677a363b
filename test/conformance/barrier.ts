/**
 * What every barrier does with the tasks of one thread. Ids are those of CONFORMANCE's behaviours: BAR of
 * threading.Barrier, ALK of asyncio's.
 */
import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { type Barrier, type BarrierOptions, BrokenBarrierError, DeadlockError, TimeoutError } from 'multitask'
import { casesAlone, refusedBlocks, refusedWaits, type Traits, turn } from './sync-cases.ts'

export type MakeBarrier = (parties: number, options?: BarrierOptions) => Barrier

/** `type`: the name of the class, which stands in its sentences. */
export function barrierSuite(type: string, make: MakeBarrier, { elsewhere = false }: Traits = {}): void {
  if (!elsewhere) hopelessCases(type, make)
  roundCases(type, make)
  if (!elsewhere) actionCases(type, make)
  endCases(type, make)
  timeCases(type, make)
  inputCases(type, make)
}

function come(barrier: Barrier, count: number): Promise<number>[] {
  return Array.from({ length: count }, () => barrier.wait())
}

/** Whether all of them were told that the barrier is broken, for that reason. */
async function allBroken(waits: readonly Promise<unknown>[], reason: RegExp): Promise<void> {
  for (const each of await Promise.allSettled(waits)) {
    assert.ok(each.status === 'rejected' && each.reason instanceof BrokenBarrierError, inspect(each))
    assert.match(each.reason.message, reason)
  }
}

function roundCases(type: string, make: MakeBarrier): void {
  const alone = casesAlone(type)

  alone('BAR-02: all wait until the last one has come, and each gets another index', async () => {
    const barrier = make(3)
    const order: string[] = []
    const first = barrier.wait().then(index => order.push(`a${index}`))
    const second = barrier.wait().then(index => order.push(`b${index}`))
    assert.deepEqual([barrier.nWaiting, barrier.parties, barrier.broken], [2, 3, false])
    await turn()
    assert.equal(order.length, 0)
    const last = barrier.wait().then(index => order.push(`c${index}`))
    assert.equal(barrier.nWaiting, 0)
    await Promise.all([first, second, last])
    assert.deepEqual(new Set(order), new Set(['a0', 'b1', 'c2']))
  })

  alone('BAR-03: it is good for round after round', async () => {
    const barrier = make(5)
    const rounds: number[] = []
    const party = async (): Promise<void> => {
      for (let round = 0; round < 10; round++) {
        await barrier.wait()
        // All have come to this round, and so have left the one before.
        assert.ok(rounds.length >= round * 5)
        rounds.push(round)
      }
    }
    await Promise.all(Array.from({ length: 5 }, party))
    assert.deepEqual(
      rounds,
      rounds.toSorted((a, b) => a - b),
    )
    assert.deepEqual([barrier.nWaiting, barrier.broken], [0, false])
  })

  alone('one party waits for nobody', async () => {
    const barrier = make(1)
    assert.deepEqual([await barrier.wait(), barrier.waitSync(), await barrier.wait({ timeout: 0 })], [0, 0, 0])
    assert.deepEqual([barrier.nWaiting, barrier.broken], [0, false])
  })

  alone('more than there are parties make several rounds', async () => {
    const barrier = make(3)
    const indexes = await Promise.all(come(barrier, 9))
    assert.deepEqual(
      indexes.toSorted((a, b) => a - b),
      [0, 0, 0, 1, 1, 1, 2, 2, 2],
    )
    assert.equal(barrier.nWaiting, 0)
  })

  alone('BAR-15, ALK-31: who comes again at once is in the next round', async () => {
    const barrier = make(2)
    const order: string[] = []
    const party = async (letter: string): Promise<void> => {
      for (let round = 0; round < 3; round++) {
        await barrier.wait()
        order.push(letter + round)
      }
    }
    await Promise.all([party('a'), party('b')])
    assert.deepEqual(
      order.map(each => each[1]),
      ['0', '0', '1', '1', '2', '2'],
    )
  })

  alone('ALK-30: who is cancelled is taken out, and the others wait for one more', async () => {
    const barrier = make(3)
    const controller = new AbortController()
    const reason = { any: 'value' }
    const [first] = come(barrier, 1)
    const cancelled = barrier.wait({ signal: controller.signal })
    assert.equal(barrier.nWaiting, 2)
    controller.abort(reason)
    await assert.rejects(cancelled, error => error === reason)
    assert.deepEqual([barrier.nWaiting, barrier.broken], [1, false])
    const [second] = come(barrier, 1)
    await turn()
    assert.equal(barrier.nWaiting, 2)
    const indexes = await Promise.all([first, second, barrier.wait()])
    assert.deepEqual(new Set(indexes), new Set([0, 1, 2]))
    await assert.rejects(barrier.wait({ signal: controller.signal }), error => error === reason)
    assert.equal(barrier.nWaiting, 0)
  })
}

function actionCases(type: string, make: MakeBarrier): void {
  const alone = casesAlone(type)

  alone('BAR-05: the action runs once a round, before anybody is let go', async () => {
    const order: string[] = []
    const barrier = make(3, { action: () => void order.push('action') })
    for (let round = 0; round < 3; round++) {
      const waits = come(barrier, 3).map(each => each.then(() => order.push('gone')))
      await Promise.all(waits)
    }
    assert.deepEqual(order, [1, 2, 3].map(() => ['action', 'gone', 'gone', 'gone']).flat())
  })

  alone('BAR-06: if the action throws, the last one gets the error, and the others a broken barrier', async () => {
    const error = new RangeError('in the action')
    let fails = true
    const action = (): void => {
      if (fails) throw error
    }
    const barrier = make(3, { name: 'start', action })
    const others = come(barrier, 2)
    await assert.rejects(barrier.wait(), thrown => thrown === error)
    await allBroken([...others, barrier.wait()], /^the Barrier "start" is broken: it has an action that threw$/)
    assert.deepEqual([barrier.broken, barrier.nWaiting], [true, 0])
    fails = false
    barrier.reset()
    assert.equal((await Promise.all(come(barrier, 3))).length, 3)
  })

  alone('an action that waits is refused, and breaks the barrier', async () => {
    const barrier = make(2, { action: async () => {} })
    const [other] = come(barrier, 1)
    await assert.rejects(barrier.wait(), {
      name: 'TypeError',
      message: 'the action of a Barrier must not wait: it returned a promise',
    })
    await allBroken([other!], /has an action that threw/)
  })

  for (const verb of ['abort', 'reset'] as const) {
    alone(`what its own action says to the barrier holds: ${verb}`, async () => {
      const barrier: Barrier = make(2, { action: () => barrier[verb]() })
      await allBroken(come(barrier, 2), verb === 'abort' ? /was aborted$/ : /was reset while this party waited$/)
      assert.equal(barrier.broken, verb === 'abort')
    })
  }
}

function endCases(type: string, make: MakeBarrier): void {
  const alone = casesAlone(type)

  alone('BAR-07: abort sends all away who wait, and whoever comes', async () => {
    const barrier = make(3, { name: 'start' })
    const waits = come(barrier, 2)
    barrier.abort()
    assert.equal(barrier.broken, true)
    await allBroken([...waits, barrier.wait()], /^the Barrier "start" is broken: it was aborted$/)
    assert.throws(() => barrier.waitSync(), BrokenBarrierError)
    barrier.abort()
    assert.deepEqual([barrier.broken, barrier.nWaiting], [true, 0])
  })

  alone('BAR-08: reset sends those away who wait, and the barrier is as new at once', async () => {
    const barrier = make(3, { name: 'start' })
    const waits = come(barrier, 2)
    barrier.reset()
    const next = come(barrier, 3)
    await allBroken(waits, /^the Barrier "start" was reset while this party waited$/)
    assert.deepEqual(new Set(await Promise.all(next)), new Set([0, 1, 2]))
    assert.deepEqual([barrier.broken, barrier.nWaiting], [false, 0])
  })

  alone('BAR-09: a barrier that is broken can be reset, also while those who were in it are there', async () => {
    const barrier = make(2)
    const waits = come(barrier, 1)
    barrier.abort()
    barrier.reset()
    const next = come(barrier, 2)
    await allBroken(waits, /aborted|reset/)
    assert.deepEqual(await Promise.all(next), [0, 1])
    assert.equal(barrier.broken, false)
  })

  alone('ALK-34: with nobody in it reset changes nothing, and abort breaks it', async () => {
    const barrier = make(2)
    barrier.reset()
    assert.deepEqual([barrier.broken, barrier.nWaiting], [false, 0])
    await Promise.all(come(barrier, 2))
    barrier.reset()
    await Promise.all(come(barrier, 2))
    barrier.abort()
    assert.equal(barrier.broken, true)
    barrier.reset()
    assert.equal(barrier.broken, false)
  })

  alone('those of one thread who were let go have gone by the time it is aborted', async () => {
    const barrier = make(3)
    const waits = come(barrier, 3)
    const [early] = come(barrier, 1)
    barrier.abort()
    assert.deepEqual(await Promise.all(waits), [0, 1, 2])
    await allBroken([early!], /was aborted/)
  })
}

function timeCases(type: string, make: MakeBarrier): void {
  const alone = casesAlone(type)

  alone('a party whose time is up breaks it for all', async () => {
    const barrier = make(3, { name: 'start' })
    const [patient] = come(barrier, 1)
    const began = performance.now()
    await assert.rejects(barrier.wait({ timeout: 50 }), error => {
      assert.ok(error instanceof BrokenBarrierError && error.cause instanceof TimeoutError)
      assert.equal(error.message, 'the Barrier "start" is broken: not all 3 parties had come after 50 ms')
      return true
    })
    assert.ok(performance.now() - began >= 30)
    await allBroken([patient!], /^the Barrier "start" is broken: it was left by a party whose time was up$/)
    assert.deepEqual([barrier.broken, barrier.nWaiting], [true, 0])
    barrier.reset()
    assert.deepEqual(await Promise.all(come(barrier, 3)), [0, 1, 2])
  })

  alone('BAR-11, BAR-12: its own timeout is for every wait that has none', async () => {
    const barrier = make(2, { timeout: 1 })
    await assert.rejects(barrier.wait(), BrokenBarrierError)
    barrier.reset()
    assert.throws(() => barrier.waitSync(), /not all 2 parties had come after 1 ms/)
    barrier.reset()
    const patient = barrier.wait({ timeout: Infinity })
    await new Promise(resolve => setTimeout(resolve, 5))
    assert.deepEqual(await Promise.all([patient, barrier.wait()]), [0, 1])
  })

  alone('a timeout of 0 is enough for the last one only', async () => {
    const barrier = make(2)
    const [first] = come(barrier, 1)
    assert.equal(await barrier.wait({ timeout: 0 }), 1)
    assert.equal(await first, 0)
    await assert.rejects(barrier.wait({ timeout: 0 }), BrokenBarrierError)
    barrier.reset()
    assert.throws(() => barrier.waitSync({ timeout: 0 }), BrokenBarrierError)
  })
}

function inputCases(type: string, make: MakeBarrier): void {
  const alone = casesAlone(type)

  alone('BAR-01: less than one party is refused, and so is all that is no number of them', () => {
    for (const parties of [0, -1, 1.5, NaN, Infinity, 2 ** 31]) {
      const message = `the parties of a Barrier must be a whole number from 1, not ${parties}`
      assert.throws(() => make(parties), { name: 'RangeError', message })
    }
    const message = 'the parties of a Barrier must be a number, not "2"'
    assert.throws(() => make('2' as never), { name: 'TypeError', message })
  })

  alone('bad options are refused with the value, and nobody has come', async () => {
    assert.throws(() => make(2, { timeout: -1 }), { name: 'RangeError' })
    assert.throws(() => make(2, { action: 5 as never }), /action must be a function, not 5/)
    assert.throws(() => make(2, { actoin: () => {} } as never), /did you mean action/)
    for (const barrier of [make(2), make(2, { timeout: 1000 })]) {
      for (const [options, error] of refusedWaits) await assert.rejects(barrier.wait(options as object), error)
      for (const [options, error] of refusedBlocks) assert.throws(() => barrier.waitSync(options as object), error)
      assert.deepEqual([barrier.nWaiting, barrier.broken], [0, false])
    }
  })

  alone('it says in one line what it is', async () => {
    const barrier = make(2, { name: 'start' })
    const waits = come(barrier, 1)
    assert.equal(inspect(barrier), 'Barrier "start" { 1 of 2 have come }')
    const statistics = barrier.statistics()
    assert.deepEqual(statistics, { parties: 2, waiting: 1, waiters: 1, broken: false })
    assert.ok(Object.isFrozen(statistics))
    barrier.abort()
    await allBroken(waits, /aborted/)
    assert.equal(inspect(barrier), 'Barrier "start" { broken }')
    assert.equal(inspect(make(1)), 'Barrier { 0 of 1 have come }')
  })
}

function hopelessCases(type: string, make: MakeBarrier): void {
  const alone = casesAlone(type)

  alone('to block where nobody else could come is a deadlock, and breaks nothing', async () => {
    const barrier = make(3, { name: 'start' })
    const waits = come(barrier, 1)
    assert.throws(() => barrier.waitSync(), {
      name: 'DeadlockError',
      message: 'no other thread has the Barrier "start": to block for it would never end',
    })
    assert.throws(() => barrier.waitSync({ timeout: Infinity }), DeadlockError)
    assert.deepEqual([barrier.broken, barrier.nWaiting], [false, 1])
    waits.push(...come(barrier, 1))
    // Who comes last never blocks.
    assert.equal(barrier.waitSync(), 2)
    assert.deepEqual(await Promise.all(waits), [0, 1])
  })
}
