/** What a SharedQueue does between threads, whichever way each end works: blocking its thread, or awaiting. */
import assert from 'node:assert/strict'
import { QueueFull, QueueShutDown, type SharedQueue, type SharedQueueOptions, type ThreadPoolExecutor } from 'multitask'
import { until } from '../fixtures/gate.ts'
import * as tasks from '../fixtures/queue-tasks.ts'
import { STOP, type Way } from '../fixtures/queue-tasks.ts'
import type { Scale } from './queue.ts'
import { casesWithThreads } from './sync-cases.ts'

export type MakeSharedQueue = <T>(maxSize?: number, options?: SharedQueueOptions) => SharedQueue<T>

/** An end: a worker that works in one of two ways, or the main thread, which awaits. */
type End = Way | 'main'

const ENDS: readonly End[] = ['blocks', 'awaits', 'main']
const WAYS: readonly Way[] = ['blocks', 'awaits']
const PAIRS = ENDS.flatMap(from => ENDS.map(to => [from, to] as const)).filter(pair => pair.join() !== 'main,main')

type Work<A extends unknown[], R> = (queue: SharedQueue<never>, way: Way, ...args: A) => Promise<R>

function text(items: unknown[]): string[] {
  return items.map(item => JSON.stringify(item)).toSorted()
}

/** Runs a task at an end. */
function at<A extends unknown[], R>(
  end: End,
  pool: ThreadPoolExecutor,
  work: Work<A, R>,
  queue: SharedQueue<never>,
  ...args: A
): PromiseLike<R> {
  return end === 'main'
    ? work(queue, 'awaits', ...args)
    : pool.submit(work as unknown as (...all: never[]) => R, ...([queue, end, ...args] as never[]))
}

function numbers(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => from + index)
}

const byValue = (a: number, b: number): number => a - b

export function sharedQueueSuite(kind: string, make: MakeSharedQueue, { share = 1 }: Scale = {}): void {
  const check = casesWithThreads(kind)

  for (const [from, to] of PAIRS) {
    const ends = `from ${from} to ${to}`

    check(`${ends}: many items come in their order`, async ({ pool }) => {
      const queue = make<number>()
      const got = at(to, pool, tasks.getUntilStop, queue as never)
      await at(from, pool, tasks.putCount, queue as never, 0, 20_000 * share)
      await queue.put(STOP)
      assert.deepEqual(await got, numbers(0, 20_000 * share))
      assert.deepEqual([queue.size, queue.statistics().unfinished], [0, 0])
    })

    check(`${ends}: with room for one or two, each waits for the other`, async ({ pool }) => {
      for (const maxSize of [1, 2]) {
        const queue = make<number>(maxSize)
        const got = at(to, pool, tasks.getUntilStop, queue as never)
        await at(from, pool, tasks.putCount, queue as never, 0, 500)
        await queue.put(STOP)
        assert.deepEqual(await got, numbers(0, 500))
      }
    })

    check(`${ends}: items longer than a record, and longer than the ring, among short ones`, async ({ pool }) => {
      const queue = make<unknown>(0, { bytes: 4096 })
      const sizes = [10, 900, 1100, 4000, 5000, 3 * 4096, 50, 20_000, 300_000, 7]
      const got = at(to, pool, tasks.getBulks, queue as never)
      await at(from, pool, tasks.putBulks, queue as never, sizes)
      await queue.put(STOP)
      assert.deepEqual(
        await got,
        sizes.flatMap((size, index) => [[size, index], index]),
      )
    })
  }

  check(
    'four producers and four consumers: every item is received once, those of one producer in order',
    async scene => {
      const { pool } = scene
      for (const maxSize of [0, 3]) {
        const each = (maxSize === 0 ? 5000 : 300) * share
        const queue = make<number>(maxSize)
        const consumers = [0, 1, 2, 3].map(index => pool.submit(tasks.getUntilStop, queue, WAYS[index % 2]!))
        const producers = [0, 1, 2, 3].map(index =>
          pool.submit(tasks.putCount, queue, WAYS[index >> 1]!, index * each, each),
        )
        await Promise.all(producers)
        for (const _ of consumers) await queue.put(STOP)
        const got = await Promise.all(consumers)
        for (const items of got) {
          for (const producer of [0, 1, 2, 3]) {
            const its = items.filter(item => Math.trunc(item / each) === producer)
            assert.deepEqual(its, its.toSorted(byValue))
          }
        }
        assert.deepEqual(got.flat().toSorted(byValue), numbers(0, 4 * each))
      }
    },
  )

  check('four producers and four consumers of items longer than the ring', async ({ pool }) => {
    const queue = make<unknown>(0, { bytes: 2048 })
    const sizes = [3000, 100, 6000, 600, 20_000]
    const consumers = [0, 1, 2, 3].map(index => pool.submit(tasks.getBulks, queue, WAYS[index % 2]!))
    await Promise.all([0, 1, 2, 3].map(index => pool.submit(tasks.putBulks, queue, WAYS[index >> 1]!, sizes)))
    for (const _ of consumers) await queue.put(STOP)
    const got = (await Promise.all(consumers)).flat()
    const once = sizes.flatMap((size, index) => [[size, index], index])
    assert.deepEqual(text(got), text([...once, ...once, ...once, ...once]))
  })

  check('join waits for what other threads do, awaited and blocked', async ({ pool }) => {
    const queue = make<number>()
    const items = numbers(0, 200)
    for (const item of items) await queue.put(item)
    const joins = WAYS.map(way => pool.submit(tasks.joinIt, queue, way))
    const joined = queue.join()
    const consumers = [0, 1, 2, 3].map(index => pool.submit(tasks.getUntilStop, queue, WAYS[index % 2]!))
    for (const _ of consumers) await queue.put(STOP)
    await joined
    assert.deepEqual(await Promise.all(joins), [true, true])
    assert.deepEqual((await Promise.all(consumers)).flat().toSorted(byValue), items)
  })

  for (const immediate of [false, true]) {
    check(`a shutdown ${immediate ? '(immediate) ' : ''}in the middle ends everybody`, async ({ pool }) => {
      const queue = make<number>(50)
      const producers = WAYS.map((way, index) => pool.submit(tasks.putUntilShutDown, queue, way, index * 1_000_000))
      const consumers = [...WAYS, ...WAYS].map(way => pool.submit(tasks.loopOver<number>, queue, way))
      await until(() => queue.statistics().unfinished > 2000 * share)
      queue.shutdown({ immediate })
      const counts = await Promise.all(producers)
      const got = (await Promise.all(consumers)).flat()
      assert.equal(queue.size, 0)
      assert.equal(new Set(got).size, got.length)
      const put = counts.flatMap((count, index) => numbers(index * 1_000_000, count))
      if (!immediate) assert.deepEqual(got.toSorted(byValue), put)
      else assert.ok(got.length <= put.length && put.length <= got.length + 50)
      await assert.rejects(queue.put(5), QueueShutDown)
    })
  }

  check('a thread that waits for an item, or for room, gives up in time', async ({ pool }) => {
    const queue = make<unknown>(1)
    for (const way of WAYS) assert.equal(await pool.submit(tasks.getOne, queue, way, 5), 'QueueEmpty')
    queue.tryPut(1)
    for (const way of WAYS) assert.equal(await pool.submit(tasks.putOne, queue, way, 2, 5), 'QueueFull')
    assert.deepEqual([queue.size, queue.tryGet()], [1, 1])
  })

  check('those who wait in other threads are woken by a shutdown, and by a larger size', async ({ pool }) => {
    const queue = make<unknown>(1)
    await queue.put('first')
    const puts = WAYS.map(way => pool.submit(tasks.putOne, queue, way, way))
    queue.maxSize = 2
    assert.equal(await Promise.race(puts), 'put')
    queue.shutdown()
    assert.deepEqual((await Promise.all(puts)).toSorted(), ['QueueShutDown', 'put'])
    const empty = make<unknown>()
    const gets = WAYS.map(way => pool.submit(tasks.getOne, empty, way))
    const joins = WAYS.map(way => pool.submit(tasks.joinIt, empty, way))
    await Promise.all(joins)
    empty.shutdown()
    assert.deepEqual(await Promise.all(gets), ['QueueShutDown', 'QueueShutDown'])
  })

  check('an item of 100 MB goes to another thread and back', async ({ pool }) => {
    const [there, back] = [make<unknown>(), make<unknown>()]
    const passing = pool.submit(tasks.pass, there, back, 'blocks')
    await there.put(tasks.bulk(100_000_000, 7))
    assert.deepEqual(tasks.unbulk((await back.get()) as Uint8Array), [100_000_000, 7])
    await there.put(STOP)
    await passing
  })

  check('a long item that finds no reader in time is taken back, and there is room again', async ({ pool }) => {
    const queue = make<unknown>(0, { bytes: 2048 })
    const long = tasks.bulk(10_000, 3)
    await assert.rejects(queue.put(long, { timeout: 5 }), QueueFull)
    for (const way of WAYS) assert.equal(await pool.submit(tasks.putOne, queue, way, long, 5), 'QueueFull')
    const controller = new AbortController()
    const put = queue.put(long, { signal: controller.signal })
    controller.abort()
    await assert.rejects(put, { name: 'AbortError' })
    assert.deepEqual([queue.size, queue.empty], [0, true])
    const short = tasks.bulk(1500, 4)
    queue.tryPut(short)
    assert.deepEqual(await pool.submit(tasks.getOne, queue, 'blocks'), short)
  })
}
