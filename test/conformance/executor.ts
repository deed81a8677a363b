/** What every executor does, beginning with single calls and shutdown. Ids are those of CPython's behaviours. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CancelledError, type Executor, Future, ShutDownError } from 'multitask'
import { add, clashing, countRunning, echo, fail, nestedSum, passGate, square, throwValue } from '../fixtures/tasks.ts'
import { executorOptionsSuite } from './executor-options.ts'
import { executorCases, type MakeExecutor } from './scope.ts'

export function executorSuite(name: string, make: MakeExecutor): void {
  submitCases(name, make)
  limitCases(name, make)
  shutdownCases(name, make)
  executorOptionsSuite(name, make)
}

function submitCases(name: string, make: MakeExecutor): void {
  const check = executorCases(name, make)

  check('a call gives its result', 2, async executor => {
    const future = executor.submit(square, 12)
    assert.ok(future instanceof Future)
    assert.equal(await future, 144)
    assert.equal(future.result(), 144)
  })

  check('a call is pending when submit returns', 2, executor => {
    const future = executor.submit(square, 2)
    assert.equal(future.done(), false)
    assert.equal(future.cancel(), true)
  })

  check('EXE-02: all arguments reach the function, whatever its parameters are called', 2, async executor => {
    assert.equal(await executor.submit(add, 20, 22), 42)
    assert.equal(await executor.submit(clashing, 1, 'two', [3, 4]), '1 two 3,4')
    assert.deepEqual(await executor.submit(echo, undefined, null, 0, '', 1n), [undefined, null, 0, '', 1n])
  })

  check('EXE-19: errors that look like nothing still come out', 2, async executor => {
    for (const nothing of [undefined, null, 0, '', false]) {
      const future = executor.submit(throwValue, nothing)
      const outcome = await future.then(
        () => 'a result',
        (error: unknown) => ({ error }),
      )
      assert.deepEqual(outcome, { error: nothing })
      assert.equal(future.exception(), nothing)
      assert.throws(
        () => future.result(),
        (error: unknown) => error === nothing,
      )
    }
  })

  check('an error is thrown by await, with its class and message', 2, async executor => {
    await assert.rejects(executor.submit(fail, 'too bad'), { name: 'TypeError', message: 'too bad' })
    await assert.rejects(executor.submit(fail, 'too bad'), (error: unknown) => error instanceof TypeError)
  })

  void test(`${name}: what is no function is refused at the call, with its value`, async () => {
    const executor = make()
    const submit = (value: unknown) => () => executor.submit(value as () => void)
    const refusals: [unknown, string][] = [
      ['squre', 'cannot submit "squre": it is a string, not a function'],
      [5, 'cannot submit 5: it is a number, not a function'],
      [undefined, 'cannot submit undefined: it is not a function'],
      [null, 'cannot submit null: it is not a function'],
      [{}, 'cannot submit an object: it is not a function'],
      [new Date(), 'cannot submit a Date: it is not a function'],
      [Promise.resolve(1), 'cannot submit a promise: submit the function itself, without calling it'],
    ]
    for (const [value, message] of refusals) assert.throws(submit(value), { name: 'TypeError', message })
    assert.throws(() => executor.map('f' as never, []), { message: 'cannot map "f": it is a string, not a function' })
    assert.throws(() => executor.stream(null as never), { message: 'cannot stream null: it is not a function' })
    await executor.shutdown()
  })

  check('a task can wait for calls of its own executor, also when it has no other place', 1, async executor => {
    assert.equal(await executor.submit(nestedSum, 4), 16)
  })
}

function limitCases(name: string, make: MakeExecutor): void {
  const check = executorCases(name, make)

  check(
    'TPE-02: no more calls than workers run at the same time, with 15 times as many waiting',
    3,
    async (executor, gate) => {
      const futures = Array.from({ length: 45 }, () => executor.submit(countRunning, gate.words))
      await Promise.all(futures)
      assert.equal(gate.finished, 45)
      assert.ok(gate.most <= 3, `${gate.most} ran at the same time`)
    },
  )

  check('TPE-02: as many calls run at the same time as there are workers', 3, async (executor, gate) => {
    const futures = Array.from({ length: 9 }, (_, n) => executor.submit(passGate, gate.words, n))
    await gate.whenStarted(3)
    assert.equal(gate.started, 3)
    gate.open()
    assert.deepEqual(await Promise.all(futures), [0, 1, 2, 3, 4, 5, 6, 7, 8])
  })

  void test(`${name}: EXE-18: maxWorkers of 0 or less is a RangeError`, () => {
    for (const maxWorkers of [0, -1, NaN, 1.5]) {
      assert.throws(() => make({ maxWorkers }), {
        name: 'RangeError',
        message: `maxWorkers must be a whole number from 1, not ${maxWorkers}`,
      })
    }
    assert.throws(() => make({ maxWorkers: '2' as never }), {
      name: 'TypeError',
      message: 'maxWorkers must be a number, not "2"',
    })
  })

  check('a future tells whether its call waits, runs or is done', 1, async (executor, gate) => {
    const first = executor.submit(passGate, gate.words, 1)
    const second = executor.submit(passGate, gate.words, 2)
    await gate.whenStarted(1)
    assert.deepEqual(states([first, second]), ['running', 'pending'])
    assert.equal(first.cancel(), false)
    assert.equal(second.cancel(), true)
    gate.open()
    assert.equal(await first, 1)
    await assert.rejects(second, CancelledError)
    assert.deepEqual(states([first, second]), ['done', 'cancelled'])
    assert.equal(gate.started, 1)
  })

  check(
    'of the calls that wait, those of higher priority run first, and equals in their order',
    1,
    async (executor, gate) => {
      const order: string[] = []
      const first = executor.submit(passGate, gate.words, 0)
      await gate.whenStarted(1)
      const futures = (['low 1', 'high 1', 'low 2', 'high 2'] as const).map(label => {
        const future = executor.with({ priority: label.startsWith('high') ? 1 : 0 }).submit(square, 1)
        future.addDoneCallback(() => order.push(label))
        return future
      })
      gate.open()
      await Promise.all([first, ...futures])
      assert.deepEqual(order, ['high 1', 'high 2', 'low 1', 'low 2'])
    },
  )
}

function shutdownCases(name: string, make: MakeExecutor): void {
  const check = executorCases(name, make)

  check('SHD-01: submit after shutdown throws at the caller', 1, async executor => {
    await executor.shutdown()
    const message = /^cannot submit to executor ".+": it was shut down$/
    assert.throws(() => executor.submit(square, 1), { name: 'ShutDownError', message })
    assert.throws(() => executor.with({ name: 'x' }).submit(square, 1), ShutDownError)
    assert.throws(() => executor.map(square, [1]), ShutDownError)
    assert.throws(() => executor.stream(function* none() {}), ShutDownError)
  })

  check('SHD-02: shutdown waits for 50 calls that are queued', 2, async executor => {
    const futures = Array.from({ length: 50 }, (_, n) => executor.submit(square, n))
    await executor.shutdown()
    assert.deepEqual(
      futures.map(future => future.result()),
      futures.map((_, n) => n * n),
    )
  })

  check('SHD-03: cancelFutures cancels what has not started, and lets run what has', 2, async (executor, gate) => {
    const futures = Array.from({ length: 12 }, (_, n) => executor.submit(passGate, gate.words, n))
    await gate.whenStarted(2)
    const shutdown = executor.shutdown({ cancelFutures: true })
    gate.open()
    await shutdown
    assert.deepEqual(states(futures), [
      ...Array.from({ length: 2 }, () => 'done'),
      ...Array.from({ length: 10 }, () => 'cancelled'),
    ])
    assert.equal(gate.finished, 2)
  })

  check('SHD-06: shutdown without waiting resolves while calls run, which finish', 1, async (executor, gate) => {
    const futures = [executor.submit(passGate, gate.words, 1), executor.submit(passGate, gate.words, 2)]
    await gate.whenStarted(1)
    await executor.shutdown({ wait: false })
    assert.deepEqual(
      futures.map(future => future.done()),
      [false, false],
    )
    assert.throws(() => executor.submit(square, 1), ShutDownError)
    gate.open()
    assert.deepEqual(await Promise.all(futures), [1, 2])
  })

  check('SHD-09: leaving the scope waits, and results stay readable', 1, async executor => {
    const future = executor.submit(square, 5)
    await executor[Symbol.asyncDispose]()
    assert.equal(future.result(), 25)
  })

  check('shutdown may be called again, and waits again', 1, async (executor, gate) => {
    const future = executor.submit(passGate, gate.words, 1)
    await executor.shutdown({ wait: false })
    const again = Promise.all([executor.shutdown(), executor.shutdown()])
    gate.open()
    await again
    assert.equal(future.result(), 1)
  })

  check('shutdown of an executor that did nothing resolves', 1, (executor: Executor) => executor.shutdown())
}

function states(futures: readonly Future<unknown>[]): string[] {
  return futures.map(future =>
    future.cancelled() ? 'cancelled' : future.done() ? 'done' : future.running() ? 'running' : 'pending',
  )
}
