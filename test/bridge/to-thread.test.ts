/** toThread: a part of the task that calls it; cancelled means stopped. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CancelledError,
  dumpTasks,
  run,
  Task,
  TaskGroup,
  TaskGroupError,
  timeout,
  TimeoutError,
  toThread,
} from 'multitask'
import { identity, obey, spin, threadOfThread } from '../fixtures/bridge-tasks.ts'
import { Gate } from '../fixtures/gate.ts'
import { add, fail, square } from '../fixtures/tasks.ts'
import { errorOf, LIMIT } from '../fixtures/virtual.ts'

function bridgeCase(claim: string, body: (gate: Gate) => Promise<void>): void {
  void test(claim, LIMIT, async () => {
    await body(new Gate())
    assert.equal(dumpTasks(), '')
  })
}

bridgeCase('TTH-01: it returns the value, throws the error, and runs several at once', async () => {
  assert.equal(await toThread(add, 2, 3), 5)
  await assert.rejects(toThread(fail, 'no'), { name: 'TypeError', message: 'no' })
  assert.deepEqual(await Promise.all([1, 2, 3, 4, 5].map(n => toThread(square, n))), [1, 4, 9, 16, 25])
})

bridgeCase('what it returns is a task of the loop', async () => {
  const call = toThread(square, 3)
  assert.ok(call instanceof Task)
  assert.match(call.name, /^square/)
  assert.equal(call.state, 'running')
  assert.match(dumpTasks(), /^task "square.*": running, waits for a thread, /)
  assert.equal(await call, 9)
  assert.deepEqual([call.state, call.result()], ['done', 9])
  const named = toThread.with({ name: 'three' })(square, 3)
  assert.equal(named.name, 'three')
  await named
})

bridgeCase('cancel() asks the function to stop, and the task is over when it has', async gate => {
  const call = toThread(obey, gate.words)
  await gate.whenStarted(1)
  assert.equal(call.cancel('enough'), true)
  const error = await errorOf(call)
  assert.equal(String(error), 'CancelledError: enough')
  assert.equal(call.state, 'cancelled')
  // It has said so itself.
  assert.equal(gate.words[0], 1)
})

bridgeCase('one that does not listen is ended with its thread after the grace', async gate => {
  const call = toThread.with({ grace: 10 })(spin, gate.words)
  await gate.whenStarted(1)
  call.cancel()
  assert.ok((await errorOf(call)) instanceof CancelledError)
  assert.equal(await toThread(square, 4), 16)
})

bridgeCase('a timeout around it stops it, and throws a TimeoutError', async gate => {
  const error = await errorOf(
    timeout(50, async () => {
      await toThread.with({ grace: 10 })(spin, gate.words)
    }),
  )
  assert.ok(error instanceof TimeoutError)
  assert.equal(error.message, 'not done within 50 ms')
})

bridgeCase('the failure of a sibling stops it, and the group has that error only', async gate => {
  const error = await errorOf(
    TaskGroup.run(async group => {
      group.spawn(() => toThread(obey, gate.words))
      await gate.whenStarted(1)
      group.spawn(() => Promise.reject(new Error('boom')))
    }),
  )
  assert.ok(error instanceof TaskGroupError)
  assert.deepEqual(error.errors.map(String), ['Error: boom'])
  assert.equal(gate.words[0], 1)
})

bridgeCase('a group waits also for one that nobody awaits, and hears of its failure', async gate => {
  await TaskGroup.run(async group => {
    group.spawn(() => void toThread(obey, gate.words))
    await gate.whenStarted(1)
    assert.equal(gate.words[0], 0)
    group.cancel()
  })
  assert.equal(gate.words[0], 1)
})

bridgeCase('the end of run() stops those that nobody has awaited', async gate => {
  await run(
    async () => {
      void toThread(obey, gate.words)
      await gate.whenStarted(1)
    },
    { signals: false },
  )
  assert.equal(gate.words[0], 1)
})

bridgeCase('in a scope that is cancelled nothing begins: the reason is thrown at once', async () => {
  const reason = new Error('outside')
  await TaskGroup.run(async group => {
    group.cancel(reason)
    assert.throws(() => toThread(identity, 1), reason)
  })
  assert.throws(() => toThread.with({ signal: AbortSignal.abort(reason) })(identity, 1), reason)
})

bridgeCase('a signal of its own cancels it', async gate => {
  const stop = new AbortController()
  const call = toThread.with({ signal: stop.signal })(obey, gate.words)
  await gate.whenStarted(1)
  const reason = new Error('outside')
  stop.abort(reason)
  assert.equal(await errorOf(call), reason)
})

bridgeCase('a time limit of its own counts from the start of the function', async gate => {
  const error = await errorOf(toThread.with({ name: 'spin', timeout: 20, grace: 10 })(spin, gate.words))
  assert.match(String(error), /^TimeoutError: task spin ran longer than 20 ms/)
})

bridgeCase('a thread has threads of its own for it', async () => {
  assert.equal(await toThread(threadOfThread), 'cancelled')
})

bridgeCase('what is wrong with the call is thrown at the call', async () => {
  assert.throws(() => toThread(Promise.resolve(1) as never), {
    name: 'TypeError',
    message:
      'toThread takes a function, not a promise: what runs already can neither be cancelled nor owned; pass a function that begins it',
  })
  assert.throws(() => toThread(identity, Promise.resolve(1) as never), { name: 'CannotSendError' })
  assert.throws(() => toThread.with({ timeout: -1 }), {
    name: 'RangeError',
    message: 'timeout must be 0 or more milliseconds, not -1',
  })
  assert.throws(
    () => toThread.with({ chunkSize: 1 } as never),
    /^TypeError: "chunkSize" is not an option of toThread.with\(\)/,
  )
})
