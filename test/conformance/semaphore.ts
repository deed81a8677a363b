/**
 * What both semaphores do. Ids are those of CONFORMANCE's behaviours: SEM of threading.Semaphore, ALK of asyncio's, TRI of
 * anyio's.
 */
import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { until } from '../fixtures/gate.ts'
import { release, same, tryTimes } from '../fixtures/sync-tasks.ts'
import { type Acquirable, inside, take, turns, untilInside, untilWaiting, visit, waiters } from '../fixtures/waiters.ts'
import { casesAlone, casesWithThreads, refusedBlocks, refusedWaits, type Traits, turn } from './sync-cases.ts'

export interface SemaphoreLike extends Acquirable {
  readonly name: string
  readonly value: number
  readonly locked: boolean
  release(n?: number): void
  with<T>(f: () => T | PromiseLike<T>, options?: { timeout?: number }): Promise<T>
  withSync<T>(f: () => T, options?: { timeout?: number }): T
  statistics(): { readonly value: number; readonly locked: boolean; readonly waiters: number }
}

export type MakeSemaphore = (value?: number, options?: { name?: string }) => SemaphoreLike

function fail(): never {
  throw new RangeError('in f')
}

/** Tasks that want a permit in this order and keep it, each with its letter. */
function ask(semaphore: SemaphoreLike, letters: string, order: string[], signal?: AbortSignal): Promise<void>[] {
  return letters.split('').map(async letter => {
    await semaphore.acquire({ signal })
    order.push(letter)
  })
}

/** `type`: the name of the class, which stands in its sentences. */
export function semaphoreSuite(type: string, make: MakeSemaphore, { elsewhere = false }: Traits = {}): void {
  if (!elsewhere) hopelessCases(type, make)
  verbCases(type, make)
  inputCases(type, make)
  queueCases(type, make)
  threadCases(type, make)
}

function verbCases(type: string, make: MakeSemaphore): void {
  const alone = casesAlone(type)

  alone('it has 1 permit if nobody says how many', () => {
    assert.equal(make().value, 1)
    assert.equal(make(0).value, 0)
    assert.equal(make(7).value, 7)
  })

  alone('each verb takes a permit, and there are as many as it was made with', async () => {
    const semaphore = make(3)
    const guards = [await semaphore.acquire(), semaphore.acquireSync(), semaphore.tryAcquire()!]
    assert.deepEqual([semaphore.value, semaphore.locked], [0, true])
    assert.equal(semaphore.tryAcquire(), undefined)
    for (const guard of guards) guard.release()
    assert.deepEqual([semaphore.value, semaphore.locked], [3, false])
  })

  alone('a guard gives back once, however often it is asked', async () => {
    const semaphore = make(2)
    const [first, second] = [await semaphore.acquire(), await semaphore.acquire()]
    first.release()
    first.release()
    first[Symbol.dispose]()
    assert.equal(semaphore.value, 1)
    second.release()
    assert.equal(semaphore.value, 2)
  })

  alone('SEM-10: scoped use gives back at the end and by an error, and counts twice within itself', async () => {
    const semaphore = make(2)
    {
      using _outer = await semaphore.acquire()
      using _inner = semaphore.acquireSync()
      assert.equal(semaphore.value, 0)
    }
    assert.equal(semaphore.value, 2)
    const values = await semaphore.with(async () => [semaphore.value, semaphore.withSync(() => semaphore.value)])
    assert.deepEqual(values, [1, 0])
    await assert.rejects(semaphore.with(fail), /in f/)
    await assert.rejects(
      semaphore.with(async () => fail()),
      /in f/,
    )
    assert.throws(() => semaphore.withSync(fail), /in f/)
    assert.equal(semaphore.value, 2)
  })

  alone('it says in one line what it is', async () => {
    const semaphore = make(2, { name: 'db' })
    assert.equal(semaphore.name, 'db')
    assert.match(inspect(semaphore), new RegExp(`^${type} "db" \\{ 2 .*free \\}$`))
    assert.match(inspect(make(0)), new RegExp(`^${type} \\{ 0 .*free \\}$`))
    const guards = [await semaphore.acquire(), await semaphore.acquire()]
    const waiting = semaphore.acquire()
    assert.match(inspect(semaphore), / 0 .*free, 1 waiting \}$/)
    const statistics = semaphore.statistics()
    assert.ok(Object.isFrozen(statistics))
    assert.deepEqual(statistics, { value: 0, locked: true, waiters: 1 })
    for (const guard of guards) guard.release()
    const last = await waiting
    last.release()
    assert.deepEqual(semaphore.statistics(), { value: 2, locked: false, waiters: 0 })
  })

  alone('it cannot be awaited itself, and takes nothing by accident', async () => {
    const semaphore = make()
    assert.equal(await (semaphore as unknown), semaphore)
    assert.equal(semaphore.value, 1)
  })
}

function inputCases(type: string, make: MakeSemaphore): void {
  const alone = casesAlone(type)
  const article = /^[AEIOU]/.test(type) ? 'an' : 'a'

  alone('SEM-01: a value that is negative or no whole number is a RangeError with the value', () => {
    for (const value of [-1, 1.5, NaN]) {
      const message = `value must be a whole number from 0, not ${value}`
      assert.throws(() => make(value), { name: 'RangeError', message })
    }
    assert.throws(() => make('3' as never), { name: 'TypeError', message: 'value must be a number, not "3"' })
    assert.throws(() => make(null as never), { name: 'TypeError', message: 'value must be a number, not null' })
    for (const value of [2 ** 30, Infinity]) {
      const message = `value must be at most 1073741823, not ${value}`
      assert.throws(() => make(value), { name: 'RangeError', message })
    }
    assert.equal(make(2 ** 30 - 1).value, 2 ** 30 - 1)
  })

  alone('SEM-05: to release 0, less, or a part of a permit is a RangeError, and changes nothing', () => {
    const semaphore = make(2)
    semaphore.acquireSync()
    for (const n of [0, -1, 0.5, NaN]) {
      const message = `n must be a whole number from 1, not ${n}`
      assert.throws(() => semaphore.release(n), { name: 'RangeError', message })
    }
    assert.throws(() => semaphore.release('1' as never), { name: 'TypeError', message: 'n must be a number, not "1"' })
    assert.throws(() => semaphore.release(Infinity), RangeError)
    assert.equal(semaphore.value, 1)
  })

  alone('there cannot be more permits than can be counted, and a release too many changes nothing', () => {
    const semaphore = make(2 ** 30 - 1)
    assert.throws(() => semaphore.release(), { name: 'InvalidStateError' })
    semaphore.acquireSync()
    assert.throws(() => semaphore.release(2), { name: 'InvalidStateError' })
    assert.equal(semaphore.value, 2 ** 30 - 2)
    semaphore.release()
    assert.equal(semaphore.value, 2 ** 30 - 1)
  })

  alone('bad options are refused with the value, and take nothing', async () => {
    const semaphore = make()
    for (const [options, error] of refusedWaits) {
      await assert.rejects(semaphore.acquire(options as never), error)
      await assert.rejects(
        semaphore.with(() => assert.fail('it ran'), options as never),
        error,
      )
    }
    for (const [options, error] of refusedBlocks) {
      assert.throws(() => semaphore.acquireSync(options as never), error)
      assert.throws(() => semaphore.withSync(() => assert.fail('it ran'), options as never), error)
    }
    assert.equal(semaphore.value, 1)
    assert.throws(() => make(1, { name: 5 as never }), { name: 'TypeError', message: 'name must be a string, not 5' })
    assert.throws(() => make(1, { nam: 'x' } as never), {
      name: 'TypeError',
      message: `"nam" is not an option of ${article} ${type}: did you mean name?`,
    })
    assert.throws(() => make({ name: 'x' } as never), { name: 'TypeError' })
  })

  alone('TRI-12: with a signal that is aborted already nothing is taken', async () => {
    const semaphore = make()
    const reason = new Error('enough')
    await assert.rejects(semaphore.acquire({ signal: AbortSignal.abort(reason) }), error => error === reason)
    assert.equal(semaphore.value, 1)
  })
}

function queueCases(type: string, make: MakeSemaphore): void {
  const alone = casesAlone(type)

  /** One whose permits are all taken. */
  function taken(count: number): SemaphoreLike {
    const semaphore = make(count)
    for (let i = 0; i < count; i++) semaphore.acquireSync()
    return semaphore
  }

  alone('SEM-04: release(n) lets n go on, the ones who asked first, and no more', async () => {
    const semaphore = taken(4)
    const order: string[] = []
    const tasks = ask(semaphore, 'abcd', order)
    semaphore.release(2)
    await turn()
    assert.equal(order.join(''), 'ab')
    assert.deepEqual(semaphore.statistics(), { value: 0, locked: true, waiters: 2 })
    semaphore.release(2)
    await Promise.all(tasks)
    assert.equal(order.join(''), 'abcd')
  })

  alone('ALK-24: a permit that is given while tasks wait is theirs: no newcomer gets it', async () => {
    const semaphore = taken(2)
    const order: string[] = []
    const tasks = ask(semaphore, 'ab', order)
    semaphore.release()
    assert.equal(semaphore.locked, true)
    assert.equal(semaphore.tryAcquire(), undefined)
    tasks.push(...ask(semaphore, 'c', order))
    semaphore.release()
    await assert.rejects(semaphore.acquire({ timeout: 0 }), { name: 'TimeoutError' })
    await turn()
    assert.equal(order.join(''), 'ab')
    semaphore.release()
    await Promise.all(tasks)
    assert.equal(order.join(''), 'abc')
    assert.equal(semaphore.locked, true)
    semaphore.release()
    assert.equal(semaphore.locked, false)
  })

  alone('ALK-25: the order is kept when the head is cancelled', async () => {
    const semaphore = taken(3)
    const order: string[] = []
    const controller = new AbortController()
    const [head] = ask(semaphore, 'a', order, controller.signal)
    const tasks = ask(semaphore, 'bcd', order)
    controller.abort()
    await assert.rejects(head!, { name: 'AbortError' })
    semaphore.release(3)
    await Promise.all(tasks)
    assert.equal(order.join(''), 'bcd')
  })

  alone('ALK-26: two heads are cancelled, then one permit is given: exactly the third gets it', async () => {
    const semaphore = taken(1)
    const order: string[] = []
    const controller = new AbortController()
    const heads = ask(semaphore, 'ab', order, controller.signal)
    const [third, fourth] = ask(semaphore, 'cd', order)
    controller.abort()
    semaphore.release()
    await third
    const outcomes = await Promise.allSettled(heads)
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['rejected', 'rejected'],
    )
    assert.equal(order.join(''), 'c')
    semaphore.release()
    await fourth
  })

  alone('ALK-28, TRI-07: a task is cancelled in the turn in which it is given: the permit is not lost', async () => {
    for (const first of ['abort', 'release'] as const) {
      const semaphore = taken(1)
      const controller = new AbortController()
      const asking = semaphore.acquire({ signal: controller.signal })
      if (first === 'release') semaphore.release()
      controller.abort()
      if (first === 'abort') semaphore.release()
      const [outcome] = await Promise.allSettled([asking])
      if (outcome.status === 'fulfilled') outcome.value.release()
      assert.deepEqual(semaphore.statistics(), { value: 1, locked: false, waiters: 0 })
      semaphore.acquireSync().release()
    }
  })

  alone('SEM-08, SEM-09: a wait that times out says so and consumes nothing', async () => {
    const semaphore = make(1, { name: 'db' })
    const guard = semaphore.acquireSync()
    const began = performance.now()
    await assert.rejects(semaphore.acquire({ timeout: 50 }), {
      name: 'TimeoutError',
      message: `the ${type} "db" has no permit left, and still had none after 50 ms`,
    })
    assert.ok(performance.now() - began >= 30)
    const message = `the ${type} "db" has no permit left`
    await assert.rejects(semaphore.acquire({ timeout: 0 }), { name: 'TimeoutError', message })
    assert.throws(() => semaphore.acquireSync({ timeout: 0 }), { name: 'TimeoutError', message })
    assert.throws(() => semaphore.acquireSync({ timeout: 1 }), { name: 'TimeoutError' })
    guard.release()
    assert.equal(semaphore.value, 1)
    semaphore.acquireSync({ timeout: 0 }).release()
  })

  alone('a task that times out at the head of the queue hands on', async () => {
    const semaphore = taken(1)
    const late = assert.rejects(semaphore.acquire({ timeout: 1 }), { name: 'TimeoutError' })
    const next = semaphore.acquire()
    await late
    semaphore.release()
    const guard = await next
    guard.release()
  })

  alone('TRI-02: tasks that take it again and again get it in a fixed rotation', async () => {
    const semaphore = make(1)
    const order: string[] = []
    const rotate = async (letter: string): Promise<void> => {
      for (let i = 0; i < 20; i++) {
        using _ = await semaphore.acquire()
        order.push(letter)
        await turn()
      }
    }
    await Promise.all(['a', 'b', 'c', 'd'].map(rotate))
    assert.equal(order.join(''), 'abcd'.repeat(20))
  })

  alone('never are more inside than it has permits', async () => {
    const semaphore = make(3)
    let [now, most] = [0, 0]
    const visits = Array.from({ length: 200 }, async (_, i) => {
      using _guard = await semaphore.acquire()
      most = Math.max(most, ++now)
      for (let left = i % 3; left > 0; left--) await turn()
      now--
    })
    await Promise.all(visits)
    assert.deepEqual([most, semaphore.value], [3, 3])
  })
}

function threadCases(type: string, make: MakeSemaphore): void {
  const threads = casesWithThreads(type)

  threads('SEM-07: of ten tries in five threads on three permits exactly three succeed', async ({ pool }) => {
    const semaphore = make(3)
    const tries = Array.from({ length: 5 }, () => pool.submit(tryTimes, semaphore, 2))
    const got = await Promise.all(tries)
    assert.equal(
      got.reduce((sum, n) => sum + n, 0),
      3,
    )
    assert.equal(semaphore.value, 0)
  })

  for (const waiter of waiters) {
    threads(`SEM-03: ${waiter.name} waits as long as there is no permit`, async ({ pool, gate }) => {
      const semaphore = make(1)
      const guard = await semaphore.acquire()
      const visitor = waiter.start(pool, visit, semaphore, gate.words)
      await untilWaiting(1)
      await turn()
      assert.equal(inside(gate), 0)
      guard.release()
      await untilInside(gate, 1)
      assert.equal(semaphore.value, 0)
      gate.open()
      await visitor
      assert.equal(semaphore.value, 1)
    })

    threads(`SEM-03, SEM-04: release(2) lets two of four go on, ${waiter.name} among them`, async ({ pool, gate }) => {
      const semaphore = make(4)
      for (let i = 0; i < 4; i++) semaphore.acquireSync()
      const takers = Array.from({ length: 4 }, () => waiter.start(pool, take, semaphore, gate.words))
      await untilWaiting(4)
      semaphore.release(2)
      await gate.whenFinished(2)
      await turn()
      assert.deepEqual([gate.finished, semaphore.value], [2, 0])
      semaphore.release()
      await gate.whenFinished(3)
      semaphore.release()
      await Promise.all(takers)
      assert.deepEqual(semaphore.statistics(), { value: 0, locked: true, waiters: 0 })
    })

    threads(`SEM-09: ${waiter.name} times out, and the next permit is for another`, async ({ pool, gate }) => {
      const semaphore = make(1, { name: 'db' })
      const guard = await semaphore.acquire()
      const message = `the ${type} "db" has no permit left, and still had none after 20 ms`
      await assert.rejects(waiter.start(pool, take, semaphore, gate.words, 20), { name: 'TimeoutError', message })
      guard.release()
      assert.equal(semaphore.value, 1)
      for (const other of waiters) await other.start(pool, turns, semaphore, gate.words, 1)
    })

    threads(`a permit is given by another thread, and ${waiter.name} gets it`, async ({ pool, gate }) => {
      const semaphore = make(1)
      await semaphore.acquire()
      const taker = waiter.start(pool, take, semaphore, gate.words)
      await untilWaiting(1)
      await pool.submit(release, semaphore)
      await taker
      assert.equal(semaphore.value, 0)
    })
  }

  threads('SEM-03: as many succeed as there were permits and releases, however they wait', async ({ pool, gate }) => {
    const semaphore = make(6)
    for (let i = 0; i < 4; i++) semaphore.acquireSync()
    const takers = [...waiters, ...waiters].map(waiter => waiter.start(pool, take, semaphore, gate.words))
    await gate.whenFinished(2)
    await untilWaiting(4)
    for (let given = 1; given <= 4; given++) {
      semaphore.release()
      await gate.whenFinished(2 + given)
      assert.equal(gate.finished, 2 + given)
    }
    await Promise.all(takers)
    assert.equal(semaphore.value, 0)
  })

  threads('SEM-13: never are more inside than it has permits, in all threads together', async ({ pool, gate }) => {
    const semaphore = make(2)
    const rounds = [...waiters, ...waiters].map(waiter => waiter.start(pool, turns, semaphore, gate.words, 300))
    assert.deepEqual(await Promise.all(rounds), [300, 300, 300, 300, 300, 300])
    assert.equal(gate.finished, 1800)
    assert.ok(gate.most <= 2, `${gate.most} were inside`)
    assert.deepEqual(semaphore.statistics(), { value: 2, locked: false, waiters: 0 })
  })

  threads('release(n) for threads of all kinds wakes n of them, whoever is called first', async ({ pool, gate }) => {
    const semaphore = make(6)
    for (let i = 0; i < 6; i++) semaphore.acquireSync()
    const takers = [...waiters, ...waiters].map(waiter => waiter.start(pool, take, semaphore, gate.words))
    await untilWaiting(6)
    semaphore.release(6)
    await Promise.all(takers)
    await until(() => semaphore.value === 0)
  })

  threads('a semaphore that is sent back is the same object', async ({ pool }) => {
    const semaphore = make(2, { name: 'db' })
    assert.equal(await pool.submit(same, semaphore), semaphore)
    assert.equal(await pool.submit(tryTimes, semaphore, 5), 2)
    assert.equal(await pool.submit(release, semaphore, 2), 'released')
    assert.equal(semaphore.value, 2)
  })
}

function hopelessCases(type: string, make: MakeSemaphore): void {
  const alone = casesAlone(type)

  alone('to block without a timeout for a permit that no other thread could give is an error at once', () => {
    const semaphore = make(0, { name: 'db' })
    const message = `no other thread has the ${type} "db": to block for it would never end`
    for (const options of [undefined, {}, { timeout: undefined }, { timeout: Infinity }]) {
      assert.throws(() => semaphore.acquireSync(options), { name: 'DeadlockError', message })
    }
  })
}
