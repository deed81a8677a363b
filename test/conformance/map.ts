/** What `map` does with calls and their results, on every executor. */
import assert from 'node:assert/strict'
import { TimeoutError } from 'multitask'
import {
  add,
  flaky,
  passGateAt,
  square,
  squareUnless,
  throwTimeout,
  throwValue,
  untilAborted,
} from '../fixtures/tasks.ts'
import { mapInputsSuite } from './map-inputs.ts'
import type { Words } from '../fixtures/gate.ts'
import { executorCases, type MakeExecutor, Naturals, read } from './scope.ts'

export function mapSuite(name: string, make: MakeExecutor): void {
  resultCases(name, make)
  errorCases(name, make)
  endCases(name, make)
  mapInputsSuite(name, make)
}

function resultCases(name: string, make: MakeExecutor): void {
  const check = executorCases(name, make)

  check(
    'EXE-04: map gives the results in the order of the inputs, whatever the order of the ends',
    2,
    async (executor, gate) => {
      const results = executor
        .with({ chunkSize: 1 })
        .map(passGateAt, words(gate.words, 5), [0, 0, 0, 0, 0], [0, 1, 2, 3, 4])
      // The first call ends last.
      await gate.whenFinished(1)
      gate.open()
      assert.deepEqual(await results.toArray(), [0, 1, 2, 3, 4])
    },
  )

  check('EXE-04, PPE-04: several iterables go in step, up to the shortest, with any chunk size', 2, async executor => {
    const expected = Array.from({ length: 10 }, (_, n) => n + 100)
    const long = Array.from({ length: 12 }, (_, n) => n)
    for (const chunkSize of [1, 3, 10, 1000, 'auto'] as const) {
      const mapped = executor.with({ chunkSize })
      const hundreds = new Set([100])
      assert.deepEqual(await mapped.map(add, long, repeat(100, 10)).toArray(), expected, `chunkSize ${chunkSize}`)
      assert.deepEqual(await mapped.map(add, long, hundreds).toArray(), [100], `chunkSize ${chunkSize}`)
    }
  })

  check('map over nothing gives nothing', 2, async executor => {
    assert.deepEqual(await executor.map(square, []).toArray(), [])
    assert.deepEqual(await read(executor.map(square, new Set<number>())), { values: [], error: undefined })
  })

  check('a million tiny calls give a million results in order, again and again', 2, async executor => {
    const inputs = Array.from({ length: 1_000_000 }, (_, n) => n)
    for (let round = 0; round < 3; round++) {
      const results = await executor.map(square, inputs).toArray()
      assert.equal(results.length, inputs.length)
      assert.equal(
        results.findIndex((result, n) => result !== n * n),
        -1,
      )
    }
  })

  check('a loop and toArray can share a stream', 2, async executor => {
    const results = executor.map(square, [1, 2, 3, 4, 5])
    assert.deepEqual(await results.next(), { done: false, value: 1 })
    assert.deepEqual(await results.toArray(), [4, 9, 16, 25])
    assert.deepEqual(await results.next(), { done: true, value: undefined })
    assert.deepEqual(await results.toArray(), [])
  })

  check('next() may be called again before it has resolved', 2, async executor => {
    const results = executor.map(square, [1, 2, 3])
    const steps = await Promise.all([results.next(), results.next(), results.next(), results.next(), results.next()])
    assert.deepEqual(
      steps.map(step => step.value),
      [1, 4, 9, undefined, undefined],
    )
  })

  check('retries and timeouts count for each call of a map', 1, async (executor, gate) => {
    assert.deepEqual(await executor.with({ retries: 2 }).map(flaky, [gate.words], [2]).toArray(), [3])
    const late = executor.with({ timeout: 20, retries: 1 }).map(untilAborted, [gate.words])
    await assert.rejects(late.toArray(), TimeoutError)
    assert.equal(gate.finished, 2)
  })

  check('unordered: a slow call does not hold up those behind it', 2, async (executor, gate) => {
    const results = executor
      .with({ unordered: true, chunkSize: 1 })
      .map(passGateAt, words(gate.words, 5), [0, 0, 0, 0, 0], [0, 1, 2, 3, 4])
    const first: (number | undefined)[] = []
    for (let n = 0; n < 4; n++) first.push((await results.next()).value)
    assert.deepEqual(new Set(first), new Set([1, 2, 3, 4]))
    gate.open()
    assert.deepEqual(await results.toArray(), [0])
  })
}

function errorCases(name: string, make: MakeExecutor): void {
  const check = executorCases(name, make)

  check(
    'EXE-05: the error of item k comes out when item k is reached, after the earlier results',
    2,
    async executor => {
      for (const chunkSize of [1, 2, 10, 'auto'] as const) {
        const results = executor.with({ chunkSize }).map(squareUnless, [1, 2, 3, 4, 5], [4, 4, 4, 4, 4])
        const { values, error } = await read(results)
        assert.deepEqual(values, [1, 4, 9], `chunkSize ${chunkSize}`)
        assert.ok(error instanceof RangeError)
        assert.equal(error.message, '4 is bad')
      }
    },
  )

  check('EXE-06: after an error the stream is at its end', 2, async executor => {
    const results = executor.map(squareUnless, [1, 2, 3], [1, 1, 1])
    await assert.rejects(results.next(), { message: '1 is bad' })
    assert.deepEqual(await results.next(), { done: true, value: undefined })
    assert.deepEqual(await results.toArray(), [])
  })

  check('EXE-06: toArray rejects with the first error, and the stream is at its end', 2, async executor => {
    const results = executor.map(squareUnless, [1, 2, 3], [2, 2, 2])
    await assert.rejects(results.toArray(), { message: '2 is bad' })
    assert.deepEqual(await results.next(), { done: true, value: undefined })
  })

  check('an error ends the reading of the inputs, and closes them', 2, async executor => {
    const inputs = new Naturals()
    const { values, error } = await read(executor.map(squareUnless, inputs, repeat(3, Infinity)))
    assert.deepEqual(values, [0, 1, 4])
    assert.ok(error instanceof RangeError)
    assert.equal(inputs.closed, true)
  })

  check('EXE-19: errors that look like nothing end a map too', 2, async executor => {
    assert.deepEqual(await executor.map(throwValue, [undefined]).toArray().catch(wrap), { thrown: undefined })
    assert.deepEqual(await executor.map(throwValue, [0]).next().catch(wrap), { thrown: 0 })
  })

  check('EXE-08: a timeout error of the function itself is an error like others', 2, async executor => {
    const results = executor.with({ deadline: Date.now() + 60_000 }).map(throwTimeout, ['mine'])
    await assert.rejects(results.toArray(), { name: 'TimeoutError', message: 'mine' })
  })

  check('errors of a map that nobody reads are no unhandled rejections', 2, async executor => {
    executor.map(squareUnless, [1, 2, 3], [1, 2, 3])
    const left = executor.map(squareUnless, [1, 2, 3], [2, 2, 2])
    await left.next()
    await left.return()
    await executor.shutdown()
  })
}

function endCases(name: string, make: MakeExecutor): void {
  const check = executorCases(name, make)

  check(
    'EXE-07, EXE-09: at its deadline a map throws at the item that is late; what waits never starts',
    1,
    async (executor, gate) => {
      await executor.submit(square, 1)
      const results = executor.with({ deadline: Date.now() + 500, chunkSize: 1, bufferSize: 50, grace: 60_000 }).map(
        passGateAt,
        words(gate.words, 20),
        repeat(2, 20),
        Array.from({ length: 20 }, (_, n) => n),
      )
      const { values, error } = await read(results)
      assert.deepEqual(values, [0, 1])
      assert.ok(error instanceof TimeoutError)
      gate.open()
      await executor.shutdown()
      assert.equal(gate.started, 3)
    },
  )

  check('EXE-10: leaving the loop cancels the rest, and the stream is at its end', 1, async (executor, gate) => {
    const inputs = new Naturals()
    const results = executor
      .with({ chunkSize: 1, bufferSize: 50, grace: 60_000 })
      .map(passGateAt, repeat(gate.words, Infinity), repeat(1, Infinity), inputs)
    for await (const result of results) {
      assert.equal(result, 0)
      await gate.whenStarted(2)
      break
    }
    assert.deepEqual(await results.next(), { done: true, value: undefined })
    assert.equal(inputs.closed, true)
    gate.open()
    await executor.shutdown()
    assert.equal(gate.started, 2)
  })

  check('a reader that waits is released when the stream is closed', 1, async (executor, gate) => {
    const results = executor.with({ grace: 60_000 }).map(passGateAt, [gate.words], [0], [0])
    const waiting = results.next()
    await gate.whenStarted(1)
    await results.return()
    assert.deepEqual(await waiting, { done: true, value: undefined })
  })

  check('a signal cancels a map: what has come before is delivered, then the error', 1, async (executor, gate) => {
    const controller = new AbortController()
    const results = executor
      .with({ signal: controller.signal, chunkSize: 1, grace: 60_000 })
      .map(passGateAt, words(gate.words, 3), [1, 1, 1], [0, 1, 2])
    await gate.whenStarted(2)
    assert.deepEqual(await results.next(), { done: false, value: 0 })
    controller.abort('enough')
    await assert.rejects(results.next(), { name: 'CancelledError', cause: 'enough' })
    assert.deepEqual(await results.next(), { done: true, value: undefined })
    gate.open()
    await executor.shutdown()
    assert.equal(gate.started, 2)
  })

  check(
    'a signal that is aborted already cancels a map through its stream, and no call starts',
    1,
    async (executor, gate) => {
      const inputs = new Naturals()
      const results = executor.with({ signal: AbortSignal.abort('early') }).map(passGateAt, [gate.words], [5], inputs)
      await assert.rejects(results.toArray(), { name: 'CancelledError', cause: 'early' })
      assert.equal(gate.started, 0)
      assert.equal(inputs.read, 0)
      assert.equal(inputs.closed, true)
    },
  )

  check('leaving an `await using` scope ends the stream', 1, async executor => {
    const inputs = new Naturals()
    const results = executor.map(square, inputs)
    await results[Symbol.asyncDispose]()
    assert.equal(inputs.closed, true)
  })
}

/** `value`, `count` times. */
function* repeat<T>(value: T, count: number): Generator<T> {
  for (let n = 0; n < count; n++) yield value
}

function words(of: Words, count: number): Generator<Words> {
  return repeat(of, count)
}

function wrap(thrown: unknown): { thrown: unknown } {
  return { thrown }
}
