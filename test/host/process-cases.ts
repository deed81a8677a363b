/** What processes that this one has started do with things that it has, and what becomes of these when they die. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  activeCount,
  Barrier,
  BrokenLockError,
  Condition,
  DeadlockError,
  Event,
  InvalidStateError,
  Lock,
  pipe,
  Process,
  RLock,
  Semaphore,
  SharedArray,
  SharedQueue,
  SharedValue,
  WorkerDiedError,
} from 'multitask'
import * as tasks from '../fixtures/host-tasks.ts'
import { LIMIT, twoProcesses as check } from './scope.ts'

/** The cases. What they use may lie in the memory of both, or in that of this process alone. */
export function processCases(): void {
  for (const make of [() => new Lock(), () => new RLock()]) {
    check(`two processes and this one add under a ${make().constructor.name}, and no addition is lost`, async pool => {
      const lock = make()
      const value = new SharedValue('i32')
      const others = [1, 2].map(() => pool.submit(tasks.addUnder, lock, value, 50))
      for (let i = 0; i < 100; i++) {
        await lock.with(() => {
          value.value += 1
        })
      }
      await Promise.all(others)
      assert.equal(value.value, 300)
      assert.equal(lock.locked, false)
    })
  }

  check('a process and this one meet by events, however this one waits', async pool => {
    for (const verb of ['wait', 'waitSync'] as const) {
      const [begun, theirs, mine] = [new Event(), new Event(), new Event()]
      const other = pool.submit(tasks.setAndWait, begun, theirs, mine)
      await begun.wait()
      assert.equal(await theirs[verb](), true)
      mine.set()
      assert.equal(await other, true)
    }
  })

  check('every kind of thing does in a process what it does here', async pool => {
    const [semaphore, barrier, queue] = [new Semaphore(3), new Barrier(2), new SharedQueue<unknown>()]
    const [array, point] = [new SharedArray('f64', [1, 2, 3]), new tasks.Point({ x: 1, n: 2 })]
    const other = pool.submit(tasks.useAll, semaphore, barrier, queue, array, point)
    const index = await barrier.wait()
    assert.deepEqual(await queue.get(), { index: 1 - index, when: new Date(0), map: new Map([['a', 1]]) })
    assert.deepEqual(await other, [3, [1, 3.5, 3], 1.5, 4])
    assert.deepEqual([array.slice(), point.toJSON()], [[1, 3.5, 3], { x: 1.5, n: 4 }])
  })

  check('items of a queue are shared among processes, and each is taken once', async pool => {
    const queue = new SharedQueue<number>(10)
    const others = [true, false].map(blocks => pool.submit(tasks.drain, queue, blocks))
    for (let item = 0; item < 200; item++) await queue.put(item)
    queue.shutdown()
    const got = (await Promise.all(others)).flat()
    assert.deepEqual(
      got.toSorted((a, b) => a - b),
      Array.from({ length: 200 }, (_, item) => item),
    )
  })

  for (const verb of ['double', 'doubleSync'] as const) {
    check(`an end of a pipe answers from a process, until this one is closed: ${verb}`, async pool => {
      const [here, there] = pipe<number>()
      const other = verb === 'double' ? pool.submit(tasks.double, there) : pool.submit(tasks.doubleSync, there)
      for (let message = 0; message < 50; message++) {
        await here.send(message)
        assert.equal(await here.recv(), message * 2)
      }
      here.close()
      assert.equal(await other, 50)
    })
  }

  check('a condition lets processes go on that wait for a fact', async pool => {
    const [condition, stock] = [new Condition(), new SharedValue('i32')]
    const others = [1, 2].map(() => pool.submit(tasks.take, condition, stock, 20))
    for (let i = 0; i < 40; i++) {
      await condition.with(() => {
        stock.value += 1
        condition.notify()
      })
    }
    await Promise.all(others)
    assert.equal(stock.value, 0)
  })

  check('what comes back is the thing itself, and what is sent twice is one object there', async pool => {
    const lock = new Lock({ name: 'db' })
    assert.equal(await pool.submit(tasks.give, lock), lock)
    const pair = await pool.submit(tasks.give, [lock, { again: lock }] as const)
    assert.equal(pair[0], lock)
    assert.equal(pair[1].again, lock)
  })

  for (const [how, hold] of [
    ['waits', tasks.holdForEver],
    ['is busy', tasks.holdBusy],
  ] as const) {
    check(`a process that is killed while it ${how} breaks the lock that it held`, async pool => {
      const [lock, held] = [new Lock({ name: 'db' }), new Event()]
      const process_ = new Process(hold, [lock, held], { name: 'holder' })
      process_.start()
      await held.wait()
      assert.deepEqual([lock.locked, lock.statistics().owner], [true, 'holder'])
      const waiting = lock.acquire()
      process.kill(process_.pid!, 'SIGKILL')
      await assert.rejects(waiting, {
        name: 'BrokenLockError',
        message: 'the Lock "db" is broken: thread "holder" ended as its owner',
      })
      await assert.rejects(process_.join(), WorkerDiedError)
      await assert.rejects(pool.submit(tasks.addUnder, lock, new SharedValue('i32'), 1), BrokenLockError)
    })
  }

  check(
    'a process that is killed while it blocks lets go of what it held, also if this one is blocked for it',
    async () => {
      const [lock, held, never] = [new Lock({ name: 'db' }), new Event(), new Event()]
      const holder = new Process(tasks.blockForEver, [lock, held, never], { name: 'holder' })
      holder.start()
      await held.wait()
      process.kill(holder.pid!, 'SIGKILL')
      assert.throws(() => lock.acquireSync(), BrokenLockError)
      await assert.rejects(holder.join(), WorkerDiedError)
    },
  )

  check('an end of a pipe that a killed process had is closed', async () => {
    const [here, there] = pipe<number>()
    const other = new Process(tasks.double, [there], { name: 'other' })
    other.start()
    await here.send(1)
    assert.equal(await here.recv(), 2)
    process.kill(other.pid!, 'SIGKILL')
    await assert.rejects(here.recv(), { name: 'EndOfFileError' })
    await assert.rejects(other.join(), WorkerDiedError)
  })

  check('a process passes on what it was given, to a process and a thread of its own', async pool => {
    const [lock, value] = [new Lock(), new SharedValue('i32')]
    await pool.submit(tasks.passOn, lock, value, 5)
    assert.deepEqual([value.value, lock.locked], [20, false])
  })

  check('who acts for a process is no thread of the program', async pool => {
    const value = new SharedValue('i32')
    await pool.submit(tasks.addUnder, new Lock(), value, 1)
    assert.deepEqual([value.value, activeCount()], [2, 1])
  })

  check('errors come as what they are', async pool => {
    const lock = new Lock({ name: 'db' })
    await assert.rejects(
      pool.submit((each: Lock) => each.release(), lock),
      error => error instanceof InvalidStateError && error.message === 'cannot release the Lock "db": nobody holds it',
    )
  })

  check('this process can block for what a Process will give, before that has begun', async () => {
    const [begun, theirs, mine] = [new Event(), new Event(), new Event()]
    const other = new Process(tasks.setAndWait, [begun, theirs, mine]).start()
    assert.equal(theirs.waitSync(), true)
    mine.set()
    assert.equal(await other.join(), true)
  })

  check(
    'this process can block for what a call in a pool will give, in the turn in which it was submitted',
    async pool => {
      // So that a worker is ready.
      await pool.submit(tasks.kindOf, {})
      const [begun, theirs, mine] = [new Event(), new Event(), new Event()]
      const other = pool.submit(tasks.setAndWait, begun, theirs, mine)
      assert.equal(theirs.waitSync(), true)
      mine.set()
      assert.equal(await other, true)
    },
  )

  void test(
    'to block for what only a process could give is a deadlock when none is left',
    { timeout: LIMIT },
    async () => {
      const [begun, theirs, mine] = [new Event(), new Event(), new Event()]
      mine.set()
      const other = new Process(tasks.setAndWait, [begun, theirs, mine]).start()
      assert.equal(await theirs.wait(), true)
      await other.join()
      theirs.clear()
      assert.throws(() => theirs.waitSync(), DeadlockError)
    },
  )
}
