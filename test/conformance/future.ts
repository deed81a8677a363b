/** The futures of every executor. Ids are those of CPython's behaviours. */
import assert from 'node:assert/strict'
import { CancelledError, Future, InvalidStateError } from 'multitask'
import { fail, passGate, square } from '../fixtures/tasks.ts'
import { executorCases, type MakeExecutor } from './scope.ts'

export function futureSuite(name: string, make: MakeExecutor): void {
  const check = executorCases(name, make)

  check('FUT-01: a callback gets the future itself, done, with its result', 1, async executor => {
    const future = executor.submit(square, 3)
    const seen: unknown[] = []
    future.addDoneCallback(self => seen.push(self === future, self.done(), self.result()))
    await future
    assert.deepEqual(seen, [true, true, 9])
  })

  check('FUT-01: a callback also comes for an error and for a cancellation', 1, async (executor, gate) => {
    const running = executor.submit(passGate, gate.words, 1)
    await gate.whenStarted(1)
    const states: string[] = []
    const cancelled = executor.submit(square, 1)
    cancelled.addDoneCallback(self => states.push(`cancelled ${self.cancelled()}`))
    assert.equal(cancelled.cancel(), true)
    assert.deepEqual(states, ['cancelled true'])
    const failed = executor.submit(fail, 'bad')
    failed.addDoneCallback(self => states.push(String(self.exception())))
    gate.open()
    await running
    await assert.rejects(failed)
    assert.deepEqual(states, ['cancelled true', 'TypeError: bad'])
  })

  check(
    'FUT-08, FUT-11: done, result and exception of what waits, runs, has failed, was cancelled and has a result',
    1,
    async (executor, gate) => {
      const running = executor.submit(passGate, gate.words, 5)
      const waiting = executor.submit(square, 2)
      const cancelled = executor.submit(square, 3)
      const failing = executor.submit(fail, 'bad')
      await gate.whenStarted(1)
      cancelled.cancel()
      for (const future of [running, waiting]) {
        assert.equal(future.done(), false)
        assert.throws(() => future.result(), InvalidStateError)
        assert.throws(() => future.exception(), InvalidStateError)
      }
      assert.equal(cancelled.done(), true)
      assert.throws(() => cancelled.result(), CancelledError)
      assert.throws(() => cancelled.exception(), CancelledError)
      gate.open()
      await Promise.allSettled([running, waiting, failing])
      assert.equal(running.done(), true)
      assert.equal(running.result(), 5)
      assert.equal(running.exception(), undefined)
      assert.equal(failing.done(), true)
      assert.throws(() => failing.result(), { message: 'bad' })
      assert.equal((failing.exception() as Error).message, 'bad')
      assert.equal(running.cancel(), false)
      assert.equal(running.cancelled(), false)
    },
  )

  check('FUT-12: whoever awaits is released by the result', 1, async (executor, gate) => {
    const future = executor.submit(passGate, gate.words, 42)
    const waiters = [
      future.then(value => value),
      Promise.race([future, new Promise(() => {})]),
      Promise.all([future, Promise.resolve()]).then(([value]) => value),
    ]
    gate.open()
    assert.deepEqual(await Promise.all(waiters), [42, 42, 42])
  })

  check('FUT-13: whoever awaits is released by a cancellation', 1, async (executor, gate) => {
    const running = executor.submit(passGate, gate.words, 1)
    await gate.whenStarted(1)
    const future = executor.submit(square, 1)
    const waiter = assert.rejects(future, CancelledError)
    future.cancel()
    await waiter
    gate.open()
    await running
  })

  check('a future is a promise', 1, async executor => {
    const future = executor.submit(square, 3)
    assert.ok(future instanceof Promise && future instanceof Future)
    const next = future.then(value => value + 1)
    assert.ok(!(next instanceof Future), 'a continuation can neither be cancelled nor read')
    assert.equal(await next, 10)
    assert.equal(await future.finally(() => {}), 9)
  })

  check('reading the error of a future keeps it from being an unhandled rejection', 1, async executor => {
    for (const look of ['exception', 'result'] as const) {
      const future = executor.submit(fail, 'bad')
      await new Promise<void>(resolve =>
        future.addDoneCallback(() => {
          try {
            future[look]()
          } catch {
            // It is looked at, and that is all.
          }
          resolve()
        }),
      )
      assert.equal(future.done(), true)
    }
  })
}
