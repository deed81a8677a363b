/**
 * What an RLock does beyond a lock. Ids are those of CONFORMANCE's behaviours: RLK of threading.RLock.
 * `asTask` runs a function as a task of its own: who holds an RLock is a task, where tasks can be told apart.
 */
import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { BrokenLockError, DeadlockError, InvalidStateError, type RLock } from 'multitask'
import { until } from '../fixtures/gate.ts'
import { depthOf, dieWithIt, dive } from '../fixtures/rlock-tasks.ts'
import { release, same, tryOnce } from '../fixtures/sync-tasks.ts'
import { untilWaiting, visit, waiters, workers } from '../fixtures/waiters.ts'
import { casesAlone, casesWithDeaths, casesWithThreads, turn } from './sync-cases.ts'

export type MakeRLock = (options?: { name?: string }) => RLock
export type AsTask = <T>(f: () => Promise<T>) => Promise<T>

export function rlockSuite(type: string, make: MakeRLock, asTask: AsTask): void {
  depthCases(type, make)
  taskCases(type, make, asTask)
  flowCases(type, make, asTask)
  threadCases(type, make, asTask)
  deathCases(type, make)
}

function depthCases(type: string, make: MakeRLock): void {
  const alone = casesAlone(type)

  alone('RLK-01, RLK-04: its owner takes it again, and it is free when it was given back as often', async () => {
    const lock = make()
    await lock.acquire()
    lock.acquireSync()
    lock.tryAcquire()
    assert.equal(lock.statistics().depth, 3)
    for (const depth of [2, 1, 0]) {
      assert.equal(lock.locked, true)
      lock.release()
      assert.equal(lock.statistics().depth, depth)
    }
    assert.equal(lock.locked, false)
  })

  alone('RLK-02: to release it more often than it was taken is an error, also later', async () => {
    const lock = make({ name: 'db' })
    const error = { name: 'InvalidStateError', message: `cannot release the ${type} "db": nobody holds it` }
    assert.throws(() => lock.release(), error)
    await lock.acquire()
    lock.acquireSync()
    lock.release()
    lock.release()
    assert.throws(() => lock.release(), error)
    assert.deepEqual([lock.locked, lock.statistics().depth], [false, 0])
  })

  alone('guards give back one each, in any order, and only once', async () => {
    const lock = make()
    const outer = await lock.acquire()
    const inner = await lock.acquire()
    outer.release()
    outer.release()
    assert.equal(lock.statistics().depth, 1)
    inner.release()
    assert.equal(lock.locked, false)
    {
      using _ = lock.acquireSync()
      using __ = lock.acquireSync({ timeout: 0 })
      assert.equal(lock.statistics().depth, 2)
    }
    assert.equal(lock.locked, false)
  })

  alone('what is taken outside of tasks and of with belongs to all that is', async () => {
    const lock = make()
    const guard = await lock.acquire()
    const depths = [1, 2].map(() => lock.with(() => lock.statistics().depth))
    assert.equal(lock.statistics().waiters, 0)
    assert.deepEqual(await Promise.all(depths), [3, 3])
    guard.release()
    assert.equal(lock.locked, false)
  })

  alone('what would be refused is refused also to who has it already', async () => {
    const lock = make()
    await lock.acquire()
    const reason = new Error('enough')
    await assert.rejects(lock.acquire({ signal: AbortSignal.abort(reason) }), error => error === reason)
    await assert.rejects(lock.acquire({ timeout: -1 }), RangeError)
    await assert.rejects(
      lock.with(() => {}, { time_out: 1 } as object),
      /did you mean timeout/,
    )
    assert.throws(() => lock.acquireSync({ timeout: NaN }), RangeError)
    assert.equal(lock.statistics().depth, 1)
    lock.release()
  })

  alone('withSync gives back what it took and no more', () => {
    const lock = make()
    assert.equal(
      lock.withSync(() => lock.withSync(() => lock.statistics().depth)),
      2,
    )
    lock.acquireSync()
    assert.throws(
      () =>
        lock.withSync(() => {
          throw new RangeError('in f')
        }),
      /in f/,
    )
    assert.equal(lock.statistics().depth, 1)
    lock.release()
    assert.equal(lock.locked, false)
  })

  alone('it says its name and its state', async () => {
    const lock = make({ name: 'db' })
    assert.equal(inspect(lock), `${type} "db" { free }`)
    lock.acquireSync()
    assert.equal(inspect(lock), `${type} "db" { held in thread "MainThread" }`)
    assert.deepEqual(lock.statistics(), { locked: true, broken: false, owner: 'MainThread', waiters: 0, depth: 1 })
    assert.ok(Object.isFrozen(lock.statistics()))
    lock.release()
  })
}

function taskCases(type: string, make: MakeRLock, asTask: AsTask): void {
  const alone = casesAlone(type)

  alone('RLK-06: a task takes it again, another task waits, and has a depth of 0 meanwhile', async () => {
    const lock = make()
    const order: string[] = []
    let other: Promise<void> | undefined
    await asTask(async () => {
      await lock.acquire()
      other = asTask(async () => {
        assert.equal(lock.statistics().depth, 0)
        assert.equal(lock.tryAcquire(), undefined)
        using _ = await lock.acquire()
        order.push('other')
        assert.equal(lock.statistics().depth, 1)
      })
      await turn()
      using _ = await lock.acquire()
      assert.deepEqual([lock.statistics().depth, lock.statistics().waiters], [2, 1])
      order.push('first')
      lock.release()
    })
    await other
    assert.deepEqual(order, ['first', 'other'])
    assert.equal(lock.locked, false)
  })

  alone('a task cannot release what another holds', async () => {
    const lock = make()
    const message = `cannot release the ${type}: it is held in thread "MainThread", but not by the caller`
    const guard = await asTask(() => lock.acquire())
    await asTask(async () => assert.throws(() => lock.release(), { name: 'InvalidStateError', message }))
    assert.throws(() => lock.release(), InvalidStateError)
    assert.equal(lock.locked, true)
    // A guard is the right itself, wherever it has got to.
    guard.release()
    assert.equal(lock.locked, false)
  })

  alone('what is held by no task is not held by a task, and the other way round', async () => {
    const lock = make()
    lock.acquireSync()
    assert.equal(await asTask(async () => lock.tryAcquire()), undefined)
    lock.release()
    const guard = await asTask(() => lock.acquire())
    assert.equal(lock.tryAcquire(), undefined)
    guard.release()
  })

  alone('to block for what another task of this thread holds is a deadlock, unless there is a timeout', async () => {
    const lock = make({ name: 'own' })
    const guard = await asTask(() => lock.acquire())
    const message = `the ${type} "own" is held in this thread: to block for it would never end`
    for (const options of [undefined, {}, { timeout: Infinity }]) {
      assert.throws(() => lock.acquireSync(options), { name: 'DeadlockError', message })
    }
    assert.throws(() => lock.acquireSync({ timeout: 1 }), { name: 'TimeoutError' })
    assert.throws(() => lock.withSync(() => {}), DeadlockError)
    guard.release()
    lock.acquireSync().release()
  })
}

/** Comes twice into the lock, and says so. */
async function visitTwice(lock: RLock, letter: string, order: string[]): Promise<void> {
  await lock.with(async () => {
    order.push(letter)
    await turn()
    await lock.with(async () => {
      await turn()
      order.push(letter.toUpperCase())
    })
    await turn()
    order.push(letter)
  })
}

function flowCases(type: string, make: MakeRLock, asTask: AsTask): void {
  const alone = casesAlone(type)

  alone('two calls of with exclude each other outside of tasks, and each can take it again', async () => {
    const lock = make()
    const order: string[] = []
    await Promise.all(['a', 'b', 'c'].map(letter => visitTwice(lock, letter, order)))
    assert.equal(order.join(''), 'aAabBbcCc')
    assert.equal(lock.locked, false)
  })

  alone('they do so within one task too', async () => {
    const lock = make()
    const order: string[] = []
    await asTask(() => Promise.all(['a', 'b', 'c'].map(letter => visitTwice(lock, letter, order))))
    assert.equal(order.join(''), 'aAabBbcCc')
  })

  alone('inside of with all verbs take it again', async () => {
    const lock = make()
    await lock.with(async () => {
      await turn()
      using _ = await lock.acquire()
      using __ = lock.acquireSync()
      using ___ = lock.tryAcquire()!
      assert.equal(
        lock.withSync(() => lock.statistics().depth),
        5,
      )
      await lock.acquire()
      lock.release()
    })
    assert.equal(lock.locked, false)
  })

  alone('who is outside of it does not hold it, and who has left it neither', async () => {
    const lock = make()
    let isOver = false
    let later: Promise<unknown> | undefined
    const inside = lock.with(async () => {
      later = until(() => isOver).then(() => lock.with(() => lock.statistics().depth))
      await turn()
      assert.equal(lock.statistics().depth, 1)
    })
    await turn()
    assert.deepEqual([lock.locked, lock.statistics().depth], [true, 0])
    assert.throws(() => lock.release(), InvalidStateError)
    await inside
    // What it has left behind asks like anybody else.
    const guard = await asTask(() => lock.acquire())
    isOver = true
    await until(() => lock.statistics().waiters === 1)
    guard.release()
    assert.equal(await later, 1)
    assert.equal(lock.locked, false)
  })

  alone('a task that is started inside is another owner', async () => {
    const lock = make()
    await lock.with(async () => {
      await asTask(async () => {
        assert.equal(lock.statistics().depth, 0)
        assert.equal(lock.tryAcquire(), undefined)
      })
      assert.equal(lock.statistics().depth, 1)
    })
  })

  alone('with several locks, each is held by the flow that took it and by those inside', async () => {
    const [a, b] = [make(), make()]
    const order: string[] = []
    await a.with(async () => {
      const enter = (letter: string): Promise<void> =>
        b.with(async () => {
          order.push(letter)
          await turn()
          await a.with(() => assert.equal(a.statistics().depth, 2))
          order.push(letter)
        })
      await Promise.all([enter('x'), enter('y')])
      // Taken without with, it belongs to the with around it.
      const guard = await b.acquire()
      assert.deepEqual([b.statistics().depth, await b.with(() => b.statistics().depth)], [1, 2])
      guard.release()
    })
    assert.equal(order.join(''), 'xxyy')
    assert.deepEqual([a.locked, b.locked], [false, false])
  })

  alone('with that is not given the lock leaves nothing', async () => {
    const lock = make()
    const controller = new AbortController()
    const reason = new Error('enough')
    const guard = await asTask(() => lock.acquire())
    const aborted = lock.with(() => assert.fail('it ran'), { signal: controller.signal })
    const late = lock.with(() => assert.fail('it ran'), { timeout: 1 })
    controller.abort(reason)
    await assert.rejects(aborted, error => error === reason)
    await assert.rejects(late, { name: 'TimeoutError' })
    guard.release()
    assert.deepEqual([lock.locked, lock.statistics().waiters], [false, 0])
  })
}

function threadCases(type: string, make: MakeRLock, asTask: AsTask): void {
  const threads = casesWithThreads(type)

  threads('RLK-05, RLK-06: another thread sees that it is held, and has a depth of 0', async ({ pool }) => {
    const lock = make()
    lock.acquireSync()
    lock.acquireSync()
    assert.deepEqual(await pool.submit(tryOnce, lock), [false, true])
    assert.equal(await pool.submit(depthOf, lock), 0)
    lock.release()
    assert.deepEqual(await pool.submit(tryOnce, lock), [false, true])
    lock.release()
    assert.deepEqual(await pool.submit(tryOnce, lock), [true, false])
  })

  threads('another thread cannot release it', async ({ pool }) => {
    const lock = make({ name: 'db' })
    lock.acquireSync()
    assert.equal(
      await pool.submit(release, lock),
      `cannot release the ${type} "db": it is held in thread "MainThread", but not by the caller`,
    )
    lock.release()
    assert.equal(await pool.submit(release, lock), `cannot release the ${type} "db": nobody holds it`)
  })

  threads('it comes back as the same object, and as deep', async ({ pool }) => {
    const lock = make()
    lock.acquireSync()
    const back = (await pool.submit(same, lock)) as RLock
    assert.equal(back, lock)
    assert.equal(back.statistics().depth, 1)
    back.release()
    assert.equal(lock.locked, false)
  })

  for (const waiter of waiters) {
    threads(`RLK-01: ${waiter.name} takes it three times, and others get it after the third release`, async scene => {
      const { pool, gate } = scene
      const lock = make()
      const diver = asTask(() => waiter.start(pool, dive, lock, gate.words, 3))
      await gate.whenStarted(1)
      assert.deepEqual([lock.locked, lock.statistics().depth], [true, 0])
      const next = asTask(() => lock.acquire())
      await turn()
      gate.open()
      assert.deepEqual(await diver, [3, 2, 1])
      const guard = await next
      guard.release()
      assert.equal(lock.locked, false)
    })

    threads(`RLK-11: ${waiter.name} times out as long as another holds it`, async ({ pool, gate }) => {
      const lock = make({ name: 'db' })
      const holder = await asTask(() => lock.acquire())
      const message = `the ${type} "db" is held by thread "MainThread", and still was after 20 ms`
      await assert.rejects(
        asTask(() => waiter.start(pool, dive, lock, gate.words, 1, 20)),
        { name: 'TimeoutError', message },
      )
      holder.release()
      assert.equal(lock.locked, false)
    })
  }
}

function deathCases(type: string, make: MakeRLock): void {
  const deaths = casesWithDeaths(type)

  for (const waiter of waiters) {
    deaths(`${waiter.name} is told when the owner died, however deep it was`, async ({ pool, gate }) => {
      const lock = make({ name: 'db' })
      const dying = pool.submit(dieWithIt, lock)
      await assert.rejects(dying, { name: 'WorkerDiedError' })
      const message = new RegExp(`^the ${type} "db" is broken: thread ".+" ended as its owner$`)
      await assert.rejects(waiter.start(pool, visit, lock, gate.words), { name: 'BrokenLockError', message })
      assert.deepEqual([lock.locked, lock.statistics().broken], [true, true])
      // There is nothing to give back, and no news in it.
      lock.release()
    })
  }

  for (const waiter of workers) {
    deaths(`${waiter.name} when the owner dies is told`, async ({ pool, gate }) => {
      const lock = make()
      const guard = lock.acquireSync()
      const dying = pool.submit(dieWithIt, lock)
      await untilWaiting(1)
      const waiting = [waiter, ...waiters].map(each => each.start(pool, visit, lock, gate.words))
      const outcomes = Promise.allSettled([dying, ...waiting])
      guard.release()
      gate.open()
      const [, ...others] = await outcomes
      // Those that came before the one that died had it and gave it back.
      for (const each of others) assert.ok(each.status === 'fulfilled' || each.reason instanceof BrokenLockError)
    })
  }
}
