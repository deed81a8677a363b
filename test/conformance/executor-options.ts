/** What every executor does with the options of `with()`. */
import assert from 'node:assert/strict'
import { CancelledError, TimeoutError } from 'multitask'
import {
  errorWhenAborted,
  flaky,
  laterName,
  passGate,
  reportProgress,
  square,
  taskDeadline,
  untilAborted,
  valueWhenAborted,
} from '../fixtures/tasks.ts'
import { executorCases, type MakeExecutor } from './scope.ts'

export function executorOptionsSuite(name: string, make: MakeExecutor): void {
  stopCases(name, make)
  optionCases(name, make)
}

function stopCases(name: string, make: MakeExecutor): void {
  const check = executorCases(name, make)

  check('a call that waits is cancelled by its signal at once, and never runs', 1, async (executor, gate) => {
    const running = executor.submit(passGate, gate.words, 1)
    await gate.whenStarted(1)
    const controller = new AbortController()
    const waiting = executor.with({ signal: controller.signal }).submit(passGate, gate.words, 2)
    controller.abort('enough')
    await assert.rejects(waiting, { name: 'CancelledError', cause: 'enough' })
    assert.equal(waiting.cancelled(), true)
    gate.open()
    await running
    assert.equal(gate.started, 1)
  })

  check('a signal that is aborted already cancels through the future, not at the call', 1, async (executor, gate) => {
    const future = executor.with({ signal: AbortSignal.abort('early') }).submit(passGate, gate.words, 1)
    await assert.rejects(future, { name: 'CancelledError', cause: 'early' })
    assert.equal(gate.started, 0)
  })

  check(
    'a call that runs is asked to stop by its signal, and its future settles when it has ended',
    1,
    async (executor, gate) => {
      const controller = new AbortController()
      const future = executor.with({ signal: controller.signal }).submit(untilAborted, gate.words)
      await gate.whenStarted(1)
      controller.abort('enough')
      await assert.rejects(future, { name: 'CancelledError', cause: 'enough' })
      assert.equal(future.cancelled(), true)
      assert.equal(gate.finished, 1)
    },
  )

  check('timeout: a call that runs for too long is asked to stop', 1, async (executor, gate) => {
    const future = executor.with({ timeout: 20 }).submit(untilAborted, gate.words)
    await assert.rejects(future, TimeoutError)
    assert.equal(future.cancelled(), false)
    assert.equal(gate.finished, 1)
  })

  check('timeout: a value that comes too late is no result', 1, async (executor, gate) => {
    await assert.rejects(executor.with({ timeout: 20 }).submit(valueWhenAborted, gate.words), TimeoutError)
    assert.equal(gate.finished, 1)
  })

  check('timeout: an error that has nothing to do with stopping is not lost', 1, async (executor, gate) => {
    await assert.rejects(executor.with({ timeout: 20 }).submit(errorWhenAborted, gate.words), {
      name: 'RangeError',
      message: 'the cleaning up failed',
    })
  })

  check('timeout counts from the start of the call, not from its submission', 1, async (executor, gate) => {
    const first = executor.submit(passGate, gate.words, 1)
    const second = executor.with({ timeout: 10_000 }).submit(passGate, gate.words, 2)
    const third = executor.with({ timeout: 1 }).submit(untilAborted, gate.words)
    await gate.whenStarted(1)
    await new Promise(resolve => setTimeout(resolve, 20))
    assert.equal(third.done(), false)
    gate.open()
    assert.deepEqual(await Promise.all([first, second]), [1, 2])
    await assert.rejects(third, TimeoutError)
  })

  check('deadline: a call that waits for too long never runs', 1, async (executor, gate) => {
    const running = executor.submit(passGate, gate.words, 1)
    await gate.whenStarted(1)
    const late = executor.with({ deadline: Date.now() + 20 }).submit(passGate, gate.words, 2)
    await assert.rejects(late, TimeoutError)
    gate.open()
    await running
    assert.equal(gate.started, 1)
  })

  check('deadline: a call whose deadline has passed never runs', 1, async (executor, gate) => {
    await assert.rejects(executor.with({ deadline: Date.now() - 1 }).submit(passGate, gate.words, 1), TimeoutError)
    assert.equal(await executor.submit(square, 2), 4)
    assert.equal(gate.started, 0)
  })

  check('deadline: a call that runs is asked to stop', 1, async (executor, gate) => {
    const future = executor.with({ deadline: Date.now() + 500 }).submit(untilAborted, gate.words)
    await assert.rejects(future, TimeoutError)
    assert.equal(gate.finished, gate.started)
  })

  check('a cancelled call that nobody awaits is no unhandled rejection', 1, async executor => {
    executor.submit(square, 1).cancel()
    void executor.with({ signal: AbortSignal.abort() }).submit(square, 2)
    assert.equal(await executor.submit(square, 3), 9)
  })
}

function optionCases(name: string, make: MakeExecutor): void {
  const check = executorCases(name, make)

  check('retries: a call that fails is run again, and knows the attempt', 1, async (executor, gate) => {
    assert.equal(await executor.with({ retries: 2 }).submit(flaky, gate.words, 2), 3)
  })

  check('retries: the last error comes out', 1, async (executor, gate) => {
    await assert.rejects(executor.with({ retries: 1 }).submit(flaky, gate.words, 5), { message: 'failure 2' })
    assert.equal(gate.started, 2)
  })

  check('retries: a timeout counts for each attempt', 1, async (executor, gate) => {
    await assert.rejects(executor.with({ retries: 1, timeout: 20 }).submit(untilAborted, gate.words), TimeoutError)
    assert.equal(gate.finished, 2)
  })

  check('retries: a cancelled call is not run again', 1, async (executor, gate) => {
    const controller = new AbortController()
    const future = executor.with({ retries: 5, signal: controller.signal }).submit(untilAborted, gate.words)
    await gate.whenStarted(1)
    controller.abort()
    await assert.rejects(future, CancelledError)
    assert.equal(gate.started, 1)
  })

  check('progress reaches the caller before the result', 1, async executor => {
    const steps: unknown[] = []
    const future = executor.with({ onProgress: value => steps.push(value) }).submit(reportProgress, 3)
    await future
    assert.deepEqual(steps, [1, 2, 3])
  })

  check('a task has the name that it was given, or else that of its function', 1, async executor => {
    assert.equal(await executor.submit(reportProgress, 0), 'reportProgress')
    assert.equal(await executor.with({ name: 'mine' }).submit(reportProgress, 0), 'mine')
    assert.equal(await executor.with({ name: 'mine' }).submit(laterName), 'mine')
    assert.deepEqual(await executor.with({ name: 'mine' }).map(reportProgress, [0, 0]).toArray(), ['mine', 'mine'])
  })

  check('a task knows its deadline', 1, async executor => {
    const deadline = Date.now() + 60_000
    assert.equal(await executor.with({ deadline }).submit(taskDeadline), deadline)
    assert.equal(await executor.submit(taskDeadline), undefined)
  })

  check('with() keeps the options that it does not name, and makes no new executor', 1, async (executor, gate) => {
    const named = executor.with({ name: 'first' })
    assert.equal(await named.with({ retries: 1 }).submit(reportProgress, 0), 'first')
    assert.equal(await named.with({ name: 'second' }).submit(reportProgress, 0), 'second')
    assert.equal(await named.with({ name: undefined }).submit(reportProgress, 0), 'reportProgress')
    assert.equal(await named.submit(reportProgress, 0), 'first')
    // One worker in all.
    const running = named.submit(passGate, gate.words, 1)
    await gate.whenStarted(1)
    const waiting = executor.submit(square, 2)
    assert.equal(waiting.running(), false)
    gate.open()
    assert.deepEqual(await Promise.all([running, waiting]), [1, 4])
  })
}
