/** What queues with a size do: who puts waits for room, `join` for what is done, and `shutdown` ends it all. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { InvalidStateError, type Queue, QueueEmpty, QueueFull, QueueShutDown, TimeoutError } from 'multitask'
import { LIMIT, type Scale } from './queue.ts'

export type MakeQueue = (maxSize?: number, options?: { name?: string }) => Queue<number>

export function boundedQueueSuite(kind: string, make: MakeQueue, { share = 1 }: Scale = {}): void {
  const check = (claim: string, body: () => void | Promise<void>): void => void test(`${kind}: ${claim}`, LIMIT, body)

  check('size, empty and full are right at empty, part full and full', async () => {
    const queue = make(2)
    const state = (): unknown[] => [queue.size, queue.empty, queue.full]
    assert.deepEqual(state(), [0, true, false])
    await queue.put(1)
    assert.deepEqual(state(), [1, false, false])
    await queue.put(2)
    assert.deepEqual(state(), [2, false, true])
    await queue.get()
    assert.deepEqual(state(), [1, false, false])
  })

  check('0 and Infinity are no limit: it is never full', () => {
    for (const maxSize of [0, Infinity, undefined]) {
      const queue = make(maxSize)
      for (let item = 0; item < 1000; item++) queue.tryPut(item)
      assert.deepEqual([queue.full, queue.size, queue.maxSize], [false, 1000, maxSize ?? 0])
    }
  })

  check('a size that is negative, fractional, NaN or no number is an error at the call', () => {
    for (const maxSize of [-1, 1.5, Number.NaN, -Infinity]) {
      const error = { name: 'RangeError', message: `maxSize must be a whole number from 0, not ${maxSize}` }
      assert.throws(() => make(maxSize), error)
      const queue = make(3)
      assert.throws(() => (queue.maxSize = maxSize), error)
      assert.equal(queue.maxSize, 3)
    }
    assert.throws(() => make('3' as never), { name: 'TypeError', message: 'maxSize must be a number, not "3"' })
    assert.throws(() => make({ name: 'jobs' } as never), /maxSize must be a number, not an object/)
    assert.throws(() => make(1, { nme: 'jobs' } as never), /"nme" is not an option of a \w+: did you mean name\?/)
  })

  check('a put waits while it is full, and goes on after a get', async () => {
    const queue = make(1)
    await queue.put(1)
    const put = queue.put(2)
    assert.deepEqual([queue.statistics().putters, queue.size], [1, 1])
    assert.equal(await queue.get(), 1)
    await put
    assert.deepEqual([queue.statistics().putters, queue.size], [0, 1])
    const third = queue.put(3, { timeout: 30_000 })
    assert.equal(queue.tryGet(), 2)
    await third
    assert.equal(queue.tryGet(), 3)
  })

  check('tryPut into a full queue, and put with a timeout of 0, throw QueueFull', async () => {
    const queue = make(2, { name: 'jobs' })
    for (const item of [1, 2]) queue.tryPut(item)
    const error = { name: 'QueueFull', code: 'ERR_QUEUE_FULL', message: `the ${kind} "jobs" is full (2 items)` }
    assert.throws(() => queue.tryPut(3), error)
    await assert.rejects(queue.put(3, { timeout: 0 }), error)
    queue.tryGet()
    await queue.put(4, { timeout: 0 })
    assert.equal(queue.size, 2)
  })

  check('a put whose time is up throws QueueFull, and its item is not put', async () => {
    const queue = make(1)
    await queue.put(1)
    await assert.rejects(queue.put(2, { timeout: 3 }), {
      name: 'QueueFull',
      message: `the ${kind} is full (1 item), and still was after 3 ms`,
    })
    assert.deepEqual([queue.tryGet(), queue.size, queue.statistics().putters], [1, 0, 0])
  })

  check('a timeout that is negative or NaN is an error even if there is room', async () => {
    const queue = make(1)
    for (const timeout of [-1, Number.NaN]) await assert.rejects(queue.put(1, { timeout }), RangeError)
    assert.equal(queue.size, 0)
  })

  check('a space that becomes free belongs to the putter who waits', async () => {
    const queue = make(1)
    await queue.put(1)
    const waiting = queue.put(2)
    queue.tryGet()
    assert.throws(() => queue.tryPut(3), QueueFull)
    await waiting
    assert.equal(queue.tryGet(), 2)
  })

  check(
    'those who wait get room in the order in which they asked, also when many items are taken at once',
    async () => {
      const queue = make(1)
      await queue.put(0)
      const done: number[] = []
      const puts = [1, 2, 3].map(async item => {
        await queue.put(item)
        done.push(item)
      })
      assert.deepEqual(
        [0, 1, 2, 3].map(() => queue.tryGet()),
        [0, 1, 2, 3],
      )
      await Promise.all(puts)
      assert.deepEqual(done, [1, 2, 3])
    },
  )

  check('a signal ends a put with its reason, and the next in line gets the room', async () => {
    const queue = make(1)
    await queue.put(1)
    const controllers = [0, 1, 2].map(() => new AbortController())
    const puts = controllers.map(({ signal }, index) => queue.put(10 + index, { signal }))
    const left = ['first', 'second'].map((why, index) => assert.rejects(puts[index]!, reason => reason === why))
    controllers[1]!.abort('second')
    controllers[0]!.abort('first')
    await Promise.all(left)
    assert.equal(queue.tryGet(), 1)
    await puts[2]
    assert.equal(queue.tryGet(), 12)
    assert.equal(queue.size, 0)
  })

  check('a signal that aborts once room was given comes too late: the item is there', async () => {
    const queue = make(1)
    await queue.put(1)
    const controller = new AbortController()
    const put = queue.put(2, { signal: controller.signal })
    queue.tryGet()
    controller.abort()
    await put
    assert.equal(queue.tryGet(), 2)
  })

  check('with a signal that is aborted before, put puts nothing', async () => {
    const queue = make(1)
    await assert.rejects(queue.put(1, { signal: AbortSignal.abort() }), { name: 'AbortError' })
    assert.equal(queue.size, 0)
  })

  check('a size that is made smaller than what it holds lets nothing in until there is room', async () => {
    const queue = make(3)
    for (const item of [1, 2, 3]) await queue.put(item)
    queue.maxSize = 1
    assert.deepEqual([queue.full, queue.size, queue.maxSize], [true, 3, 1])
    const put = queue.put(4)
    for (const size of [2, 1]) {
      queue.tryGet()
      assert.deepEqual([queue.size, queue.statistics().putters], [size, 1])
      assert.throws(() => queue.tryPut(5), QueueFull)
    }
    queue.tryGet()
    await put
    assert.deepEqual([queue.size, queue.full], [1, true])
  })

  check('a size that is made larger lets in as many as there is room for', async () => {
    const queue = make(1)
    await queue.put(1)
    const puts = [2, 3, 4].map(item => queue.put(item))
    queue.maxSize = 3
    await Promise.all(puts.slice(0, 2))
    assert.deepEqual([queue.size, queue.statistics().putters], [3, 1])
    queue.maxSize = 0
    await puts[2]
    assert.deepEqual([queue.size, queue.full], [4, false])
  })

  check('join waits until taskDone was called for every item that was put', async () => {
    const queue = make()
    await queue.join()
    for (const item of [1, 2, 3]) await queue.put(item)
    let joined = false
    const join = queue.join().then(() => (joined = true))
    for (let done = 0; done < 3; done++) {
      await queue.get()
      assert.deepEqual([joined, queue.statistics().joiners], [false, 1])
      queue.taskDone()
      await Promise.resolve()
    }
    await join
    assert.equal(queue.statistics().joiners, 0)
    await Promise.all([queue.join(), queue.join()])
  })

  check('items that still wait for room are not counted by join', async () => {
    const queue = make(1)
    await queue.put(1)
    const put = queue.put(2)
    assert.equal(queue.statistics().unfinished, 1)
    await queue.get()
    await put
    assert.equal(queue.statistics().unfinished, 2)
  })

  check('taskDone for more items than were put is an error', async () => {
    const queue = make(0, { name: 'jobs' })
    const error = {
      name: 'InvalidStateError',
      message: `taskDone() was called more often than items were put into the ${kind} "jobs"`,
    }
    assert.throws(() => queue.taskDone(), error)
    await queue.put(1)
    queue.taskDone()
    assert.throws(() => queue.taskDone(), InvalidStateError)
    assert.equal(queue.statistics().unfinished, 0)
  })

  check('a join whose time is up throws TimeoutError, and a signal ends it', async () => {
    const queue = make(0, { name: 'jobs' })
    for (const item of [1, 2]) await queue.put(item)
    await assert.rejects(queue.join({ timeout: 0 }), { message: `the ${kind} "jobs" has 2 unfinished items` })
    queue.taskDone()
    await assert.rejects(queue.join({ timeout: 3 }), {
      name: 'TimeoutError',
      message: `the ${kind} "jobs" has 1 unfinished item, and still had after 3 ms`,
    })
    const controller = new AbortController()
    const join = queue.join({ signal: controller.signal })
    controller.abort()
    await assert.rejects(join, { name: 'AbortError' })
    assert.equal(queue.statistics().joiners, 0)
    queue.taskDone()
    await queue.join({ timeout: 0 })
    await assert.rejects(queue.join({ signal: AbortSignal.abort() }), { name: 'AbortError' })
    await assert.rejects(queue.join({ timeout: -1 }), RangeError)
  })

  check('after the shutdown of an empty queue put and get throw QueueShutDown', async () => {
    for (const immediate of [false, true]) {
      const queue = make(2, { name: 'jobs' })
      queue.shutdown({ immediate })
      assert.equal(queue.isShutDown, true)
      const refused = {
        name: 'QueueShutDown',
        code: 'ERR_QUEUE_SHUT_DOWN',
        message: `cannot put into the ${kind} "jobs": it was shut down`,
      }
      const ended = { name: 'QueueShutDown', message: `the ${kind} "jobs" was shut down, and has no more items` }
      await assert.rejects(queue.put(1), refused)
      await assert.rejects(queue.put(1, { timeout: 0 }), refused)
      await assert.rejects(queue.put(1, { timeout: 10 }), refused)
      assert.throws(() => queue.tryPut(1), refused)
      await assert.rejects(queue.get(), ended)
      await assert.rejects(queue.get({ timeout: 0 }), ended)
      await assert.rejects(queue.get({ timeout: 10 }), ended)
      assert.throws(() => queue.tryGet(), ended)
      await queue.join()
    }
  })

  check(
    'after a shutdown what it holds can still be taken, then get throws QueueShutDown, not QueueEmpty',
    async () => {
      const queue = make()
      for (const item of [1, 2, 3]) await queue.put(item)
      queue.shutdown()
      await assert.rejects(queue.put(4), QueueShutDown)
      const got = [await queue.get(), queue.tryGet(), await queue.get({ timeout: 10 })]
      assert.deepEqual(
        got.toSorted((a, b) => a - b),
        [1, 2, 3],
      )
      await assert.rejects(queue.get(), QueueShutDown)
      await assert.rejects(queue.get({ timeout: 0 }), QueueShutDown)
      assert.throws(() => queue.tryGet(), QueueShutDown)
    },
  )

  check('an immediate shutdown drops what it holds', async () => {
    const queue = make()
    for (const item of [1, 2]) await queue.put(item)
    queue.shutdown({ immediate: true })
    assert.deepEqual([queue.size, queue.empty, queue.statistics().unfinished], [0, true, 0])
    await assert.rejects(queue.get(), QueueShutDown)
  })

  check('shutdown is one way: from graceful to immediate, and never back', async () => {
    const queue = make()
    for (const item of [1, 2]) await queue.put(item)
    queue.shutdown()
    queue.shutdown()
    assert.equal(queue.size, 2)
    queue.shutdown({ immediate: true })
    assert.equal(queue.size, 0)
    queue.shutdown()
    queue.shutdown({ immediate: false })
    assert.equal(queue.isShutDown, true)
    assert.throws(() => queue.shutdown({ immediate: 'yes' } as never), /immediate must be a boolean, not "yes"/)
  })

  check('those who wait for an item are woken by a shutdown', async () => {
    for (const immediate of [false, true]) {
      const queue = make()
      const gets = [queue.get(), queue.get({ timeout: 30_000 })]
      queue.shutdown({ immediate })
      for (const get of gets) await assert.rejects(get, QueueShutDown)
      assert.equal(queue.statistics().getters, 0)
    }
  })

  check('those who wait for room are woken by a shutdown, and what is held is still given out', async () => {
    for (const immediate of [false, true]) {
      const queue = make(1)
      await queue.put(1)
      const puts = [queue.put(2), queue.put(3, { timeout: 30_000 })]
      const join = queue.join()
      queue.shutdown({ immediate })
      for (const put of puts) await assert.rejects(put, QueueShutDown)
      if (!immediate) {
        assert.equal(await queue.get(), 1)
        assert.equal(queue.statistics().joiners, 1)
        queue.taskDone()
      }
      await assert.rejects(queue.get(), QueueShutDown)
      await join
    }
  })

  check('three get, two items come, then a shutdown: two succeed and one gets QueueShutDown', async () => {
    const queue = make()
    const gets = [queue.get(), queue.get(), queue.get()]
    for (const item of [1, 2]) await queue.put(item)
    queue.shutdown()
    const ends = await Promise.allSettled(gets)
    assert.deepEqual(
      ends.map(end => (end.status === 'fulfilled' ? end.value : (end.reason as Error).name)),
      [1, 2, 'QueueShutDown'],
    )
  })

  check('an immediate shutdown releases join, a graceful one only when all is done', async () => {
    const dropped = make()
    await dropped.put(1)
    const released = dropped.join()
    dropped.shutdown({ immediate: true })
    await released
    const kept = make()
    await kept.put(1)
    const join = kept.join()
    kept.shutdown()
    assert.equal(kept.statistics().joiners, 1)
    await kept.get()
    kept.taskDone()
    await join
  })

  check('an item that was taken but is not done keeps join waiting even after an immediate shutdown', async () => {
    const queue = make()
    for (const item of [1, 2]) await queue.put(item)
    await queue.get()
    const join = queue.join()
    queue.shutdown({ immediate: true })
    assert.deepEqual([queue.statistics().unfinished, queue.statistics().joiners], [1, 1])
    await assert.rejects(queue.join({ timeout: 0 }), TimeoutError)
    queue.taskDone()
    await join
  })

  check('a loop ends when the queue is shut down and has no more items', async () => {
    for (const waits of [false, true]) {
      const queue = make()
      const got: number[] = []
      const loop = (async () => {
        for await (const item of queue) got.push(item)
      })()
      for (const item of [1, 2, 3]) queue.tryPut(item)
      if (waits) {
        while (queue.statistics().getters === 0) await Promise.resolve()
      }
      queue.shutdown()
      await loop
      assert.deepEqual(
        got.toSorted((a, b) => a - b),
        [1, 2, 3],
      )
    }
  })

  check('a shutdown in the middle of many items: everybody ends', async () => {
    for (const immediate of [false, true]) {
      const queue = make(64)
      const [put, got]: [number[], number[]] = [[], []]
      const writers = [0, 1, 2, 3].map(async writer => {
        for (let item = writer; item < 64_000 * share; item += 4) {
          await queue.put(item)
          put.push(item)
          if (put.length === 32_000 * share) queue.shutdown({ immediate })
        }
      })
      const readers = Array.from({ length: 6 }, async () => {
        for (;;) got.push(await queue.get())
      })
      const ends = await Promise.allSettled([...writers, ...readers])
      assert.ok(ends.every(end => end.status === 'rejected' && end.reason instanceof QueueShutDown))
      assert.deepEqual([queue.empty, queue.statistics().putters, queue.statistics().getters], [true, 0, 0])
      assert.equal(new Set(got).size, got.length)
      // A put that resolved was let in, also if its task heard of that only after the end.
      const letIn = new Set(put)
      assert.ok(put.length >= 32_000 * share && got.every(item => letIn.has(item)))
      if (!immediate) assert.equal(got.length, put.length)
    }
  })

  check('tells how many items it can hold and who waits to put when it is printed', async () => {
    const queue = make(2, { name: 'jobs' })
    assert.equal(inspect(queue), `${kind} "jobs" { 0 of 2 items }`)
    for (const item of [1, 2]) await queue.put(item)
    const put = queue.put(3)
    assert.equal(inspect(queue), `${kind} "jobs" { 2 of 2 items, 2 unfinished, 1 putting }`)
    queue.shutdown()
    await assert.rejects(put, QueueShutDown)
    assert.equal(inspect(queue), `${kind} "jobs" { 2 of 2 items, 2 unfinished, shut down }`)
  })

  check('statistics say how many items there are and who waits', async () => {
    const queue = make(1)
    const nothing = { size: 0, maxSize: 1, getters: 0, putters: 0, unfinished: 0, joiners: 0, isShutDown: false }
    assert.deepEqual(queue.statistics(), nothing)
    const gets = [queue.get(), queue.get()]
    assert.deepEqual(queue.statistics(), { ...nothing, getters: 2 })
    for (const item of [1, 2, 3]) await queue.put(item)
    const waiting = [queue.put(4), queue.join()]
    assert.deepEqual(queue.statistics(), { ...nothing, size: 1, putters: 1, unfinished: 3, joiners: 1 })
    await Promise.all(gets)
    queue.shutdown({ immediate: true })
    assert.deepEqual(queue.statistics(), { ...nothing, unfinished: 2, joiners: 1, isShutDown: true })
    queue.taskDone()
    queue.taskDone()
    await Promise.allSettled(waiting)
    assert.throws(() => queue.tryGet(), QueueShutDown)
    assert.ok(!(new QueueShutDown('') instanceof QueueEmpty))
  })
}
