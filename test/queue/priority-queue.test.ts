import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PriorityQueue, QueueFull } from 'multitask'
import { boundedQueueSuite } from '../conformance/bounded-queue.ts'
import { LIMIT, queueSuite } from '../conformance/queue.ts'

queueSuite('PriorityQueue', 'smallest', options => new PriorityQueue(0, options))
boundedQueueSuite('PriorityQueue', (maxSize, options) => new PriorityQueue(maxSize, options))

interface Job {
  readonly priority: number
  readonly name: string
}

const byPriority = (a: Job, b: Job): number => a.priority - b.priority

function drain<T>(queue: PriorityQueue<T>): T[] {
  return Array.from({ length: queue.size }, () => queue.tryGet())
}

function sorted(items: readonly unknown[]): unknown[] {
  const queue = new PriorityQueue<unknown>()
  for (const item of items) queue.tryPut(item)
  return drain(queue)
}

test('numbers and bigints come out by value, strings by code units, dates by time', LIMIT, () => {
  assert.deepEqual(sorted([3, -1, 2n, 1.5, 10, -Infinity]), [-Infinity, -1, 1.5, 2n, 3, 10])
  assert.deepEqual(sorted(['b', 'a', '', 'B', '10', '9']), ['', '10', '9', 'B', 'a', 'b'])
  const dates = [3, 1, 2].map(day => new Date(2026, 0, day))
  assert.deepEqual(sorted(dates), [dates[1], dates[2], dates[0]])
})

test('arrays come out by the first elements that differ, or else by length, as tuples of Python', LIMIT, () => {
  const job = { any: 'thing' }
  const items = [[2, 'a'], [1, 'b'], [1], [1, 'a', job], [1, 'a', job, 0], [], [1, 'a', job]]
  assert.deepEqual(sorted(items), [[], [1], [1, 'a', job], [1, 'a', job], [1, 'a', job, 0], [1, 'b'], [2, 'a']])
  assert.deepEqual(
    sorted([
      [[1, 2], 0],
      [[1, 1], 5],
    ]),
    [
      [[1, 1], 5],
      [[1, 2], 0],
    ],
  )
})

test('equals come out in the order in which they were put', LIMIT, async () => {
  const queue = new PriorityQueue<Job>(0, { compare: byPriority })
  let seed = 3
  const jobs = Array.from({ length: 2000 }, (_, index) => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31
    return { priority: (seed >> 8) % 5, name: `job ${index}` }
  })
  for (const job of jobs) await queue.put(job)
  // toSorted keeps the order of equals.
  assert.deepEqual(drain(queue), jobs.toSorted(byPriority))
})

test('equals keep their order while others come and go, and with a comparator that never says 0', LIMIT, () => {
  const queue = new PriorityQueue<Job>(0, { compare: (a, b) => (a.priority < b.priority ? -1 : 1) })
  const model: Job[] = []
  let seed = 5
  for (let index = 0; index < 4000; index++) {
    seed = (seed * 1103515245 + 12345) % 2 ** 31
    if ((seed >> 4) % 5 < 3 || model.length === 0) {
      const job = { priority: (seed >> 8) % 4, name: `job ${index}` }
      queue.tryPut(job)
      const place = model.findIndex(each => each.priority > job.priority)
      model.splice(place === -1 ? model.length : place, 0, job)
    } else assert.equal(queue.tryGet(), model.shift())
  }
  assert.deepEqual(drain(queue), model)
})

const refused: Record<string, [items: readonly unknown[], name: string, message: string | RegExp]> = {
  NaN: [[Number.NaN], 'RangeError', 'NaN has no place in an order'],
  'NaN in an array': [[[1, Number.NaN]], 'RangeError', 'NaN has no place in an order'],
  'an invalid Date': [[new Date('x')], 'RangeError', 'an invalid Date has no place in an order'],
  'an object': [[{}], 'TypeError', 'cannot compare an object with an object without a compare function'],
  undefined: [[undefined], 'TypeError', /^cannot compare undefined with undefined /],
  'a number and a string': [[1, '2'], 'TypeError', /^cannot compare "2" with 1 /],
  'a date and a number': [[new Date(0), 2], 'TypeError', /^cannot compare 2 with a Date /],
  'equals with different objects behind them': [
    [
      [1, {}],
      [1, {}],
    ],
    'TypeError',
    /^cannot compare an object with an obj/,
  ],
}

for (const [what, [items, name, message]] of Object.entries(refused)) {
  test(`${what}: an error at the put, and what was there stays as it was`, LIMIT, async () => {
    const queue = new PriorityQueue<unknown>(2)
    const [last, ...others] = items.toReversed()
    for (const item of others) queue.tryPut(item)
    const size = queue.size
    assert.throws(() => queue.tryPut(last), { name, message })
    await assert.rejects(queue.put(last), { name, message })
    await assert.rejects(queue.put(last, { timeout: 10 }), { name, message })
    assert.deepEqual([queue.size, queue.statistics().unfinished], [size, size])
    assert.deepEqual(drain(queue), others)
  })
}

test('an item that cannot be compared is refused even if somebody waits for one', LIMIT, async () => {
  const queue = new PriorityQueue<number>()
  const got = queue.get()
  await assert.rejects(queue.put(Number.NaN), RangeError)
  await queue.put(5)
  assert.equal(await got, 5)
})

test('what compare throws comes out of the put that was wrong, and the queue goes on', LIMIT, async () => {
  const failure = new Error('cannot compare')
  let fails = false
  const queue = new PriorityQueue<number>(0, {
    compare(a, b) {
      if (fails) throw failure
      return a - b
    },
  })
  for (const item of [5, 3, 4, 1, 2]) queue.tryPut(item)
  fails = true
  assert.throws(() => queue.tryPut(0), failure)
  await assert.rejects(queue.put(0), failure)
  assert.throws(() => queue.tryGet(), failure)
  await assert.rejects(queue.get(), failure)
  await assert.rejects(queue.get({ timeout: 10 }), failure)
  const loop = queue[Symbol.asyncIterator]()
  await assert.rejects(loop.next(), failure)
  assert.deepEqual([queue.size, queue.statistics().unfinished], [5, 5])
  fails = false
  assert.deepEqual(drain(queue), [1, 2, 3, 4, 5])
})

test('a put that waited for room gets what compare throws, and the room goes to the next', LIMIT, async () => {
  const queue = new PriorityQueue<number | string>(2)
  for (const item of [1, 2]) queue.tryPut(item)
  const wrong = queue.put('three')
  const right = queue.put(4)
  assert.equal(queue.statistics().putters, 2)
  assert.equal(await queue.get(), 1)
  await assert.rejects(wrong, { name: 'TypeError', message: /^cannot compare "three" with 2 / })
  await right
  assert.throws(() => queue.tryPut(5), QueueFull)
  assert.deepEqual(drain(queue), [2, 4])
  assert.deepEqual([queue.statistics().unfinished, queue.statistics().putters], [3, 0])
})

test('a compare that returns no number is an error at the put', LIMIT, () => {
  const missing = new PriorityQueue<Partial<Job>>(0, { compare: (a, b) => a.priority! - b.priority! })
  missing.tryPut({ priority: 1 })
  assert.throws(() => missing.tryPut({ name: 'no priority' }), {
    name: 'TypeError',
    message: 'compare must return a number, not NaN, which it did for an object and an object',
  })
  const boolean = new PriorityQueue<number>(0, { compare: ((a: number, b: number) => a > b) as never })
  assert.throws(() => boolean.tryPut(1), /compare must return a number, not false, which it did for 1 and 1/)
  assert.deepEqual([missing.size, boolean.size], [1, 0])
})

test('compare must be a function', LIMIT, () => {
  assert.throws(() => new PriorityQueue(0, { compare: 'size' as never }), /compare must be a function, not "size"/)
  assert.throws(() => new PriorityQueue(0, { comparator: () => 0 } as never), /"comparator" is not an option of a/)
})
