/** How `map` reads its inputs, on every executor. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { add, passGate, passGateAt, square } from '../fixtures/tasks.ts'
import { executorCases, type MakeExecutor, Naturals, read } from './scope.ts'

export function mapInputsSuite(name: string, make: MakeExecutor): void {
  aheadCases(name, make)
  asynchronousCases(name, make)
  const check = executorCases(name, make)

  check('an error of the inputs comes out after the results of what came before it', 2, async executor => {
    const { values, error } = await read(executor.map(square, brokenPair()))
    assert.deepEqual(values, [1, 4])
    assert.equal((error as Error).message, 'no third')
    const others = new Naturals()
    await assert.rejects(executor.map(add, brokenPair(), others).toArray(), { message: 'no third' })
    assert.equal(others.closed, true)
  })

  check('the other inputs are closed when one is at its end', 2, async executor => {
    const inputs = new Naturals()
    assert.deepEqual(await executor.map(add, inputs, [10, 20]).toArray(), [10, 21])
    assert.equal(inputs.closed, true)
    // As with Python's zip.
    assert.equal(inputs.read, 3)
  })

  check('an array that grows while it is read is read to its end', 2, async executor => {
    const inputs = [1, 2]
    const values: number[] = []
    for await (const value of executor.with({ bufferSize: 1 }).map(square, inputs)) {
      values.push(value)
      if (value === 1) inputs.push(3)
    }
    assert.deepEqual(values, [1, 4, 9])
  })

  check('what cannot be iterated is refused at the call, with its value', 2, executor => {
    assert.throws(() => executor.map(square, 5 as never), {
      name: 'TypeError',
      message: 'map needs iterables, but 5 cannot be iterated',
    })
    assert.throws(() => executor.map(add, [1], null as never), {
      name: 'TypeError',
      message: 'map needs iterables, but null cannot be iterated',
    })
    assert.throws(() => executor.map(() => 1), { name: 'TypeError', message: 'map needs at least one iterable' })
  })

  void test(`${name}: EXE-12, PPE-04: bufferSize and chunkSize must be whole numbers from 1, and say so where they are given`, async () => {
    const executor = make()
    for (const option of ['bufferSize', 'chunkSize'] as const) {
      for (const value of [0, -1, 1.5, NaN]) {
        assert.throws(() => executor.with({ [option]: value }), {
          name: 'RangeError',
          message: `${option} must be a whole number from 1, not ${value}`,
        })
      }
      assert.throws(() => executor.with({ [option]: [] as never }), { name: 'TypeError' })
    }
    assert.throws(() => executor.with({ chunkSize: 'big' as never }), {
      name: 'TypeError',
      message: 'chunkSize must be a number or "auto", not "big"',
    })
    await executor.shutdown()
  })
}

function aheadCases(name: string, make: MakeExecutor): void {
  const check = executorCases(name, make)

  check('EXE-14: inputs may be without end, also several of them', 2, async executor => {
    for (const options of [{}, { bufferSize: 1 }, { bufferSize: 10 }, { chunkSize: 100 }]) {
      const left = new Naturals()
      const right = new Naturals()
      const values: number[] = []
      for await (const value of executor.with(options).map(add, left, right)) {
        if (values.push(value) === 500) break
      }
      assert.equal(values[499], 998)
      assert.equal(left.closed && right.closed, true)
    }
  })

  check('a map starts before it is read', 2, async (executor, gate) => {
    gate.open()
    const results = executor.map(passGate, [gate.words], [1])
    await gate.whenFinished(1)
    assert.deepEqual(await results.toArray(), [1])
  })

  check('bufferSize: no more inputs are read ahead of the reader', 2, async executor => {
    for (const bufferSize of [1, 4, 50]) {
      for (const chunkSize of [1, 7, 'auto'] as const) {
        const inputs = new Naturals()
        const results = executor.with({ bufferSize, chunkSize }).map(square, inputs)
        assert.ok(inputs.read >= 1 && inputs.read <= bufferSize, `${inputs.read} at the call`)
        for (let given = 1; given <= 120; given++) {
          assert.equal((await results.next()).value, (given - 1) ** 2)
          assert.ok(inputs.read <= given + bufferSize, `${inputs.read} read, ${given} given, bufferSize ${bufferSize}`)
        }
        await results.return()
      }
    }
  })

  check('a slow call at the head does not let the others rest', 2, async (executor, gate) => {
    const zeros = Array.from({ length: 200 }, () => 0)
    const gates = zeros.map(() => gate.words)
    const results = executor.with({ chunkSize: 1 }).map(passGateAt, gates, zeros, new Naturals()).toArray()
    await gate.whenFinished(199)
    gate.open()
    assert.deepEqual(await results, [...zeros.keys()])
  })

  check('without bufferSize a reader that stops is not run away from either', 2, async executor => {
    const inputs = new Naturals()
    const results = executor.map(square, inputs)
    await results.next()
    let before = -1
    // Until nothing more is read in the time that a call takes.
    while (before !== inputs.read) {
      before = inputs.read
      await executor.submit(square, 1)
      await new Promise(resolve => setTimeout(resolve, 5))
    }
    assert.ok(inputs.read < 600_000, `${inputs.read} read`)
    await results.return()
  })
}

function asynchronousCases(name: string, make: MakeExecutor): void {
  const check = executorCases(name, make)

  check('asynchronous inputs, alone and beside others', 2, async executor => {
    for (const options of [{}, { bufferSize: 2 }, { chunkSize: 4 }, { chunkSize: 4, bufferSize: 3 }]) {
      const mapped = executor.with(options)
      assert.deepEqual(await mapped.map(square, slowly(10)).toArray(), [0, 1, 4, 9, 16, 25, 36, 49, 64, 81])
      assert.deepEqual(await mapped.map(add, slowly(4), [10, 20, 30, 40, 50]).toArray(), [10, 21, 32, 43])
      assert.deepEqual(await mapped.map(add, new Naturals(), slowly(3)).toArray(), [0, 2, 4])
    }
  })

  check('an input that waits for the result of the one before it gets it', 2, async executor => {
    for (const chunkSize of [10, 'auto'] as const) {
      let answer: (() => void) | undefined
      async function* afterAnswers(): AsyncGenerator<number> {
        for (let n = 0; n < 5; n++) {
          yield n
          await new Promise<void>(resolve => (answer = resolve))
        }
      }
      const values: number[] = []
      for await (const value of executor.with({ chunkSize }).map(square, afterAnswers())) {
        values.push(value)
        while (answer === undefined) await new Promise(resolve => setTimeout(resolve, 1))
        answer()
        answer = undefined
      }
      assert.deepEqual(values, [0, 1, 4, 9, 16])
    }
  })

  check('an error of asynchronous inputs comes out after the results of what came before it', 2, async executor => {
    const { values, error } = await read(executor.map(square, brokenLater()))
    assert.deepEqual(values, [0, 1, 4])
    assert.equal((error as Error).message, 'no fourth')
  })

  check('leaving the loop closes asynchronous inputs, and waits for that', 2, async executor => {
    let closed = false
    async function* endless(): AsyncGenerator<number> {
      try {
        for (let n = 0; ; n++) yield n
      } finally {
        await new Promise(resolve => setTimeout(resolve, 1))
        closed = true
      }
    }
    for await (const value of executor.with({ bufferSize: 2 }).map(square, endless())) if (value === 9) break
    assert.equal(closed, true)
  })

  check('leaving the loop does not wait for an input that never comes', 2, async executor => {
    let closed = false
    const inputs: AsyncIterableIterator<number> = {
      [Symbol.asyncIterator]: () => inputs,
      next: () => new Promise(() => {}),
      return: async () => {
        closed = true
        return { done: true, value: undefined }
      },
    }
    const results = executor.map(square, inputs)
    const waiting = results.next()
    await results.return()
    assert.deepEqual(await waiting, { done: true, value: undefined })
    assert.equal(closed, true)
  })

  check('leaving the loop does not wait for a generator that is stuck', 2, async executor => {
    const results = executor.map(square, stuck())
    assert.deepEqual(await results.next(), { done: false, value: 1 })
    const waiting = results.next()
    await results.return()
    assert.deepEqual(await waiting, { done: true, value: undefined })
  })

  check('what closing the inputs throws comes out of return()', 2, async executor => {
    const results = executor.map(square, unclosable())
    await results.next()
    await assert.rejects(results.return(), { message: 'cannot close' })
    assert.deepEqual(await results.return(), { done: true, value: undefined })
  })
}

function cannotClose(): never {
  throw new RangeError('cannot close')
}

function* brokenPair(): Generator<number> {
  yield 1
  yield 2
  throw new RangeError('no third')
}

/** 0, 1, 2 … some of them in a later turn. */
async function* slowly(count: number): AsyncGenerator<number> {
  for (let n = 0; n < count; n++) {
    if (n % 3 === 0) await new Promise(resolve => setTimeout(resolve, 1))
    yield n
  }
}

async function* brokenLater(): AsyncGenerator<number> {
  yield* slowly(3)
  throw new RangeError('no fourth')
}

function* unclosable(): Generator<number> {
  try {
    for (;;) yield 1
  } finally {
    cannotClose()
  }
}

async function* stuck(): AsyncGenerator<number> {
  yield 1
  await new Promise(() => {})
}
