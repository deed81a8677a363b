/** What `stream` does with generators, on every executor. */
import assert from 'node:assert/strict'
import { CancelledError, TimeoutError } from 'multitask'
import { brokenEnd, brokenRange, naturals, range, square, untilAborted } from '../fixtures/tasks.ts'
import { executorCases, type MakeExecutor, read } from './scope.ts'

export function streamSuite(name: string, make: MakeExecutor): void {
  const check = executorCases(name, make)

  check('stream gives the items of a generator in their order', 1, async executor => {
    assert.deepEqual(await read(executor.stream(range, 1, 5)), { values: [1, 2, 3, 4, 5], error: undefined })
    assert.deepEqual(await read(executor.stream(range, 1, 0)), { values: [], error: undefined })
    const many = await read(executor.with({ bufferSize: 100 }).stream(range, 1, 5000))
    assert.equal(many.values.length, 5000)
    assert.equal(
      many.values.findIndex((value, index) => value !== index + 1),
      -1,
    )
  })

  check('an error of the generator comes out after its items', 1, async executor => {
    const { values, error } = await read(executor.stream(brokenRange))
    assert.deepEqual(values, [1, 2])
    assert.ok(error instanceof RangeError)
  })

  check('a function that returns nothing to iterate is an error', 1, async executor => {
    const { values, error } = await read(executor.stream(square as never, 3 as never))
    assert.deepEqual(values, [])
    assert.ok(error instanceof TypeError)
  })

  check('a reader that stops pulling stops the generator, bufferSize items ahead', 1, async (executor, gate) => {
    for (const bufferSize of [1, 2, 8]) {
      const before = gate.started
      const items = executor.with({ bufferSize }).stream(naturals, gate.words)
      for (let taken = 1; taken <= 30; taken++) {
        assert.deepEqual(await items.next(), { done: false, value: taken - 1 })
        const made = gate.started - before
        assert.ok(made <= taken + bufferSize, `${made} made, ${taken} taken, bufferSize ${bufferSize}`)
      }
      await items.return?.()
    }
  })

  check('leaving the loop ends the generator: its finally has run', 1, async (executor, gate) => {
    for await (const item of executor.stream(naturals, gate.words)) if (item === 3) break
    assert.equal(gate.finished, 1)
  })

  check('a stream that was left is at its end, and has given its place back', 1, async (executor, gate) => {
    const items = executor.stream(naturals, gate.words)
    await items.next()
    await items.return?.()
    assert.deepEqual(await items.next(), { done: true, value: undefined })
    assert.deepEqual(await items.return?.(), { done: true, value: undefined })
    assert.equal(await executor.submit(square, 2), 4)
  })

  check('what the finally of the generator throws comes out of return()', 1, async executor => {
    const items = executor.stream(brokenEnd)
    await items.next()
    await assert.rejects(Promise.resolve(items.return?.()), { name: 'RangeError', message: 'the cleaning up failed' })
  })

  check('next() may be called again before it has resolved', 1, async executor => {
    const items = executor.stream(range, 1, 3)
    const steps = await Promise.all([items.next(), items.next(), items.next(), items.next()])
    assert.deepEqual(
      steps.map(step => step.value),
      [1, 2, 3, undefined],
    )
  })

  check('a signal ends a stream with a CancelledError', 1, async (executor, gate) => {
    const controller = new AbortController()
    const items = executor.with({ signal: controller.signal, bufferSize: 2 }).stream(naturals, gate.words)
    await items.next()
    controller.abort('enough')
    const { error } = await read(items)
    assert.ok(error instanceof CancelledError)
    assert.equal(error.cause, 'enough')
    assert.equal(gate.finished, 1)
  })

  check('a signal also ends a generator that waits for its reader', 1, async (executor, gate) => {
    const controller = new AbortController()
    const items = executor.with({ signal: controller.signal, bufferSize: 2 }).stream(naturals, gate.words)
    await gate.whenStarted(2)
    controller.abort()
    await gate.whenFinished(1)
    const { values, error } = await read(items)
    assert.ok(values.length <= 2)
    assert.ok(error instanceof CancelledError)
  })

  check('a timeout ends a stream with a TimeoutError', 1, async (executor, gate) => {
    const { error } = await read(executor.with({ timeout: 100 }).stream(untilAborted as never, gate.words as never))
    assert.ok(error instanceof TimeoutError)
  })

  check('a stream that is left before it has started never starts', 1, async (executor, gate) => {
    const first = executor.stream(naturals, gate.words)
    await first.next()
    const started = gate.started
    const second = executor.stream(naturals, gate.words)
    await second.return?.()
    await first.return?.()
    assert.ok(gate.started <= started + 16)
    assert.equal(gate.finished, 1)
  })
}
