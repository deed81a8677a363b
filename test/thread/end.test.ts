/** Whatever a thread dies of: its joins settle, with an error that says so, and nothing of it is left. */
import assert from 'node:assert/strict'
import { BrokenLockError, CancelledError, Lock, Thread, threads, UnsupportedError, WorkerDiedError } from 'multitask'
import { claimPlace, leavePlace, type ThreadPlace } from '../../dist/memory/thread-table.js'
import { unreachable } from '../fixtures/broken-module.ts'
import * as deadly from '../fixtures/deadly.ts'
import { until } from '../fixtures/gate.ts'
import { passGate, square } from '../fixtures/tasks.ts'
import * as targets from '../fixtures/thread-targets.ts'
import { bun, deno, errorOf, nextTurns, threadCase } from './scope.ts'

const busyThreadsGoOn = deno && 'Deno cannot end a busy thread: it goes on until the program ends'

threadCase('THR-27: process.exit(0) in a thread ends only that thread, and join gets undefined', async (_, told) => {
  const thread = new Thread(deadly.exit, [0]).start()
  assert.equal(await thread.join(), undefined)
  assert.equal(thread.exitCode, 0)
  new Thread(deadly.exit, [0]).start()
  await until(() => threads().length === 1)
  await nextTurns()
  assert.deepEqual(told, [])
})

threadCase(
  'process.exit with another code is an error for join that tells the code, and no report',
  async (_, told) => {
    const thread = new Thread(deadly.exit, [3], { name: 'leaver' }).start()
    const error = await errorOf(thread.join())
    assert.ok(error instanceof WorkerDiedError)
    assert.match(error.message, /^thread leaver ended while it ran task exit\d?: exit code 3$/)
    assert.deepEqual([error.exitCode, thread.exitCode, thread.isAlive()], [3, 3, false])
    const unseen = new Thread(deadly.exit, [4]).start()
    await until(() => !unseen.isAlive())
    await until(() => threads().length === 1)
    await nextTurns()
    assert.equal(unseen.exitCode, 4)
    assert.deepEqual(told, [])
  },
)

threadCase('joinSync is told of a thread that exits meanwhile', async () => {
  assert.equal(new Thread(deadly.exit, [0]).start().joinSync(), undefined)
  const thread = new Thread(deadly.exit, [5]).start()
  assert.throws(
    () => thread.joinSync(),
    error => error instanceof WorkerDiedError && error.exitCode === 5,
  )
  assert.equal(thread.exitCode, 5)
})

threadCase('an error that nobody in the thread caught is the cause of the error', async () => {
  for (const thread of [new Thread(deadly.throwInTimer, ['late']), new Thread(deadly.rejectUnseen, ['late'])]) {
    const error = await errorOf(thread.start().join())
    assert.ok(error instanceof WorkerDiedError, String(error))
    assert.match((error.cause as Error).message, /late/)
    assert.equal(thread.exitCode, 1)
  }
})

threadCase(
  'a thread that runs out of memory ends alone',
  async () => {
    const thread = new Thread(deadly.eatMemory, [], {
      resourceLimits: { maxOldGenerationSizeMb: 24 },
    }).start()
    const error = await errorOf(thread.join())
    assert.ok(error instanceof WorkerDiedError, String(error))
    assert.match(error.message, /ran out of memory/)
    assert.equal(await new Thread(square, [3]).start().join(), 9)
  },
  { skip: bun && 'Bun has no limit on the memory of a thread' },
)

threadCase('THR-29: recursion without end is a RangeError, and the thread ends well', async () => {
  const thread = new Thread(targets.recurse).start()
  assert.equal((await errorOf(thread.join())).name, 'RangeError')
  assert.equal(thread.exitCode, 1)
})

threadCase('THR-17: when there are too many threads, start throws, and can be called again', async () => {
  const places: ThreadPlace[] = []
  assert.throws(() => {
    for (;;) places.push(claimPlace('occupied'))
  }, UnsupportedError)
  const thread = new Thread(square, [3])
  try {
    assert.throws(() => thread.start(), {
      name: 'UnsupportedError',
      message: /^256 threads are alive/,
    })
    assert.deepEqual([thread.ident, thread.isAlive()], [undefined, false])
  } finally {
    for (const { identity } of places) leavePlace(identity)
  }
  assert.equal(await thread.start().join(), 9)
})

threadCase(
  'THR-17: what the runtime cannot start is an error at start, and leaves no trace',
  async () => {
    const thread = new Thread(square, [3], { resourceLimits: { stackSizeMb: 1e6 } })
    for (let i = 0; i < 3; i++) assert.throws(() => thread.start(), /EAGAIN|unavailable/)
    assert.deepEqual([thread.ident, thread.isAlive(), threads().length], [undefined, false, 1])
    await errorOf(thread.join())
  },
  { skip: bun && 'Bun takes any limits' },
)

threadCase(
  'THR-17: a thread that ends before it is up rejects join, and leaves no trace',
  async () => {
    const thread = new Thread(square, [3], {
      name: 'unborn',
      env: { NODE_OPTIONS: '--require=/no-such-file.cjs' },
    }).start()
    const error = await errorOf(thread.join())
    assert.ok(error instanceof WorkerDiedError, String(error))
    assert.match(error.message, /^thread unborn ended before it was ready/)
    assert.match(String(error.cause), /no-such-file/)
    assert.deepEqual([thread.isAlive(), threads().length], [false, 1])
  },
  { skip: (bun || deno) && 'only Node reads NODE_OPTIONS in a thread' },
)

threadCase('a target whose module does not load is an error of join', async () => {
  const error = await errorOf(new Thread(unreachable).start().join())
  assert.equal(error.name, 'CannotLoadError')
})

threadCase('a result that cannot be sent is an error of join', async () => {
  const error = await errorOf(new Thread(deadly.returnFunctionHolder).start().join())
  assert.equal(error.name, 'CannotSendError')
})

threadCase('terminate ends a thread that waits, and join rejects with CancelledError', async (gate, told) => {
  const thread = new Thread(deadly.never, [gate.words], { name: 'waiter' }).start()
  await gate.whenStarted(1)
  const joining = errorOf(thread.join())
  thread.terminate()
  const error = await joining
  assert.ok(error instanceof CancelledError)
  assert.match(error.message, /^thread waiter was terminated/)
  assert.deepEqual([thread.isAlive(), thread.exitCode], [false, 1])
  thread.terminate()
  assert.equal(await errorOf(thread.join()), error)
  await nextTurns()
  assert.deepEqual(told, [])
})

threadCase('a thread that was terminated is no news', async (gate, told) => {
  const thread = new Thread(deadly.never, [gate.words]).start()
  await gate.whenStarted(1)
  thread.terminate()
  await until(() => threads().length === 1)
  await nextTurns()
  assert.deepEqual(told, [])
})

threadCase('terminate ends a thread before it is up', async gate => {
  const thread = new Thread(passGate, [gate.words, 1]).start()
  thread.terminate()
  assert.ok((await errorOf(thread.join())) instanceof CancelledError)
  assert.equal(gate.started, 0)
})

threadCase('terminate after the end does nothing', async () => {
  const thread = new Thread(square, [3]).start()
  await thread.join()
  thread.terminate()
  assert.deepEqual([await thread.join(), thread.exitCode], [9, 0])
  const inTheTurn = new Thread(square, [4]).start()
  await until(() => !inTheTurn.isAlive())
  inTheTurn.terminate()
  assert.equal(await inTheTurn.join(), 16)
})

threadCase(
  'terminate ends a busy loop',
  async gate => {
    const thread = new Thread(deadly.spin, [gate.words]).start()
    await gate.whenStarted(1)
    thread.terminate()
    assert.ok((await errorOf(thread.join())) instanceof CancelledError)
  },
  { skip: busyThreadsGoOn },
)

threadCase('terminate ends a thread that is blocked on a word that nobody wakes', async gate => {
  const thread = new Thread(targets.sleepForEver, [gate.words]).start()
  await gate.whenStarted(1)
  thread.terminate()
  assert.ok((await errorOf(thread.join())) instanceof CancelledError)
})

threadCase('a thread that is terminated with a lock breaks it for all who wait', async gate => {
  const lock = new Lock({ name: 'db' })
  const holder = new Thread(targets.dieHolding, [lock, gate.words], { name: 'holder' }).start()
  await gate.whenStarted(1)
  const blocked = new Thread(targets.blockFor, [lock, gate.words]).start()
  await gate.whenStarted(2)
  const waiting = errorOf(lock.acquire())
  holder.terminate()
  for (const error of [await waiting, await errorOf(blocked.join())]) {
    assert.ok(error instanceof BrokenLockError, String(error))
    assert.equal(error.message, 'the Lock "db" is broken: thread "holder" ended as its owner')
  }
  await errorOf(holder.join())
})

threadCase('a thread that blocks for a lock can be terminated, and takes nothing with it', async gate => {
  const lock = new Lock()
  const guard = await lock.acquire()
  const blocked = new Thread(targets.blockFor, [lock, gate.words]).start()
  const patient = new Thread(targets.blockFor, [lock, gate.words]).start()
  await gate.whenStarted(2)
  blocked.terminate()
  assert.ok((await errorOf(blocked.join())) instanceof CancelledError)
  guard.release()
  assert.equal(await patient.join(), 'got it')
})

threadCase('the end of a thread is that of the threads it has started, and of the locks that they hold', async gate => {
  const outer = new Thread(targets.startAnother, [gate.words, false]).start()
  await outer.join()
  await gate.whenStarted(1)
  outer.terminate()
  await until(() => threads().length === 1)
  assert.equal(gate.finished, 0)
})

threadCase(
  'an error in a callback that the target left behind is reported, and join gets the value',
  async (_, told) => {
    const thread = new Thread(targets.throwAfterReturn, ['left behind'], {
      name: 'untidy',
    }).start()
    assert.equal(await thread.join(), 'returned')
    await nextTurns()
    assert.equal(thread.exitCode, 0)
    // Whether the callback still has its turn is not said.
    assert.ok(told.length <= 1)
    for (const { thread: from, error } of told) {
      assert.equal(from.name, 'untidy')
      assert.match(String(error), /left behind/)
    }
  },
)
