/**
 * mapAsync: however it ends, what ran has been cancelled and waited for, and the inputs are closed.
 *
 * The cases are what people report of libraries for the same purpose: calls that go on after the end (p-map#49), the error
 * of an iterator that leaves rejections behind (p-limit#110, p-map#48), listeners left on a signal (p-map#75,
 * p-timeout#42), aborting what runs and what waits at once (p-queue#168), promises that never settle once a queue is
 * cleared (p-limit#25, p-queue#239), a source that is slow to give its next item (denoland/std#7093).
 */
import assert from 'node:assert/strict'
import { getEventListeners, on, EventEmitter } from 'node:events'
import { PassThrough } from 'node:stream'
import { CancelledError, mapAsync, type MapResults, sleep, TaskGroup, TimeoutError, timeout } from 'multitask'
import { settle } from 'multitask/testing'
import { deaf } from '../conformance/task-group.ts'
import { diary, errorOf, virtually } from '../fixtures/virtual.ts'

interface Scene {
  readonly lines: readonly string[]
  readonly log: (line: string) => void
  /** Each call takes 100 ms, or a second from the third on, and 5 ms to clean up when it is cancelled. */
  readonly call: (index: number) => Promise<number>
  readonly plain: () => Generator<number>
  readonly slow: () => AsyncGenerator<number>
}

function scene(clock: Parameters<typeof diary>[0]): Scene {
  const { lines, log } = diary(clock)
  return {
    lines,
    log,
    async call(index) {
      try {
        return await sleep(index < 2 ? 100 : 1000, index)
      } catch (reason) {
        await deaf(5)
        log(`cleaned up ${index}`)
        throw reason
      }
    },
    *plain() {
      try {
        for (let index = 0; ; index++) yield index
      } finally {
        log('closed')
      }
    },
    async *slow() {
      try {
        for (let index = 0; ; index++) yield sleep(1, index)
      } finally {
        await deaf(1)
        log('closed')
      }
    },
  }
}

/** What stands in the diary when calls 2 and 3 were running at 100 ms. */
const stopped = ['closed @100', 'cleaned up 2 @105', 'cleaned up 3 @105', 'out @105']

virtually('break', async clock => {
  const { lines, log, call, plain } = scene(clock)
  for await (const value of mapAsync(plain(), call, { limit: 2 })) if (value === 1) break
  log('out')
  assert.deepEqual(lines, stopped)
})

virtually('an error in the loop', async clock => {
  const { lines, log, call, plain } = scene(clock)
  const problem = new Error('mine')
  const error = await errorOf(
    (async () => {
      for await (const value of mapAsync(plain(), call, { limit: 2 })) if (value === 1) throw problem
    })(),
  )
  log('out')
  assert.equal(error, problem)
  assert.deepEqual(lines, stopped)
})

virtually('an error of a call, thrown at once or later', async clock => {
  for (const later of [false, true]) {
    const { lines, log, call, plain } = scene(clock)
    const begin = clock.elapsed
    const problem = new Error('mine')
    const failing = async (index: number): Promise<number> => {
      if (index < 4) return call(index)
      await sleep(later ? 10 : 0)
      throw problem
    }
    const thrown = later ? failing : (index: number) => (index < 4 ? call(index) : fail(problem))
    assert.equal(await errorOf(mapAsync(plain(), thrown, { limit: 3 }).toArray()), problem)
    log('out')
    const at = begin + (later ? 110 : 100)
    const end = [`cleaned up 2 @${at + 5}`, `cleaned up 3 @${at + 5}`, `closed @${at}`, `out @${at + 5}`]
    assert.deepEqual(lines.toSorted(), end)
    assert.equal('suppressed' in problem, false)
  }
})

function fail(problem: Error): never {
  throw problem
}

virtually('an error of the inputs, plain and asynchronous; no later error is lost or left unhandled', async clock => {
  const problem = new Error('of the inputs')
  const cleaning = new Error('of cleaning up')
  const call = async (): Promise<never> => {
    await errorOf(sleep(1000))
    throw cleaning
  }
  function* plain(): Generator<number> {
    yield 1
    yield 2
    throw problem
  }
  async function* slow(): AsyncGenerator<number> {
    yield* plain()
  }
  for (const inputs of [plain(), slow()]) {
    assert.equal(await errorOf(mapAsync(inputs, call, { limit: 5 }).toArray()), problem)
    assert.deepEqual((problem as { suppressed?: unknown }).suppressed, [cleaning])
  }
  assert.equal(clock.elapsed, 0)
})

virtually('a signal: what runs and what was not begun, and its reason comes out', async clock => {
  for (const slow of [false, true]) {
    const { lines, log, call, ...inputs } = scene(clock)
    const begin = clock.elapsed
    const controller = new AbortController()
    const reason = new Error('outside')
    const { signal } = controller
    const results = mapAsync(slow ? inputs.slow() : inputs.plain(), index => call(index + 2), { limit: 2, signal })
    const reading = errorOf(results.toArray())
    await sleep(50)
    assert.equal(getEventListeners(signal, 'abort').length, 1)
    controller.abort(reason)
    assert.equal(await reading, reason)
    log('out')
    const closed = `closed @${begin + (slow ? 51 : 50)}`
    assert.deepEqual(lines, [
      closed,
      `cleaned up 2 @${begin + 55}`,
      `cleaned up 3 @${begin + 55}`,
      `out @${begin + 55}`,
    ])
    assert.equal(getEventListeners(signal, 'abort').length, 0)
    assert.equal((await results.next()).done, true)
  }
})

virtually('a signal that is aborted before the first read: nothing begins', async () => {
  const reason = new Error('outside')
  const signal = AbortSignal.abort(reason)
  const results = mapAsync([1], () => assert.fail('it ran'), { limit: 1, signal })
  assert.equal(await errorOf(results.next()), reason)
  assert.equal((await results.next()).done, true)
})

virtually('the scope of the reader: a time limit, a group', async clock => {
  const first = scene(clock)
  const error = await errorOf(timeout(150, () => mapAsync(first.plain(), first.call, { limit: 2 }).toArray()))
  first.log('out')
  assert.ok(error instanceof TimeoutError)
  assert.deepEqual(first.lines, ['closed @150', 'cleaned up 2 @155', 'cleaned up 3 @155', 'out @155'])
  const second = scene(clock)
  await TaskGroup.run(async group => {
    group.spawn(async () => {
      for await (const value of mapAsync(second.plain(), second.call, { limit: 2 })) second.log(`got ${value}`)
    })
    await sleep(150)
    group.cancel()
  })
  second.log('out')
  assert.deepEqual(second.lines.slice(2), ['closed @305', 'cleaned up 2 @310', 'cleaned up 3 @310', 'out @310'])
})

virtually('a scope that is cancelled while the reader does something else: the next read says so', async () => {
  let seen: unknown
  await TaskGroup.run(async group => {
    const results = mapAsync([1, 2, 3, 4, 5, 6], x => x, { limit: 1 })
    await results.next()
    await settle()
    group.cancel('enough')
    seen = await errorOf(results.toArray())
  })
  assert.ok(seen instanceof CancelledError)
  assert.equal(seen.message, 'enough')
})

virtually('what has come before the error, in order, can still be read; what comes behind it cannot', async () => {
  const problem = new Error('mine')
  const results = mapAsync([0, 1, 2, 3, 4], x => (x === 3 ? sleep(10).then(() => fail(problem)) : sleep(1, x)), {
    limit: 5,
  })
  const first = await results.next()
  await sleep(100)
  const rest = [await results.next(), await results.next()]
  assert.deepEqual(
    [first, ...rest].map(({ value }) => value),
    [0, 1, 2],
  )
  assert.equal(await errorOf(results.next()), problem)
  assert.deepEqual(await results.next(), { done: true, value: undefined })
})

virtually('the first error is thrown, those after it are in its `suppressed`', async () => {
  const errors = [0, 1, 2, 3].map(index => new Error(`of call ${index}`))
  const error = (await errorOf(
    mapAsync(
      errors,
      (each, { signal }) =>
        sleep(10, undefined, { signal })
          .catch(() => {})
          .then(() => fail(each)),
      {
        limit: 4,
      },
    ).toArray(),
  )) as Error & { suppressed: unknown }
  assert.equal(error, errors[0])
  assert.deepEqual(error.suppressed, errors.slice(1))
})

virtually('errors of cleaning up come out of the loop that was left, and of disposal', async () => {
  const cleaning = new Error('of cleaning up')
  const open = (): MapResults<number> =>
    mapAsync([0, 1], x => (x === 0 ? 0 : sleep(1000, 1).catch(() => fail(cleaning))), { limit: 2 })
  const left = await errorOf(
    (async () => {
      for await (const value of open()) if (value === 0) break
    })(),
  )
  assert.equal(left, cleaning)
  const disposed = open()
  await disposed.next()
  assert.equal(await errorOf(disposed[Symbol.asyncDispose]()), cleaning)
  const closing = new Error('of closing')
  function* inputs(): Generator<number> {
    try {
      yield* [0, 1, 2]
    } finally {
      fail(closing)
    }
  }
  const results = mapAsync(inputs(), x => x, { limit: 1, bufferSize: 1 })
  await results.next()
  assert.equal(await errorOf(results.return()), closing)
  assert.equal((await results.return()).done, true)
})

virtually('a failure that nobody has read comes out of return(), once', async () => {
  const problem = new Error('mine')
  const results = mapAsync([0, 1], x => (x === 0 ? 0 : fail(problem)), { limit: 1 })
  assert.equal((await results.next()).value, 0)
  assert.equal(await errorOf(results.return()), problem)
  assert.equal((await results.return()).done, true)
})

virtually('who waits when it is left is told that nothing is left', async () => {
  const results = mapAsync([1], () => sleep(1000), { limit: 1 })
  const waiting = [results.next(), results.next()]
  await results.return()
  assert.deepEqual(
    (await Promise.all(waiting)).map(({ done }) => done),
    [true, true],
  )
})

virtually(
  'an AbortError or a CancelledError of a call is a failure as long as nobody has cancelled the map',
  async () => {
    for (const problem of [new DOMException('not ours', 'AbortError'), new CancelledError('of something else')]) {
      assert.equal(await errorOf(mapAsync([1], () => fail(problem), { limit: 1 }).toArray()), problem)
    }
  },
)

virtually('a call that is deaf is waited for', async clock => {
  for await (const value of mapAsync([0, 1], x => (x === 0 ? 0 : deaf(70)), { limit: 2 })) {
    assert.equal(value, 0)
    break
  }
  assert.equal(clock.elapsed, 70)
})

virtually(
  'an input that is awaited: a generator of ours is cancelled, a stream is torn down, others are told',
  async () => {
    let closed = 0
    async function* waiting(): AsyncGenerator<number> {
      try {
        yield 0
        yield sleep(1_000_000, 1)
      } finally {
        closed++
      }
    }
    const stream = new PassThrough({ objectMode: true })
    stream.write(0)
    const emitter = new EventEmitter()
    const events = on(emitter, 'news')
    emitter.emit('news', 0)
    const told: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => {
        let count = 0
        return {
          next: () => (count++ === 0 ? Promise.resolve({ done: false, value: 0 }) : new Promise(() => {})),
          return: () => Promise.resolve({ done: true, value: closed++ }),
        }
      },
    }
    for (const inputs of [waiting(), stream, events, told] as AsyncIterable<unknown>[]) {
      for await (const value of mapAsync(inputs, () => 'got it', { limit: 2 })) {
        assert.equal(value, 'got it')
        await settle()
        break
      }
    }
    assert.equal(closed, 2)
    assert.equal(stream.destroyed, true)
    assert.equal(emitter.listenerCount('news'), 0)
  },
)

virtually('inputs that have ended or thrown are not closed as well', async () => {
  for (const last of [() => ({ done: true, value: 0 }) as const, () => fail(new Error('mine'))]) {
    let closed = 0
    let count = 0
    const inputs: Iterable<number> = {
      [Symbol.iterator]: () => ({
        next: () => (count++ < 2 ? { done: false, value: count } : last()),
        return: () => ({ done: true, value: closed++ }),
      }),
    }
    await mapAsync(inputs, x => x, { limit: 2 })
      .toArray()
      .catch(() => {})
    assert.equal(closed, 0)
  }
})

virtually('a thousand maps leave nothing on a signal that they share', async () => {
  const { signal } = new AbortController()
  for (let i = 0; i < 1000; i++) {
    const results = mapAsync([1, 2, 3], x => x, { limit: 1, bufferSize: 1, signal })
    await results.next()
    if (i % 2 === 0) await results.return()
  }
  assert.equal(getEventListeners(signal, 'abort').length, 0)
})
