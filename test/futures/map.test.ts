/** The pump of `map`, over a place that the test plays itself. What every executor does is in conformance/map.ts. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CannotSendError, Future, type CallOptions } from 'multitask'
import type { BatchResult, Place } from '../../dist/futures/executor.js'
import { map } from '../../dist/futures/map.js'

interface Batch {
  readonly columns: readonly (readonly unknown[])[]
  readonly options: CallOptions
  readonly future: Future<BatchResult>
}

/** Takes batches, and finishes them when the test says so. */
class PlayedPlace implements Place {
  readonly handle = undefined
  readonly name = 'played'
  readonly width = 2
  readonly batches: Batch[] = []
  readonly calls: { readonly args: readonly unknown[]; readonly future: Future<unknown> }[] = []
  /** What cannot be sent. */
  unsendable: unknown
  /** Batches taken and not finished, at most. */
  most = 0
  #finished = 0

  batch(_fn: unknown, columns: readonly (readonly unknown[])[], options: CallOptions): Future<BatchResult> {
    if (columns[0]?.includes(this.unsendable)) throw new CannotSendError('value', 'it stays here')
    const future = new Future<BatchResult>()
    this.batches.push({ columns, options, future })
    this.most = Math.max(this.most, this.batches.length - this.#finished)
    return future
  }

  /** Finishes all batches, also those that come because of it, as if each call had taken `each` ms. */
  async finishAll(each: number): Promise<void> {
    while (this.#finished < this.batches.length) {
      const { columns, future } = this.batches[this.#finished++]!
      const values = [...columns[0]!]
      future.setResult({ values, failures: undefined, elapsed: values.length * each })
      await new Promise(resolve => setImmediate(resolve))
    }
  }

  get sizes(): number[] {
    return this.batches.map(({ columns }) => columns[0]!.length)
  }

  submit(_fn: unknown, args: readonly unknown[]): Future<unknown> {
    const future = new Future<unknown>()
    this.calls.push({ args, future })
    return future
  }
  stream(): never {
    throw new Error('not played')
  }
  shutdown(): Promise<void> {
    return Promise.resolve()
  }
}

const numbers = (count: number) => Array.from({ length: count }, (_, n) => n)
const fn = (n: number) => n

test('tiny calls come to travel by thousands', async () => {
  const place = new PlayedPlace()
  const results = map(place, fn, [numbers(200_000)], {}).toArray()
  await place.finishAll(0.00001)
  assert.deepEqual(await results, numbers(200_000))
  assert.equal(place.sizes[0], 1)
  assert.ok(Math.max(...place.sizes) > 2000 && Math.max(...place.sizes) <= 8192, `sizes ${place.sizes.join()}`)
  assert.ok(place.batches.length < 120, `${place.batches.length} batches`)
})

test('calls of four milliseconds travel alone', async () => {
  const place = new PlayedPlace()
  const results = map(place, fn, [numbers(50)], {}).toArray()
  await place.finishAll(4)
  assert.deepEqual(await results, numbers(50))
  assert.deepEqual(new Set(place.sizes), new Set([1]))
})

test('a worker has at most two batches: one that runs and one that waits', async () => {
  const place = new PlayedPlace()
  const results = map(place, fn, [numbers(1000)], { chunkSize: 3 }).toArray()
  assert.equal(place.batches.length, 4)
  await place.finishAll(0)
  await results
  assert.equal(place.most, 4)
  assert.equal(place.batches.length, 334)
})

test('calls that have a timeout or retries are submitted one by one, whatever the chunk size', async () => {
  for (const options of [{ timeout: 100, chunkSize: 10 }, { retries: 1 }]) {
    const place = new PlayedPlace()
    const results = map(place, fn, [numbers(30), numbers(30)], options)
    assert.equal(place.batches.length, 0)
    assert.deepEqual(
      place.calls.map(({ args }) => args),
      [0, 1, 2, 3].map(n => [n, n]),
    )
    place.calls[0]!.future.setResult('one')
    assert.deepEqual(await results.next(), { done: false, value: 'one' })
    assert.equal(place.calls.length, 5)
    place.calls[1]!.future.setException(new Error('two'))
    await assert.rejects(results.next(), { message: 'two' })
  }
})

test('the options reach the place, and a signal of the map', async () => {
  const place = new PlayedPlace()
  const results = map(place, fn, [numbers(1)], { priority: 3, name: 'mine' })
  const { options } = place.batches[0]!
  assert.equal(options.priority, 3)
  assert.equal(options.name, 'mine')
  assert.equal(options.signal?.aborted, false)
  await results.return()
  assert.equal(options.signal?.aborted, true)
  assert.match(String(options.signal?.reason), /^CancelledError: nobody reads the rest of the map$/)
})

test('what waits is taken back when the reader leaves', async () => {
  const place = new PlayedPlace()
  const results = map(place, fn, [numbers(10)], { chunkSize: 1 })
  place.batches[0]!.future.setRunning()
  await results.return()
  assert.deepEqual(
    place.batches.map(({ future }) => future.cancelled()),
    [false, true, true, true],
  )
})

test('what waits behind an error is taken back at once; what is before it is delivered', async () => {
  const place = new PlayedPlace()
  const results = map(place, fn, [numbers(10)], { chunkSize: 1 })
  const [first, second, third, fourth] = place.batches
  second!.future.setResult({ values: [undefined], failures: [{ index: 0, error: new Error('of 1') }], elapsed: 0 })
  await new Promise(resolve => setImmediate(resolve))
  assert.equal(third!.future.cancelled() && fourth!.future.cancelled(), true)
  assert.equal(first!.future.done(), false)
  assert.equal(place.batches.length, 4, 'no more inputs are sent')
  first!.future.setResult({ values: [0], failures: undefined, elapsed: 0 })
  assert.deepEqual(await results.next(), { done: false, value: 0 })
  await assert.rejects(results.next(), { message: 'of 1' })
})

test('a batch that fails as a whole is an error at its place', async () => {
  const place = new PlayedPlace()
  const results = map(place, fn, [numbers(10)], { chunkSize: 2 })
  place.batches[1]!.future.setException(new Error('the worker died'))
  place.batches[0]!.future.setResult({ values: [0, 1], failures: undefined, elapsed: 0 })
  assert.deepEqual(await results.next(), { done: false, value: 0 })
  assert.deepEqual(await results.next(), { done: false, value: 1 })
  await assert.rejects(results.toArray(), { message: 'the worker died' })
})

test('a first input that cannot be sent is an error of the call of map', () => {
  const place = new PlayedPlace()
  place.unsendable = 0
  for (const chunkSize of [1, 5, 'auto'] as const) {
    assert.throws(() => map(place, fn, [numbers(10)], { chunkSize }), CannotSendError)
  }
})

test('a later input that cannot be sent comes out at its place, after the results before it', async () => {
  for (const chunkSize of [1, 4, 100, 'auto'] as const) {
    const place = new PlayedPlace()
    place.unsendable = 6
    const results = map(place, fn, [numbers(10)], { chunkSize })
    const values: unknown[] = []
    const reading = async () => {
      for await (const value of results) values.push(value)
    }
    await Promise.all([assert.rejects(reading(), CannotSendError), place.finishAll(1)])
    assert.deepEqual(values, [0, 1, 2, 3, 4, 5], `chunkSize ${chunkSize}`)
    assert.equal(place.batches.flatMap(({ columns }) => columns[0]).length, 6, 'what is behind it is not sent')
  }
})

test('next() of a reader that has just been served comes behind one that still waits', async () => {
  const place = new PlayedPlace()
  const results = map(place, fn, [numbers(3)], { chunkSize: 3 })
  const first = results.next()
  const second = results.next()
  const third = first.then(() => results.next())
  await place.finishAll(0)
  assert.deepEqual(await Promise.all([first, second, third].map(async step => (await step).value)), [0, 1, 2])
})

test('a buffer is shared out among the workers', async () => {
  const place = new PlayedPlace()
  const results = map(place, fn, [numbers(100_000)], { bufferSize: 40 }).toArray()
  await place.finishAll(0)
  await results
  assert.equal(Math.max(...place.sizes), 10)
})

test('thousands of parts come out as one array', async () => {
  const place = new PlayedPlace()
  const results = map(place, fn, [numbers(10_000)], { chunkSize: 1 }).toArray()
  await place.finishAll(1)
  assert.deepEqual(await results, numbers(10_000))
})

test('a failing map that is not read rejects nothing', async () => {
  const place = new PlayedPlace()
  map(place, fn, [numbers(10)], {})
  place.batches[0]!.future.setException(new Error('unread'))
  await new Promise(resolve => setTimeout(resolve, 5))
})
