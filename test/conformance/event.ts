/** What every event does. Ids are those of CONFORMANCE's behaviours: EVT of threading.Event, ALK of asyncio's. */
import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { flash, same, set } from '../fixtures/sync-tasks.ts'
import { type Awaitable, untilWaiting, waitFor, waiters } from '../fixtures/waiters.ts'
import { casesAlone, casesWithThreads, refusedBlocks, refusedWaits, type Traits, turn } from './sync-cases.ts'

export interface EventLike extends Awaitable {
  readonly name: string
  readonly isSet: boolean
  set(): void
  clear(): void
  statistics(): { readonly set: boolean; readonly waiters: number }
}

export type MakeEvent = (options?: { name?: string }) => EventLike

/** `type`: the name of the class, which stands in its sentences. */
export function eventSuite(type: string, make: MakeEvent, { elsewhere = false }: Traits = {}): void {
  aloneCases(type, make)
  if (!elsewhere) hopelessCases(type, make)
  inputCases(type, make)
  threadCases(type, make)
}

function aloneCases(type: string, make: MakeEvent): void {
  const alone = casesAlone(type)

  alone('EVT-01: set and clear may be said again, and isSet follows them', () => {
    const event = make()
    assert.equal(event.isSet, false)
    event.clear()
    assert.equal(event.isSet, false)
    for (let i = 0; i < 3; i++) {
      event.set()
      event.set()
      assert.equal(event.isSet, true)
      event.clear()
      event.clear()
      assert.equal(event.isSet, false)
    }
  })

  alone('EVT-02: whoever comes when it is set goes on at once, whichever verb asks', async () => {
    const event = make()
    event.set()
    assert.equal(await event.wait(), true)
    assert.equal(await event.wait({ timeout: 0 }), true)
    assert.equal(await event.wait({ timeout: 1000, signal: new AbortController().signal }), true)
    assert.equal(event.waitSync(), true)
    assert.equal(event.waitSync({ timeout: 0 }), true)
    assert.equal(event.waitSync({ timeout: 1000 }), true)
  })

  alone('EVT-02, ALK-08: set lets all go on, in the order in which they came, and then every newcomer', async () => {
    const event = make()
    const order: string[] = []
    const come = async (letter: string): Promise<boolean> => {
      const passed = await event.wait()
      order.push(letter)
      return passed
    }
    const waiting = ['a', 'b', 'c'].map(come)
    assert.deepEqual(event.statistics(), { set: false, waiters: 3 })
    event.set()
    assert.deepEqual(event.statistics(), { set: true, waiters: 0 })
    waiting.push(come('d'))
    assert.deepEqual(await Promise.all(waiting), [true, true, true, true])
    assert.equal(order.join(''), 'abcd')
  })

  alone('EVT-03: a wait that times out returns false, no earlier than that', async () => {
    const event = make()
    const began = performance.now()
    assert.equal(await event.wait({ timeout: 50 }), false)
    assert.ok(performance.now() - began >= 30)
    assert.equal(await event.wait({ timeout: 0 }), false)
    assert.equal(event.waitSync({ timeout: 0 }), false)
    assert.equal(event.waitSync({ timeout: 5 }), false)
    assert.equal(event.statistics().waiters, 0)
  })

  alone('EVT-04, ALK-09: set and clear in one turn let all go on who had come before, once', async () => {
    const event = make()
    const before = [event.wait(), event.wait({ timeout: 10_000 })]
    event.set()
    event.clear()
    const after = event.wait({ timeout: 5 })
    assert.deepEqual(await Promise.all(before), [true, true])
    assert.equal(await after, false)
    assert.deepEqual(event.statistics(), { set: false, waiters: 0 })
  })

  alone('a task whose signal aborts leaves at once, with the reason, and the others stay', async () => {
    const event = make()
    const controller = new AbortController()
    const reason = new Error('enough')
    const cancelled = event.wait({ signal: controller.signal })
    const other = event.wait()
    controller.abort(reason)
    assert.equal(event.statistics().waiters, 1)
    await assert.rejects(cancelled, error => error === reason)
    event.set()
    assert.equal(await other, true)
    await assert.rejects(event.wait({ signal: controller.signal }), error => error === reason)
  })

  alone('a task is cancelled in the turn in which it is set: either it goes on, or it is cancelled', async () => {
    for (const first of ['abort', 'set'] as const) {
      const event = make()
      const controller = new AbortController()
      const waiting = event.wait({ signal: controller.signal })
      if (first === 'set') event.set()
      controller.abort(new Error('enough'))
      if (first === 'abort') event.set()
      const [outcome] = await Promise.allSettled([waiting])
      assert.equal(outcome.status, first === 'set' ? 'fulfilled' : 'rejected')
    }
  })

  alone('it says in one line what it is', async () => {
    const event = make({ name: 'go' })
    assert.equal(event.name, 'go')
    assert.equal(inspect(event), `${type} "go" { not set }`)
    const waiting = [event.wait(), event.wait()]
    assert.equal(inspect(event), `${type} "go" { not set, 2 waiting }`)
    assert.ok(Object.isFrozen(event.statistics()))
    event.set()
    await Promise.all(waiting)
    assert.equal(inspect(event), `${type} "go" { set }`)
    assert.equal(inspect(make()), `${type} { not set }`)
  })

  alone('it cannot be awaited itself', async () => {
    const event = make()
    assert.equal(await (event as unknown), event)
  })
}

function hopelessCases(type: string, make: MakeEvent): void {
  casesAlone(type)('to block without a timeout for what no other thread could set is an error at once', () => {
    const event = make({ name: 'go' })
    const message = `no other thread has the ${type} "go": to block for it would never end`
    for (const options of [undefined, {}, { timeout: Infinity }]) {
      assert.throws(() => event.waitSync(options), { name: 'DeadlockError', message })
    }
  })
}

function inputCases(type: string, make: MakeEvent): void {
  const alone = casesAlone(type)

  alone('bad options are refused with the value, also when it is set', async () => {
    for (const event of [make(), make()]) {
      for (const [options, error] of refusedWaits) await assert.rejects(event.wait(options as never), error)
      for (const [options, error] of refusedBlocks) assert.throws(() => event.waitSync(options as never), error)
      event.set()
      for (const [options, error] of refusedWaits) await assert.rejects(event.wait(options as never), error)
      for (const [options, error] of refusedBlocks) assert.throws(() => event.waitSync(options as never), error)
    }
    assert.throws(() => make({ name: 5 as never }), { name: 'TypeError', message: 'name must be a string, not 5' })
    assert.throws(() => make({ nam: 'x' } as never), {
      name: 'TypeError',
      message: `"nam" is not an option of an ${type}: did you mean name?`,
    })
  })
}

function threadCases(type: string, make: MakeEvent): void {
  const threads = casesWithThreads(type)

  for (const waiter of waiters) {
    threads(`EVT-02: ${waiter.name} waits until it is set`, async ({ pool, gate }) => {
      const event = make()
      const waiting = waiter.start(pool, waitFor, event, gate.words)
      await untilWaiting(1)
      await turn()
      assert.equal(gate.finished, 0)
      event.set()
      assert.equal(await waiting, true)
      assert.equal(await waiter.start(pool, waitFor, event, gate.words), true)
    })

    threads(`EVT-02: another thread sets it, and ${waiter.name} goes on`, async ({ pool, gate }) => {
      const event = make()
      const waiting = waiter.start(pool, waitFor, event, gate.words)
      await untilWaiting(1)
      await pool.submit(set, event)
      assert.equal(await waiting, true)
      assert.equal(event.isSet, true)
    })

    threads(`EVT-03: ${waiter.name} is told false when the time is up`, async ({ pool, gate }) => {
      const event = make()
      assert.equal(await waiter.start(pool, waitFor, event, gate.words, 20), false)
      assert.equal(await waiter.start(pool, waitFor, event, gate.words, 0), false)
      event.set()
      assert.equal(await waiter.start(pool, waitFor, event, gate.words, 0), true)
    })

    threads(`EVT-04: ${waiter.name} goes on if it is set and cleared at once`, async ({ pool, gate }) => {
      const event = make()
      for (let round = 1; round <= 20; round++) {
        const waiting = waiter.start(pool, waitFor, event, gate.words)
        await untilWaiting(1)
        event.set()
        event.clear()
        assert.equal(await waiting, true)
        assert.equal(gate.finished, round)
      }
    })

    threads(
      `EVT-04: another thread sets and clears it many times, and ${waiter.name} goes on`,
      async ({ pool, gate }) => {
        const event = make()
        const waiting = [1, 2, 3].map(() => waiter.start(pool, waitFor, event, gate.words))
        await untilWaiting(3)
        await pool.submit(flash, event, 1000)
        assert.deepEqual(await Promise.all(waiting), [true, true, true])
      },
    )
  }

  threads('EVT-02, EVT-04: all go on who wait, in whichever way they wait', async ({ pool, gate }) => {
    const event = make()
    for (let round = 0; round < 10; round++) {
      const waiting = [...waiters, ...waiters].map(waiter => waiter.start(pool, waitFor, event, gate.words))
      await untilWaiting(6)
      event.set()
      event.clear()
      assert.deepEqual(await Promise.all(waiting), [true, true, true, true, true, true])
    }
  })

  threads('an event that is sent back is the same object', async ({ pool }) => {
    const event = make({ name: 'go' })
    assert.equal(await pool.submit(same, event), event)
  })
}
