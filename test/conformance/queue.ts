/** What every queue does with items and those who wait for them: put, get, tryGet, loops. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { QueueEmpty } from 'multitask'
import { until } from '../fixtures/gate.ts'

/** As much of a queue as all kinds have. */
export interface ItemQueue<T> extends AsyncIterable<T> {
  readonly name: string
  readonly size: number
  readonly empty: boolean
  put(item: T): void | Promise<void>
  get(options?: { timeout?: number; signal?: AbortSignal }): Promise<T>
  tryGet(): T
  statistics(): { readonly size: number; readonly getters: number }
}

export type MakeItemQueue = <T>(options?: { name?: string }) => ItemQueue<T>

/** The order in which items come out that were put together. */
export type Order = 'first' | 'last' | 'smallest'

export const LIMIT = { timeout: 30_000 }

const orders: Record<Order, (items: readonly number[]) => number[]> = {
  first: items => [...items],
  last: items => items.toReversed(),
  smallest: items => items.toSorted((a, b) => a - b),
}

function turn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}

function ignore(kind: abstract new (...args: never) => Error): (error: unknown) => undefined {
  return error => {
    assert.ok(error instanceof kind)
    return undefined
  }
}

/** How a suite is run. */
export interface Scale {
  /** How many items go through where there are many, as a part of what a queue in this process is given. */
  readonly share?: number
}

export function queueSuite(kind: string, order: Order, make: MakeItemQueue, { share = 1 }: Scale = {}): void {
  const check = (claim: string, body: () => void | Promise<void>): void => void test(`${kind}: ${claim}`, LIMIT, body)

  check(`what was put ${order === 'smallest' ? 'and is smallest' : order} comes out first`, async () => {
    const items = [33, 11, 22, 55, 44]
    const queue = make<number>()
    for (const item of items) await queue.put(item)
    const got: number[] = []
    while (!queue.empty) got.push(await queue.get())
    assert.deepEqual(got, orders[order](items))
    for (const item of items) await queue.put(item)
    assert.deepEqual(
      items.map(() => queue.tryGet()),
      orders[order](items),
    )
  })

  check('keeps its order over many more items than fit into one block of memory', async () => {
    const queue = make<number>()
    const model: number[] = []
    const step = { first: () => 0, last: () => model.length - 1, smallest: () => model.indexOf(Math.min(...model)) }
    let seed = 7
    // Grows to some hundreds and shrinks to nothing, again and again.
    for (let round = 0; round < 6000; round++) {
      seed = (seed * 1103515245 + 12345) % 2 ** 31
      const grows = Math.floor(round / 700) % 2 === 0
      if (seed % 10 < (grows ? 8 : 2) || model.length === 0) {
        model.push(seed)
        await queue.put(seed)
      } else {
        const [expected] = model.splice(step[order](), 1)
        assert.equal(await queue.get(), expected)
      }
      assert.equal(queue.size, model.length)
    }
  })

  check('size and empty are right when it is empty and when it is not', async () => {
    const queue = make<number>()
    assert.deepEqual([queue.size, queue.empty], [0, true])
    await queue.put(5)
    assert.deepEqual([queue.size, queue.empty], [1, false])
    await queue.get()
    assert.deepEqual([queue.size, queue.empty], [0, true])
  })

  check('a get waits for a put', async () => {
    const queue = make<number>()
    const got = queue.get()
    assert.equal(queue.statistics().getters, 1)
    await queue.put(5)
    assert.equal(queue.statistics().getters, 0)
    assert.equal(await got, 5)
    assert.equal(await Promise.all([queue.get({ timeout: 30_000 }), queue.put(6)]).then(([item]) => item), 6)
  })

  check('those who wait get items in the order in which they asked', async () => {
    const queue = make<number>()
    const got: string[] = []
    const tasks = ['a', 'b', 'c'].map(async task => got.push(`${task}${await queue.get()}`))
    for (const item of [1, 2, 3]) await queue.put(item)
    await Promise.all(tasks)
    assert.deepEqual(got, ['a1', 'b2', 'c3'])
  })

  check('an item that is put while somebody waits belongs to the one who waits', async () => {
    const queue = make<number>()
    const waiting = queue.get()
    const put = queue.put(1)
    assert.throws(() => queue.tryGet(), QueueEmpty)
    const newcomer = queue.get()
    assert.equal(await waiting, 1)
    await put
    await queue.put(2)
    assert.equal(await newcomer, 2)
  })

  check('tryGet of an empty queue, and get with a timeout of 0, throw QueueEmpty', async () => {
    const queue = make<number>({ name: 'jobs' })
    const error = { name: 'QueueEmpty', code: 'ERR_QUEUE_EMPTY', message: `the ${kind} "jobs" is empty` }
    assert.throws(() => queue.tryGet(), error)
    await assert.rejects(queue.get({ timeout: 0 }), error)
    await queue.put(5)
    assert.equal(await queue.get({ timeout: 0 }), 5)
  })

  check('a get whose time is up throws QueueEmpty, and leaves', async () => {
    const queue = make<number>()
    await assert.rejects(queue.get({ timeout: 3 }), {
      name: 'QueueEmpty',
      message: `the ${kind} is empty, and still was after 3 ms`,
    })
    assert.equal(queue.statistics().getters, 0)
    await queue.put(5)
    assert.equal(queue.tryGet(), 5)
  })

  check('a timeout that is negative or NaN, and an unknown option, are errors even if an item is there', async () => {
    const queue = make<number>()
    await queue.put(5)
    await assert.rejects(queue.get({ timeout: -1 }), { name: 'RangeError', message: /timeout must be 0 or more.*-1/ })
    await assert.rejects(queue.get({ timeout: Number.NaN }), RangeError)
    await assert.rejects(queue.get({ timeOut: 1 } as never), /did you mean timeout\?/)
    assert.equal(queue.size, 1)
  })

  check('a signal ends a get with its reason, and the next in line gets the item', async () => {
    const queue = make<number>()
    const controller = new AbortController()
    const first = queue.get({ signal: controller.signal })
    const second = queue.get()
    const reason = new Error('enough')
    controller.abort(reason)
    await assert.rejects(first, reason)
    await queue.put(5)
    assert.equal(await second, 5)
  })

  check('a signal that aborts once the item has been given does not lose it', async () => {
    const queue = make<number>()
    const controller = new AbortController()
    const got = queue.get({ signal: controller.signal })
    const first = queue.put(1)
    controller.abort()
    await first
    await queue.put(2)
    assert.deepEqual([await got, await queue.get()], [1, 2])
  })

  check('three wait, the first gives up, two items come: the other two get them', async () => {
    const queue = make<number>()
    const controller = new AbortController()
    const gone = assert.rejects(queue.get({ signal: controller.signal }), { name: 'AbortError' })
    const others = [queue.get(), queue.get()]
    controller.abort()
    for (const item of [1, 2]) await queue.put(item)
    assert.deepEqual(await Promise.all(others), [1, 2])
    await gone
    assert.equal(queue.size, 0)
  })

  check('whoever gives up in the middle of the line leaves the others in their order', async () => {
    const queue = make<number>()
    const controllers = Array.from({ length: 5 }, () => new AbortController())
    const leaving = Promise.allSettled(controllers.map(({ signal }) => queue.get({ signal })))
    for (const index of [2, 4, 0]) controllers[index]!.abort()
    assert.equal(queue.statistics().getters, 2)
    for (const item of [1, 2]) await queue.put(item)
    const ends = await leaving
    assert.deepEqual(
      ends.map(end => (end.status === 'fulfilled' ? end.value : 'left')),
      ['left', 1, 'left', 2, 'left'],
    )
  })

  check('with a signal that is aborted before, get takes nothing', async () => {
    const queue = make<number>()
    await queue.put(5)
    await assert.rejects(queue.get({ signal: AbortSignal.abort() }), { name: 'AbortError' })
    await assert.rejects(queue.get({ signal: AbortSignal.abort('why'), timeout: 0 }), reason => reason === 'why')
    assert.equal(queue.size, 1)
  })

  check('a loop takes items as they come, and leaving it loses none', async () => {
    const queue = make<number>()
    const got: number[] = []
    const loop = (async () => {
      for await (const item of queue) {
        got.push(item)
        if (item === 3) break
      }
    })()
    for (const item of [1, 2, 3, 4]) {
      await queue.put(item)
      await until(() => got.at(-1) === item || item > 3)
    }
    await loop
    assert.deepEqual(got, [1, 2, 3])
    assert.equal(queue.statistics().getters, 0)
    assert.equal(queue.tryGet(), 4)
  })

  check('a loop that is left by hand while it waits takes nothing more', async () => {
    const queue = make<number>()
    const loop = queue[Symbol.asyncIterator]()
    const steps = [loop.next(), loop.next()]
    assert.equal(queue.statistics().getters, 2)
    assert.deepEqual(await loop.return?.(), { done: true, value: undefined })
    assert.equal(queue.statistics().getters, 0)
    await queue.put(5)
    for (const step of steps) assert.deepEqual(await step, { done: true, value: undefined })
    assert.deepEqual(await loop.next(), { done: true, value: undefined })
    assert.equal(queue.size, 1)
  })

  check('loops share the items, in turn', async () => {
    const queue = make<number>()
    const loops = [queue[Symbol.asyncIterator](), queue[Symbol.asyncIterator]()]
    const steps = [0, 1, 0, 1].map(index => loops[index]!.next())
    for (const item of [1, 2, 3, 4]) await queue.put(item)
    assert.deepEqual(
      (await Promise.all(steps)).map(({ value }) => value as unknown),
      [1, 2, 3, 4],
    )
  })

  check('one producer, one consumer: no item is missing among many', async () => {
    const queue = make<number>()
    const count = 20_000 * share
    const producer = (async () => {
      for (let item = 0; item < count; item++) await queue.put(item)
    })()
    let next = 0
    for await (const item of queue) {
      assert.equal(item, next++)
      if (next === count) break
    }
    await producer
    assert.equal(queue.size, 0)
  })

  check('many producers and consumers who wait, poll and give up soon: each item is seen once', async () => {
    const queue = make<number>()
    const [producers, each] = [4, 2000 * share]
    const seen: number[] = []
    const ways: (() => Promise<number | undefined>)[] = [
      () => queue.get(),
      async () => (queue.empty ? turn().then(() => undefined) : queue.tryGet()),
      () => queue.get({ timeout: 1 }).catch(ignore(QueueEmpty)),
      () => queue.get({ signal: AbortSignal.timeout(1) }).catch(ignore(DOMException)),
    ]
    const consumers = [...ways, ...ways].map(async way => {
      for (;;) {
        const item = await way()
        if (item === -1) break
        if (item !== undefined) seen.push(item)
      }
    })
    await Promise.all(
      Array.from({ length: producers }, async (_, producer) => {
        for (let item = 0; item < each; item++) {
          await queue.put(producer * each + item)
          if (item % 100 === 0) await turn()
        }
      }),
    )
    await until(() => seen.length >= producers * each)
    for (const _ of consumers) await queue.put(-1)
    await Promise.all(consumers)
    assert.equal(queue.size, 0)
    assert.deepEqual(
      seen.toSorted((a, b) => a - b),
      Array.from({ length: producers * each }, (_, item) => item),
    )
  })

  check('shows its name, what it holds and who waits when it is printed', async () => {
    const queue = make<number>({ name: 'jobs' })
    assert.equal(queue.name, 'jobs')
    assert.equal(inspect(make<number>()), `${kind} { 0 items }`)
    const got = queue.get()
    assert.equal(inspect(queue), `${kind} "jobs" { 0 items, 1 getting }`)
    await queue.put(5)
    await got
    await queue.put(6)
    assert.match(inspect(queue), new RegExp(`^${kind} "jobs" \\{ 1 item(, 2 unfinished)? \\}$`))
  })

  check('statistics are a record that stays as it is', () => {
    const statistics = make<number>().statistics()
    assert.ok(Object.isFrozen(statistics))
    assert.deepEqual([statistics.size, statistics.getters], [0, 0])
  })

  check('a name that is no string is an error', () => {
    assert.throws(() => make({ name: 5 } as never), /name must be a string, not 5/)
  })
}

/** For queues that take items of any kind. */
export function anyItemSuite(kind: string, make: MakeItemQueue): void {
  const check = (claim: string, body: () => void | Promise<void>): void => void test(`${kind}: ${claim}`, LIMIT, body)

  check('items come out as they were put: the same object, undefined, NaN, a function', async () => {
    const queue = make<unknown>()
    for (const item of [{ a: 1 }, undefined, null, Number.NaN, () => 5, Symbol('mine'), new Error('e'), []]) {
      await queue.put(item)
      assert.equal(await queue.get(), item)
      const got = queue.get()
      await queue.put(item)
      assert.equal(await got, item)
      await queue.put(item)
      assert.equal(queue.tryGet(), item)
    }
  })

  check('a promise as an item: get awaits it, tryGet and loops give it as it is', async () => {
    const queue = make<Promise<string>>()
    const item = Promise.resolve('value')
    await queue.put(item)
    assert.equal(await queue.get(), 'value')
    await queue.put(item)
    assert.equal(queue.tryGet(), item)
    const loop = queue[Symbol.asyncIterator]()
    const step = loop.next()
    await queue.put(item)
    assert.equal((await step).value, item)
    await queue.put(item)
    assert.equal((await loop.next()).value, item)
  })
}
