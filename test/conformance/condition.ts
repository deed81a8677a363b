/**
 * What every condition does, over whichever lock. Ids are those of CONFORMANCE's behaviours: CND of threading.Condition,
 * ALK of asyncio's.
 */
import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { type Condition, DeadlockError, InvalidStateError } from 'multitask'
import { casesAlone, refusedBlocks, refusedWaits, type Traits, turn } from './sync-cases.ts'

export type MakeCondition = (options?: { name?: string }) => Condition

/** `type`: what it is a condition over, for the names of the cases. */
export function conditionSuite(type: string, make: MakeCondition, { elsewhere = false }: Traits = {}): void {
  if (!elsewhere) hopelessCases(type, make)
  notifyCases(type, make)
  cancelCases(type, make)
  timeCases(type, make)
  predicateCases(type, make)
  inputCases(type, make)
}

interface Come {
  readonly signal?: AbortSignal
  readonly timeout?: number
}

/** A task that waits once. It says its letter when it has the lock again, and a mark behind it if it was not notified. */
async function come(condition: Condition, letter: string, order: string[], options?: Come): Promise<boolean> {
  return condition.with(async () => {
    try {
      const notified = await condition.wait(options)
      order.push(notified ? letter : `${letter}?`)
      return notified
    } catch (error) {
      order.push(`${letter}!`)
      throw error
    } finally {
      assert.equal(condition.locked, true)
    }
  })
}

async function comeAll(condition: Condition, letters: string, order: string[]): Promise<Promise<boolean>[]> {
  const tasks = letters.split('').map(letter => come(condition, letter, order))
  await untilFree(condition)
  return tasks
}

/** Until all who have come wait. */
async function untilFree(condition: Condition): Promise<void> {
  while (condition.locked) await turn()
}

function notHeld(verb: string): { name: string; message: string } {
  const message = `cannot ${verb} the Condition "items": the caller does not hold its lock`
  return { name: 'InvalidStateError', message }
}

function notifyCases(type: string, make: MakeCondition): void {
  const alone = casesAlone(type)

  alone('CND-01: it and its lock are held together', async () => {
    const condition = make()
    const { lock } = condition
    const guard = await condition.acquire()
    assert.deepEqual([condition.locked, lock.locked], [true, true])
    guard.release()
    lock.acquireSync()
    assert.equal(condition.locked, true)
    condition.release()
    assert.equal(lock.locked, false)
    assert.equal(await condition.with(() => lock.locked), true)
    assert.equal(
      condition.withSync(() => lock.locked),
      true,
    )
    condition.tryAcquire()!.release()
    condition.acquireSync().release()
    assert.equal(lock.locked, false)
  })

  alone('CND-02, CND-03, ALK-13: without the lock nobody waits or notifies', async () => {
    const condition = make({ name: 'items' })
    await assert.rejects(condition.wait(), notHeld('wait for'))
    await assert.rejects(
      condition.waitFor(() => false),
      notHeld('wait for'),
    )
    assert.throws(() => condition.waitSync(), notHeld('wait for'))
    assert.throws(() => condition.waitForSync(() => false), notHeld('wait for'))
    assert.throws(() => condition.notify(), notHeld('notify'))
    assert.throws(() => condition.notifyAll(), notHeld('notify'))
    assert.equal(await condition.waitFor(() => 'true already'), 'true already')
    assert.equal(
      condition.waitForSync(() => 5),
      5,
    )
    assert.deepEqual([condition.locked, condition.statistics().waiting], [false, 0])
  })

  alone('exactly as many go on as are notified, those first who have waited longest', async () => {
    const condition = make()
    const order: string[] = []
    const tasks = await comeAll(condition, 'abcde', order)
    assert.deepEqual([condition.statistics().waiting, condition.statistics().waiters], [5, 5])
    await condition.with(() => condition.notify())
    await Promise.all(tasks.slice(0, 1))
    await turn()
    assert.equal(order.join(''), 'a')
    await condition.with(() => condition.notify(2))
    await Promise.all(tasks.slice(0, 3))
    await turn()
    assert.equal(order.join(''), 'abc')
    await condition.with(() => condition.notifyAll())
    assert.deepEqual(await Promise.all(tasks), [true, true, true, true, true])
    assert.equal(order.join(''), 'abcde')
    assert.deepEqual([condition.locked, condition.statistics().waiting], [false, 0])
  })

  alone('they go on when who has notified them gives the lock back, and not before', async () => {
    const condition = make()
    const order: string[] = []
    const tasks = await comeAll(condition, 'ab', order)
    await condition.with(async () => {
      condition.notifyAll()
      assert.equal(condition.statistics().waiting, 0)
      await turn()
      order.push('notifier')
    })
    await Promise.all(tasks)
    assert.deepEqual(order, ['notifier', 'a', 'b'])
  })

  alone('CND-05: to notify more than wait, or nobody, stores nothing for those who come later', async () => {
    const condition = make()
    const order: string[] = []
    await condition.with(() => condition.notify(3))
    const tasks = await comeAll(condition, 'ab', order)
    await condition.with(() => condition.notify(5))
    await Promise.all(tasks)
    const [later] = await comeAll(condition, 'c', order)
    await condition.with(() => condition.notify(0))
    await turn()
    assert.equal(order.join(''), 'ab')
    await condition.with(() => condition.notify())
    assert.equal(await later, true)
  })

  alone('who begins to wait after a notify does not take it from those it was for', async () => {
    const condition = make()
    const order: string[] = []
    const [first] = await comeAll(condition, 'a', order)
    await condition.with(async () => {
      condition.notify()
      order.push(String(await condition.wait({ timeout: 0 })))
    })
    const [later] = await comeAll(condition, 'b', order)
    assert.equal(await first, true)
    assert.deepEqual(order, ['a', 'false'])
    await condition.with(() => condition.notify())
    assert.equal(await later, true)
  })

  alone('CND-07: nobody goes on who was not notified', async () => {
    const condition = make()
    const order: string[] = []
    const [waiting] = await comeAll(condition, 'a', order)
    for (let i = 0; i < 50; i++) await condition.with(() => turn())
    assert.deepEqual(order, [])
    await condition.with(() => condition.notify())
    assert.equal(await waiting, true)
  })
}

function cancelCases(type: string, make: MakeCondition): void {
  const alone = casesAlone(type)

  alone('ALK-14, ALK-18: who is cancelled has the lock again when the reason comes out, the very one', async () => {
    const condition = make()
    const order: string[] = []
    const controller = new AbortController()
    const reason = { any: 'value' }
    const cancelled = come(condition, 'a', order, { signal: controller.signal })
    const [other] = await comeAll(condition, 'b', order)
    controller.abort(reason)
    await assert.rejects(cancelled, error => error === reason)
    assert.deepEqual([order.join(''), condition.statistics().waiting], ['a!', 1])
    await condition.with(() => condition.notify())
    assert.equal(await other, true)
    assert.equal(condition.locked, false)
  })

  alone('ALK-15: it waits for the lock as long as another has it', async () => {
    const condition = make()
    const order: string[] = []
    const controller = new AbortController()
    const cancelled = come(condition, 'a', order, { signal: controller.signal })
    await untilFree(condition)
    await condition.with(async () => {
      controller.abort(new Error('enough'))
      for (let i = 0; i < 5; i++) await turn()
      assert.equal(order.length, 0)
      order.push('other')
    })
    await assert.rejects(cancelled, /enough/)
    assert.deepEqual(order, ['other', 'a!'])
    assert.equal(condition.locked, false)
  })

  for (const first of ['abort', 'notify'] as const) {
    alone(`abort and notify in one turn, ${first} first: exactly one goes on that was notified`, async () => {
      const condition = make()
      const order: string[] = []
      const controller = new AbortController()
      const a = come(condition, 'a', order, { signal: controller.signal })
      const [b] = await comeAll(condition, 'b', order)
      await condition.with(() => {
        if (first === 'abort') controller.abort(new Error('enough'))
        condition.notify()
        controller.abort(new Error('enough'))
      })
      if (first === 'abort') {
        await assert.rejects(a, /enough/)
        assert.equal(await b, true)
        assert.deepEqual(order, ['a!', 'b'])
      } else {
        assert.equal(await a, true)
        assert.deepEqual([order, condition.statistics().waiting], [['a'], 1])
        await condition.with(() => condition.notify())
        await b
      }
      assert.deepEqual([condition.locked, condition.statistics().waiting], [false, 0])
    })
  }

  alone('what has reached one who is cancelled is for the next, and for nobody who comes later', async () => {
    const condition = make()
    const order: string[] = []
    const controller = new AbortController()
    const a = come(condition, 'a', order, { signal: controller.signal })
    await untilFree(condition)
    await condition.with(async () => {
      // It has left the queue, and waits for the lock.
      controller.abort(new Error('enough'))
      await turn()
      condition.notify()
    })
    await assert.rejects(a, /enough/)
    const [b] = await comeAll(condition, 'b', order)
    await turn()
    assert.deepEqual(order, ['a!'])
    await condition.with(() => condition.notify())
    assert.equal(await b, true)
  })

  alone('with a signal that is aborted already nothing is given up', async () => {
    const condition = make()
    const reason = new Error('enough')
    await condition.with(async () => {
      const waiting = condition.wait({ signal: AbortSignal.abort(reason) })
      assert.deepEqual([condition.locked, condition.statistics().waiting], [true, 0])
      await assert.rejects(waiting, error => error === reason)
    })
  })
}

function timeCases(type: string, make: MakeCondition): void {
  const alone = casesAlone(type)

  alone('CND-08: a wait that times out returns false, no earlier than that, with the lock', async () => {
    const condition = make()
    await condition.with(async () => {
      const began = performance.now()
      assert.equal(await condition.wait({ timeout: 50 }), false)
      assert.ok(performance.now() - began >= 30)
      assert.deepEqual([condition.locked, condition.statistics().waiting], [true, 0])
      assert.equal(await condition.wait({ timeout: 0 }), false)
      assert.equal(condition.waitSync({ timeout: 0 }), false)
      assert.equal(condition.waitSync({ timeout: 5 }), false)
      assert.equal(condition.locked, true)
    })
    assert.equal(condition.locked, false)
  })

  alone('CND-08: who is notified in time is told so, however long it takes to get the lock', async () => {
    const condition = make()
    const order: string[] = []
    const task = come(condition, 'a', order, { timeout: 30 })
    await untilFree(condition)
    await condition.with(async () => {
      condition.notify()
      await new Promise(resolve => setTimeout(resolve, 40))
    })
    assert.equal(await task, true)
  })

  alone('who is notified while it comes back late takes that, and nobody after it does', async () => {
    const condition = make()
    const order: string[] = []
    const task = come(condition, 'a', order, { timeout: 100 })
    await untilFree(condition)
    await condition.with(async () => {
      while (condition.statistics().waiters > 0) await turn()
      await new Promise(resolve => setTimeout(resolve, 5))
      condition.notify()
      order.push(String(await condition.wait({ timeout: 0 })))
    })
    assert.equal(await task, true)
    assert.deepEqual(order, ['a', 'false'])
  })

  alone('while the thread blocks no task of it gets the lock, and then they do', async () => {
    const condition = make()
    const order: string[] = []
    const holder = condition.with(async () => {
      await turn()
      assert.equal(condition.lock.statistics().waiters, 1)
      assert.equal(condition.waitSync({ timeout: 5 }), false)
      order.push('holder')
    })
    const next = condition.with(() => void order.push('next'))
    await Promise.all([holder, next])
    assert.deepEqual(order, ['holder', 'next'])
    assert.equal(condition.locked, false)
  })
}

function predicateCases(type: string, make: MakeCondition): void {
  const alone = casesAlone(type)

  alone('CND-09: waitFor waits until the predicate holds, and returns what it returned', async () => {
    const condition = make()
    const states: unknown[] = []
    let state: unknown = 0
    const task = condition.with(() =>
      condition.waitFor(() => {
        assert.equal(condition.locked, true)
        states.push(state)
        return state
      }),
    )
    for (const next of ['', false, 'three']) {
      while (condition.statistics().waiting === 0) await turn()
      state = next
      await condition.with(() => condition.notifyAll())
    }
    assert.equal(await task, 'three')
    assert.deepEqual(states, [0, '', false, 'three'])
    assert.equal(condition.locked, false)
  })

  alone('CND-10: its timeout is for the whole of it, and it returns what the predicate returned last', async () => {
    const condition = make()
    const began = performance.now()
    let ended = false
    const task = condition
      .with(() => condition.waitFor(() => (ended ? '' : 0), { timeout: 50 }))
      .finally(() => (ended = true))
    while (!ended) {
      await condition.with(() => condition.notifyAll())
      await new Promise(resolve => setTimeout(resolve, 5))
    }
    assert.equal(await task, 0)
    assert.ok(performance.now() - began >= 30)
    assert.equal(
      condition.withSync(() => condition.waitForSync(() => null, { timeout: 5 })),
      null,
    )
    let calls = 0
    assert.equal(await condition.with(() => condition.waitFor(() => ++calls === 2, { timeout: 0 })), true)
  })

  alone('what the predicate throws comes out, with the lock held', async () => {
    const condition = make()
    let fails = false
    const task = condition.with(async () => {
      const waiting = condition.waitFor(() => {
        if (fails) throw new RangeError('in the predicate')
      })
      await assert.rejects(waiting, /in the predicate/)
      assert.equal(condition.locked, true)
    })
    await condition.with(() => {
      fails = true
      condition.notify()
    })
    await task
    assert.equal(condition.locked, false)
  })

  alone('a predicate that waits is refused', async () => {
    const condition = make()
    await condition.with(async () => {
      const error = { name: 'TypeError', message: 'the predicate of a Condition must not wait: it returned a promise' }
      await assert.rejects(
        condition.waitFor(async () => true),
        error,
      )
      assert.throws(() => condition.waitForSync(async () => true), error)
    })
  })

  alone('it is cancelled as wait is', async () => {
    const condition = make()
    const controller = new AbortController()
    const task = condition.with(() => condition.waitFor(() => false, { signal: controller.signal }))
    await condition.with(() => condition.notifyAll())
    await turn()
    controller.abort(new Error('enough'))
    await assert.rejects(task, /enough/)
    assert.deepEqual([condition.locked, condition.statistics().waiting], [false, 0])
  })
}

function inputCases(type: string, make: MakeCondition): void {
  const alone = casesAlone(type)

  alone('bad options are refused with the value, and the lock is not given up', async () => {
    const condition = make()
    await condition.with(async () => {
      for (const [options, error] of refusedWaits) {
        await assert.rejects(condition.wait(options as object), error)
        await assert.rejects(
          condition.waitFor(() => true, options as object),
          error,
        )
      }
      for (const [options, error] of refusedBlocks) {
        assert.throws(() => condition.waitSync(options as object), error)
        assert.throws(() => condition.waitForSync(() => true, options as object), error)
      }
      assert.throws(() => condition.notify(-1), {
        name: 'RangeError',
        message: 'n must be a whole number from 0, not -1',
      })
      assert.throws(() => condition.notify(1.5), RangeError)
      assert.throws(() => condition.notify('1' as never), { name: 'TypeError', message: 'n must be a number, not "1"' })
      assert.deepEqual([condition.locked, condition.statistics().waiting], [true, 0])
    })
  })

  alone('it says in one line what it is', async () => {
    const condition = make({ name: 'items' })
    assert.equal(inspect(condition), 'Condition "items" { free }')
    const [task] = await comeAll(condition, 'a', [])
    condition.acquireSync()
    assert.equal(inspect(condition), 'Condition "items" { held in thread "MainThread", 1 waiting }')
    const statistics = condition.statistics()
    assert.deepEqual([statistics.waiting, statistics.waiters], [1, 1])
    assert.deepEqual(statistics.lock, condition.lock.statistics())
    assert.ok(Object.isFrozen(statistics))
    condition.notify()
    condition.release()
    await task
    assert.throws(() => condition.release(), InvalidStateError)
  })
}

function hopelessCases(type: string, make: MakeCondition): void {
  const alone = casesAlone(type)

  alone('to block where nobody else could notify is a deadlock, and the lock is held again', async () => {
    const condition = make({ name: 'items' })
    condition.withSync(() => {
      assert.throws(() => condition.waitSync(), {
        name: 'DeadlockError',
        message: 'no other thread has the Condition "items": to block for it would never end',
      })
      assert.throws(() => condition.waitForSync(() => 0), DeadlockError)
      assert.deepEqual([condition.locked, condition.statistics().waiting], [true, 0])
    })
    assert.equal(condition.locked, false)
  })
}
