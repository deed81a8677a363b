/** `asCompleted` over the futures of every executor. Ids are those of CPython's behaviours. */
import assert from 'node:assert/strict'
import { asCompleted, type Future, TimeoutError } from 'multitask'
import { fail, failAtGate, passGate, square } from '../fixtures/tasks.ts'
import { executorCases, type MakeExecutor, read, newGate } from './scope.ts'

export function asCompletedSuite(name: string, make: MakeExecutor): void {
  const check = executorCases(name, make)

  check('ASC-01: gives every future, whatever its end', 2, async executor => {
    const cancelled = executor.submit(square, 1)
    cancelled.cancel()
    const futures: Future<number>[] = [executor.submit(square, 2), executor.submit(fail, 'bad'), cancelled]
    const { values, error } = await read(asCompleted(futures))
    assert.equal(error, undefined)
    assert.deepEqual(new Set(values), new Set(futures))
    assert.equal(values[0], cancelled, 'what is done comes first')
  })

  check('gives them in the order in which they finish', 3, async executor => {
    const gates = [newGate(make), newGate(make), newGate(make)]
    try {
      const futures = gates.map((gate, n) => executor.submit(passGate, gate.words, n))
      const order: number[] = []
      gates[1]?.open()
      for await (const future of asCompleted(futures)) {
        order.push(future.result())
        if (order.length === 1) gates[2]?.open()
        if (order.length === 2) gates[0]?.open()
      }
      assert.deepEqual(order, [1, 2, 0])
    } finally {
      for (const gate of gates) gate.open()
    }
  })

  check('ASC-04: gives each future once; takes any iterable', 2, async executor => {
    const future = executor.submit(square, 3)
    function* twice(): Generator<Future<number>> {
      yield future
      yield future
    }
    assert.deepEqual((await read(asCompleted(twice()))).values, [future])
    assert.deepEqual((await read(asCompleted(new Set([future])))).values, [future])
    assert.deepEqual((await read(asCompleted([]))).values, [])
  })

  check('at the timeout it throws, after what is done; the futures go on', 2, async (executor, gate) => {
    const fast = executor.submit(square, 1)
    const slow = executor.submit(passGate, gate.words, 7)
    await fast
    for (const timeout of [0, 10]) {
      const futures = asCompleted([slow, fast], { timeout })
      const { values, error } = await read(futures)
      assert.deepEqual(values, [fast])
      assert.ok(error instanceof TimeoutError)
      assert.equal(error.message, `1 of 2 were not done within ${timeout} ms`)
      assert.deepEqual(await futures.next(), { done: true, value: undefined })
    }
    gate.open()
    assert.equal(await slow, 7)
  })

  check(
    'errors of futures that finish while the reader is busy are no unhandled rejections',
    2,
    async (executor, gate) => {
      const futures: Future<number>[] = [executor.submit(square, 1), executor.submit(failAtGate, gate.words, 'bad')]
      const ends: string[] = []
      for await (const future of asCompleted(futures)) {
        ends.push(future.exception() === undefined ? 'result' : 'error')
        gate.open()
        await new Promise(resolve => setTimeout(resolve, 10))
      }
      assert.deepEqual(ends, ['result', 'error'])
    },
  )

  check('next() may be called again before it has resolved', 2, async executor => {
    const futures = asCompleted([executor.submit(square, 1), executor.submit(square, 2)])
    const steps = await Promise.all([futures.next(), futures.next(), futures.next()])
    assert.deepEqual(
      steps.map(step => step.done),
      [false, false, true],
    )
  })

  check('leaving the loop lets go of the futures', 2, async (executor, gate) => {
    const slow = executor.submit(passGate, gate.words, 1)
    const futures = asCompleted([slow])
    const waiting = futures.next()
    await futures.return?.()
    assert.deepEqual(await waiting, { done: true, value: undefined })
    gate.open()
    assert.equal(await slow, 1)
  })
}
