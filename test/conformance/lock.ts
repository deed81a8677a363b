/**
 * What every lock does, whether or not its owner may take it again. Ids are those of CONFORMANCE's behaviours: LCK of
 * threading.Lock, ALK of asyncio.Lock, TRI of trio's.
 */
import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { same, tryOnce } from '../fixtures/sync-tasks.ts'
import { type Acquirable, inside, turns, untilInside, untilWaiting, visit, waiters } from '../fixtures/waiters.ts'
import { casesAlone, casesWithThreads, refusedBlocks, refusedWaits, turn } from './sync-cases.ts'

export interface LockLike extends Acquirable {
  readonly name: string
  readonly locked: boolean
  release(): void
  with<T>(f: () => T | PromiseLike<T>, options?: { timeout?: number }): Promise<T>
  withSync<T>(f: () => T, options?: { timeout?: number }): T
  statistics(): { readonly locked: boolean; readonly waiters: number }
}

export type MakeLock = (options?: { name?: string }) => LockLike

export interface LockTraits {
  /** Runs `f` as a task of its own, for locks that ask which task takes them. */
  readonly asTask?: <T>(f: () => Promise<T>) => Promise<T>
}

/** `type`: the name of the class, which stands in its sentences. */
export function lockSuite(type: string, make: MakeLock, { asTask = f => f() }: LockTraits = {}): void {
  verbCases(type, make, asTask)
  queueCases(type, make, asTask)
  timeCases(type, make, asTask)
  threadCases(type, make, asTask)
}

function fail(): never {
  throw new RangeError('in f')
}

type AsTask = NonNullable<LockTraits['asTask']>

function verbCases(type: string, make: MakeLock, asTask: AsTask): void {
  const alone = casesAlone(type)

  alone('a free lock is taken at once, whichever verb asks', async () => {
    const lock = make()
    assert.equal(lock.locked, false)
    for (const take of [() => lock.acquire(), () => lock.acquireSync(), () => lock.tryAcquire()!]) {
      const guard = await take()
      assert.equal(lock.locked, true)
      guard.release()
      assert.equal(lock.locked, false)
    }
  })

  alone('LCK-05: it is given back at the end of a block, also by an error', async () => {
    const lock = make()
    {
      using _ = await lock.acquire()
      assert.equal(lock.locked, true)
    }
    assert.equal(lock.locked, false)
    assert.throws(() => {
      using _ = lock.acquireSync()
      throw new RangeError('in the block')
    }, /in the block/)
    assert.equal(lock.locked, false)
  })

  alone('LCK-05: with and withSync give it back, return what f returns and throw what it throws', async () => {
    const lock = make()
    assert.equal(await lock.with(() => lock.locked), true)
    assert.equal(await lock.with(async () => (await turn(), lock.locked)), true)
    assert.equal(
      lock.withSync(() => lock.locked),
      true,
    )
    assert.equal(lock.locked, false)
    await assert.rejects(lock.with(fail), /in f/)
    await assert.rejects(
      lock.with(async () => fail()),
      /in f/,
    )
    assert.throws(() => lock.withSync(fail), /in f/)
    assert.equal(lock.locked, false)
  })

  alone('a guard gives back once, however often it is asked', async () => {
    const lock = make()
    const first = await lock.acquire()
    first.release()
    const second = await lock.acquire()
    first.release()
    first[Symbol.dispose]()
    assert.equal(lock.locked, true)
    second[Symbol.dispose]()
    assert.equal(lock.locked, false)
  })

  alone('release gives back what acquire took', async () => {
    const lock = make()
    await lock.acquire()
    lock.release()
    assert.equal(lock.locked, false)
    lock.acquireSync()
    lock.release()
    assert.equal(lock.locked, false)
  })

  alone('LCK-14: to release what nobody holds is an error, and changes nothing', async () => {
    const lock = make()
    const named = make({ name: 'db' })
    assert.throws(() => lock.release(), {
      name: 'InvalidStateError',
      message: `cannot release the ${type}: nobody holds it`,
    })
    assert.throws(() => named.release(), { message: `cannot release the ${type} "db": nobody holds it` })
    const guard = await lock.acquire()
    guard.release()
    assert.throws(() => lock.release(), { name: 'InvalidStateError' })
    assert.equal(lock.locked, false)
    lock.acquireSync().release()
  })

  alone('ALK-07: it cannot be awaited itself, and is no lock by accident', async () => {
    const lock = make()
    assert.equal(await (lock as unknown), lock)
    assert.equal(lock.locked, false)
    assert.equal('then' in lock, false)
    assert.equal('then' in (await lock.acquire()), false)
  })

  alone('LCK-07: bad options are refused with the value, and take nothing', async () => {
    const lock = make()
    for (const [options, error] of refusedWaits) {
      await assert.rejects(lock.acquire(options as never), error)
      await assert.rejects(
        lock.with(() => assert.fail('it ran'), options as never),
        error,
      )
    }
    for (const [options, error] of refusedBlocks) {
      assert.throws(() => lock.acquireSync(options as never), error)
      assert.throws(() => lock.withSync(() => assert.fail('it ran'), options as never), error)
    }
    assert.equal(lock.locked, false)
    const message = 'name must be a string, not 5'
    assert.throws(() => make({ name: 5 as never }), { name: 'TypeError', message })
    const article = /^[AEIOU]|^RLock/.test(type) ? 'an' : 'a'
    assert.throws(() => make({ nam: 'x' } as never), {
      name: 'TypeError',
      message: `"nam" is not an option of ${article} ${type}: did you mean name?`,
    })
    assert.throws(() => make(null as never), TypeError)
  })

  alone('TRI-12: with a signal that is aborted already nothing is taken', async () => {
    const lock = make()
    const reason = new Error('enough')
    await assert.rejects(lock.acquire({ signal: AbortSignal.abort(reason) }), reason)
    assert.equal(lock.locked, false)
  })

  alone('it says in one line what it is', async () => {
    const lock = make({ name: 'db' })
    assert.equal(lock.name, 'db')
    assert.equal(make().name, '')
    assert.equal(inspect(lock), `${type} "db" { free }`)
    assert.equal(inspect(make()), `${type} { free }`)
    const guard = await lock.acquire()
    assert.match(inspect(lock), new RegExp(`^${type} "db" \\{ held .*"MainThread".* \\}$`))
    const next = asTask(async () => (await lock.acquire()).release())
    assert.match(inspect(lock), /, 1 waiting \}$/)
    const statistics = lock.statistics()
    assert.ok(Object.isFrozen(statistics))
    assert.deepEqual([statistics.locked, statistics.waiters], [true, 1])
    guard.release()
    await next
    assert.deepEqual([lock.statistics().locked, lock.statistics().waiters], [false, 0])
  })
}

function queueCases(type: string, make: MakeLock, asTask: AsTask): void {
  const alone = casesAlone(type)

  /** Tasks that want the lock in this order, each with its letter. */
  function ask(lock: LockLike, letters: string, order: string[], options?: { signal?: AbortSignal; timeout?: number }) {
    return letters.split('').map(letter =>
      asTask(async () => {
        using _ = await lock.acquire(options)
        order.push(letter)
        await turn()
      }),
    )
  }

  alone('ALK-01: tasks get it in the order in which they asked, and a newcomer at release goes last', async () => {
    const lock = make()
    const order: string[] = []
    const guard = await lock.acquire()
    const tasks = ask(lock, 'abc', order)
    assert.equal(lock.statistics().waiters, 3)
    guard.release()
    // It belongs to a by now, whoever asks.
    const early = await asTask(async () => lock.tryAcquire())
    assert.equal(early, undefined)
    tasks.push(...ask(lock, 'd', order))
    await Promise.all(tasks)
    assert.equal(order.join(''), 'abcd')
    assert.equal(lock.locked, false)
  })

  alone('ALK-02: a task whose signal aborts leaves the queue at once, with the reason', async () => {
    const lock = make()
    const order: string[] = []
    const controller = new AbortController()
    const reason = new Error('enough')
    const guard = await lock.acquire()
    const tasks = ask(lock, 'a', order)
    const [cancelled] = ask(lock, 'b', order, { signal: controller.signal })
    tasks.push(...ask(lock, 'c', order))
    controller.abort(reason)
    assert.equal(lock.statistics().waiters, 2)
    await assert.rejects(cancelled!, error => error === reason)
    guard.release()
    await Promise.all(tasks)
    assert.equal(order.join(''), 'ac')
    assert.equal(lock.locked, false)
  })

  for (const first of ['abort', 'release'] as const) {
    alone(`ALK-03, ALK-04: abort and release in one turn, ${first} first: the lock goes to exactly one`, async () => {
      const lock = make()
      const order: string[] = []
      const controller = new AbortController()
      const guard = await lock.acquire()
      const [a] = ask(lock, 'a', order, { signal: controller.signal })
      const others = ask(lock, 'bc', order)
      if (first === 'release') guard.release()
      controller.abort(new Error('enough'))
      if (first === 'abort') guard.release()
      const [outcome] = await Promise.allSettled([a!])
      await Promise.all(others)
      // A grant that was there before the abort stays: whoever has the lock gives it back.
      assert.equal(outcome.status, first === 'abort' ? 'rejected' : 'fulfilled')
      assert.equal(order.join(''), first === 'abort' ? 'bc' : 'abc')
      assert.deepEqual([lock.locked, lock.statistics().waiters], [false, 0])
    })
  }

  alone('TRI-02: tasks that take it again and again get it in a fixed rotation', async () => {
    const lock = make()
    const order: string[] = []
    const rotate = (letter: string) =>
      asTask(async () => {
        for (let i = 0; i < 20; i++) {
          using _ = await lock.acquire()
          order.push(letter)
          await turn()
        }
      })
    await Promise.all(['a', 'b', 'c', 'd'].map(rotate))
    assert.equal(order.join(''), 'abcd'.repeat(20))
  })

  alone('ten thousand tasks share a signal without a warning, and leave nothing', async () => {
    const lock = make()
    const warnings: string[] = []
    const listen = (warning: Error): void => void warnings.push(warning.message)
    process.on('warning', listen)
    const controller = new AbortController()
    const guard = await lock.acquire()
    const tasks = Array.from({ length: 10_000 }, () => asTask(() => lock.acquire({ signal: controller.signal })))
    controller.abort()
    const outcomes = await Promise.allSettled(tasks)
    assert.ok(outcomes.every(({ status }) => status === 'rejected'))
    assert.equal(lock.statistics().waiters, 0)
    guard.release()
    await turn()
    process.off('warning', listen)
    assert.deepEqual(warnings, [])
  })
}

function timeCases(type: string, make: MakeLock, asTask: AsTask): void {
  const alone = casesAlone(type)

  alone('a timeout of 0 tries once', async () => {
    const lock = make({ name: 'db' })
    const guard = await lock.acquire({ timeout: 0 })
    const message = `the ${type} "db" is held by thread "MainThread"`
    await assert.rejects(
      asTask(() => lock.acquire({ timeout: 0 })),
      { name: 'TimeoutError', message },
    )
    guard.release()
    lock.acquireSync({ timeout: 0 }).release()
  })

  alone('LCK-09: a wait that times out says so, no earlier than that', async () => {
    const lock = make()
    const guard = await lock.acquire()
    const began = performance.now()
    await assert.rejects(
      asTask(() => lock.acquire({ timeout: 50 })),
      { name: 'TimeoutError', message: `the ${type} is held by thread "MainThread", and still was after 50 ms` },
    )
    assert.ok(performance.now() - began >= 30)
    guard.release()
  })

  alone('LCK-13: after a wait that timed out one release frees it, and it can be taken again', async () => {
    const lock = make()
    const guard = await lock.acquire()
    await assert.rejects(
      asTask(() => lock.acquire({ timeout: 1 })),
      { name: 'TimeoutError' },
    )
    assert.deepEqual([lock.locked, lock.statistics().waiters], [true, 0])
    guard.release()
    assert.equal(lock.locked, false)
    const again = lock.tryAcquire()
    assert.ok(again)
    again.release()
  })

  alone('a task that times out at the head of the queue hands on', async () => {
    const lock = make()
    const guard = await lock.acquire()
    const late = assert.rejects(
      asTask(() => lock.acquire({ timeout: 1 })),
      { name: 'TimeoutError' },
    )
    const next = asTask(() => lock.acquire())
    await late
    guard.release()
    const taken = await next
    taken.release()
  })

  alone('LCK-08: a timeout longer than a timer can be does not end at once', async () => {
    const lock = make()
    const guard = await lock.acquire()
    const tasks = [2 ** 31, 1e100, Infinity].map(timeout =>
      asTask(async () => (await lock.acquire({ timeout })).release()),
    )
    await new Promise(resolve => setTimeout(resolve, 5))
    assert.equal(lock.statistics().waiters, 3)
    guard.release()
    await Promise.all(tasks)
  })
}

function threadCases(type: string, make: MakeLock, asTask: AsTask): void {
  const threads = casesWithThreads(type)

  threads('LCK-03, LCK-24: another thread sees that it is held, and is told so without waiting', async ({ pool }) => {
    const lock = make()
    assert.deepEqual(await pool.submit(tryOnce, lock), [true, false])
    const guard = await lock.acquire()
    assert.deepEqual(await pool.submit(tryOnce, lock), [false, true])
    guard.release()
    assert.deepEqual(await pool.submit(tryOnce, lock), [true, false])
  })

  for (const waiter of waiters) {
    threads(`LCK-24: ${waiter.name} holds it, and this thread sees so`, async ({ pool, gate }) => {
      const lock = make()
      const visitor = asTask(() => waiter.start(pool, visit, lock, gate.words))
      await untilInside(gate, 1)
      assert.equal(lock.locked, true)
      assert.equal(await asTask(async () => lock.tryAcquire()), undefined)
      gate.open()
      await visitor
      assert.equal(lock.locked, false)
    })

    threads(`LCK-04: as long as it is held ${waiter.name} stays outside, and then gets it`, async ({ pool, gate }) => {
      const lock = make()
      const guard = await lock.acquire()
      const visitor = asTask(() => waiter.start(pool, visit, lock, gate.words))
      await untilWaiting(1)
      await turn()
      assert.equal(inside(gate), 0)
      guard.release()
      await untilInside(gate, 1)
      gate.open()
      await visitor
      assert.equal(lock.locked, false)
    })

    threads(`LCK-09, LCK-13: ${waiter.name} times out, and the lock is as it was`, async ({ pool, gate }) => {
      const lock = make({ name: 'db' })
      const holder = asTask(() => waiters[1]!.start(pool, visit, lock, gate.words))
      await untilInside(gate, 1)
      const message = `the ${type} "db" is held by thread "crew-0", and still was after 20 ms`
      await assert.rejects(
        asTask(() => waiter.start(pool, visit, lock, gate.words, 20)),
        { name: 'TimeoutError', message },
      )
      assert.equal(lock.locked, true)
      gate.open()
      await holder
      assert.equal(lock.locked, false)
      lock.tryAcquire()!.release()
    })

    threads(`LCK-08: ${waiter.name} waits for more than 2^31 ms`, async ({ pool, gate }) => {
      const lock = make()
      const guard = await lock.acquire()
      gate.open()
      const visitors = [2 ** 31, 1e100].map(timeout =>
        asTask(() => waiter.start(pool, visit, lock, gate.words, timeout)),
      )
      await untilWaiting(2)
      await new Promise(resolve => setTimeout(resolve, 5))
      guard.release()
      await Promise.all(visitors)
    })
  }

  threads('LCK-04: all who wait get it one by one, in whichever way they wait', async ({ pool, gate }) => {
    const lock = make()
    const guard = await lock.acquire()
    const visitors = [...waiters, ...waiters].map(waiter => asTask(() => waiter.start(pool, visit, lock, gate.words)))
    await untilWaiting(6)
    gate.open()
    guard.release()
    await Promise.all(visitors)
    assert.deepEqual([gate.finished, gate.most, lock.locked], [6, 1, false])
  })

  threads('it excludes: among all kinds of waiters never are two inside', async ({ pool, gate }) => {
    const lock = make()
    const rounds = [...waiters, ...waiters].map(waiter =>
      asTask(() => waiter.start(pool, turns, lock, gate.words, 300)),
    )
    assert.deepEqual(await Promise.all(rounds), [300, 300, 300, 300, 300, 300])
    assert.deepEqual([gate.finished, gate.most, lock.locked], [1800, 1, false])
    assert.equal(lock.statistics().waiters, 0)
  })

  threads('a lock that is sent back is the same object, with the same queue', async ({ pool }) => {
    const lock = make()
    assert.equal(await pool.submit(same, lock), lock)
  })
}
