/** Futures that are settled by hand. Those of executors are tested by conformance/future.ts. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { CancelledError, Future, InvalidStateError } from 'multitask'
import { hasFailed } from '../../dist/completion/future-like.js'
import type { FutureOwner } from '../../dist/futures/future.js'
import { runProgram } from '../fixtures/run-program.ts'

test(
  'FUT-03, FUT-05: a callback that throws stops nothing else, and is reported as an uncaught error',
  { timeout: 30_000 },
  async () => {
    const { code, stdout, stderr } = await runProgram('throwing-callbacks.ts')
    assert.equal(stderr, '')
    assert.deepEqual(stdout.trim().split('\n'), [
      'callback 1',
      'callback 2',
      'callback 3',
      'set',
      'added',
      'uncaught: of callback 2',
      'uncaught: of a late callback',
      'uncaught: of onProgress 5',
      'the task has a result',
    ])
    assert.equal(code, 0)
  },
)

test('FUT-03: callbacks run in the order in which they were added, in the turn in which the future settles', () => {
  const future = new Future<number>()
  const order: number[] = []
  for (const n of [1, 2, 3]) future.addDoneCallback(() => order.push(n))
  future.setResult(0)
  assert.deepEqual(order, [1, 2, 3])
})

test('FUT-04: a callback added to a future that is done runs at once', () => {
  const future = new Future<number>()
  future.setResult(7)
  let seen: number | undefined
  future.addDoneCallback(self => (seen = self.result()))
  assert.equal(seen, 7)
})

test('a callback that is taken back does not run', () => {
  const future = new Future<number>()
  const order: string[] = []
  const first = () => order.push('first')
  const second = () => order.push('second')
  future.addDoneCallback(first)
  future.addDoneCallback(second)
  future.addDoneCallback(first)
  assert.equal(future.removeDoneCallback(first), true)
  assert.equal(
    future.removeDoneCallback(() => {}),
    false,
  )
  future.setResult(1)
  assert.deepEqual(order, ['second', 'first'])
  assert.equal(future.removeDoneCallback(second), false)
})

test('what is no function is refused as a callback', () => {
  assert.throws(() => new Future().addDoneCallback('f' as never), {
    name: 'TypeError',
    message: 'a callback must be a function, not "f"',
  })
})

test('FUT-14: a second result is an InvalidStateError, and the first stays', async () => {
  const future = new Future<number>()
  future.setResult(1)
  assert.throws(() => future.setResult(2), {
    name: 'InvalidStateError',
    message: 'cannot set a result: the future is finished',
  })
  assert.throws(() => future.setException(new Error('late')), InvalidStateError)
  assert.throws(() => future.setCancelled(new CancelledError()), InvalidStateError)
  assert.equal(await future, 1)
})

test('FUT-15: a second error is an InvalidStateError, and the first stays', async () => {
  const future = new Future<number>()
  future.setException(new Error('first'))
  assert.throws(() => future.setException(new Error('second')), {
    name: 'InvalidStateError',
    message: 'cannot set an exception: the future is finished',
  })
  await assert.rejects(future, { message: 'first' })
})

test('FUT-16: a result after a cancellation is an InvalidStateError', async () => {
  const future = new Future<number>()
  assert.equal(future.cancel(), true)
  assert.equal(future.cancel(), true)
  assert.throws(() => future.setResult(1), {
    name: 'InvalidStateError',
    message: 'cannot set a result: the future is cancelled',
  })
  await assert.rejects(future, CancelledError)
})

test('a call that has started cannot be cancelled, only stopped by its owner', async () => {
  const future = new Future<number>()
  assert.equal(future.setRunning(), true)
  assert.equal(future.running(), true)
  assert.equal(future.cancel(), false)
  future.setCancelled(new CancelledError('stopped'))
  assert.equal(future.cancelled(), true)
  assert.equal(future.running(), false)
  await assert.rejects(future, { message: 'stopped' })
})

test('a cancelled future cannot be started', () => {
  const future = new Future<number>()
  future.cancel()
  assert.equal(future.setRunning(), false)
})

test('FUT-08: the table of states', () => {
  const future = new Future<number>()
  assert.deepEqual(states(future), [false, false, false])
  future.setRunning()
  assert.deepEqual(states(future), [false, true, false])
  future.setResult(1)
  assert.deepEqual(states(future), [true, false, false])
  const cancelled = new Future<number>()
  cancelled.cancel()
  assert.deepEqual(states(cancelled), [true, false, true])
})

test('result and exception never wait', () => {
  const future = new Future<number>()
  assert.throws(() => future.result(), {
    name: 'InvalidStateError',
    message: 'the future is pending, not done: await it',
  })
  future.setRunning()
  assert.throws(() => future.exception(), { message: 'the future is running, not done: await it' })
})

test('the owner is asked to take back, and can refuse', () => {
  let started = false
  const owner: FutureOwner = {
    withdraw: () => !started,
    hasStarted: () => started,
    interrupt: () => {},
    block: () => {},
  }
  const future = new Future<number>(owner)
  assert.equal(future.running(), false)
  started = true
  assert.equal(future.cancel(), false)
  assert.equal(future.running(), true)
  started = false
  assert.equal(future.running(), true, 'what runs does not go back')
  assert.equal(new Future<number>(owner).cancel(), true)
})

test('resultSync asks the owner to block, and gives what is then there', () => {
  const asked: number[] = []
  const owner: FutureOwner = {
    withdraw: () => false,
    hasStarted: () => true,
    interrupt: () => {},
    block: (future, timeout) => {
      asked.push(timeout)
      if (timeout === 5) future.setException(new RangeError('bad'))
      else future.setResult(3)
    },
  }
  assert.equal(new Future<number>(owner).resultSync(), 3)
  assert.throws(() => new Future<number>(owner).resultSync({ timeout: 5 }), { message: 'bad' })
  assert.deepEqual(asked, [Infinity, 5])
  for (const timeout of [-1, NaN]) {
    assert.throws(() => new Future<number>(owner).resultSync({ timeout }), {
      name: 'RangeError',
      message: `timeout must be 0 or more milliseconds, not ${timeout}`,
    })
  }
})

test('resultSync of a future that nobody works on is an InvalidStateError', () => {
  const future = new Future<number>()
  assert.throws(() => future.resultSync(), InvalidStateError)
  future.setResult(1)
  assert.equal(future.resultSync(), 1)
})

test('a promise is no result', () => {
  const future = new Future<unknown>()
  assert.throws(() => future.setResult(Promise.resolve(1)), {
    name: 'TypeError',
    message: 'cannot set a promise as the result: await it first',
  })
  assert.equal(future.done(), false)
})

test('a future is not made like a promise', () => {
  assert.throws(() => new Future((() => {}) as never), {
    name: 'TypeError',
    message: 'a Future takes no executor function: make a Promise with it',
  })
  assert.throws(() => Future.resolve(1), TypeError)
})

test('whether a future has failed can be asked without looking at the error', async () => {
  const future = new Future<number>()
  assert.equal(hasFailed(future), false)
  future.setException(undefined)
  assert.equal(hasFailed(future), true)
  assert.equal(future.exception(), undefined)
  const cancelled = new Future<number>()
  cancelled.cancel()
  assert.equal(hasFailed(cancelled), false)
  await assert.rejects(cancelled)
})

test('console.log shows the state', async () => {
  const future = new Future<string>()
  assert.equal(inspect(future), 'Future { pending }')
  future.setRunning()
  assert.equal(inspect(future), 'Future { running }')
  future.setResult('done')
  assert.equal(inspect(future), 'Future { finished with "done" }')
  const failed = new Future<string>()
  failed.setException(new TypeError('bad'))
  assert.equal(inspect(failed), 'Future { finished with TypeError: bad }')
  await assert.rejects(failed)
  const cancelled = new Future<string>()
  cancelled.cancel()
  assert.equal(inspect(cancelled), 'Future { cancelled }')
  assert.equal(Object.prototype.toString.call(cancelled), '[object Future]')
})

test('then, catch and finally give plain promises', async () => {
  const future = new Future<number>()
  future.setResult(1)
  for (const next of [future.then(), future.catch(() => 2), future.finally(() => {})]) {
    assert.equal(Object.getPrototypeOf(next), Promise.prototype)
    assert.equal(await next, 1)
  }
})

function states(future: Future<number>): boolean[] {
  return [future.done(), future.running(), future.cancelled()]
}
