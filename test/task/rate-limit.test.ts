/**
 * rateLimit: at most so many starts in any interval.
 *
 * The cases are what people report of libraries for the same purpose: more calls in an interval than allowed after a pause
 * (p-throttle#26, #49), a delay into a new interval that is free (p-queue#251), memory that fills because nobody can give
 * up waiting (p-throttle#2, throttled-queue#17).
 */
import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { mapAsync, rateLimit, sleep, TaskGroup, TimeoutError, timeout, waiters } from 'multitask'
import { settle } from 'multitask/testing'
import { errorOf, virtually } from '../fixtures/virtual.ts'
import { runProgram } from '../fixtures/run-program.ts'
import { test } from 'node:test'

virtually(
  'so many start at once, the next ones when the interval is over, in the order in which they asked',
  async clock => {
    const limit = rateLimit({ limit: 2, interval: 100 })
    const starts: string[] = []
    await Promise.all(
      [0, 1, 2, 3, 4].map(async index => {
        await limit.acquire()
        starts.push(`${index} @${clock.elapsed}`)
      }),
    )
    assert.deepEqual(starts, ['0 @0', '1 @0', '2 @100', '3 @100', '4 @200'])
  },
)

virtually('in no interval of that length are there more, whenever they come', async clock => {
  const limit = rateLimit({ limit: 3, interval: 100 })
  const starts: number[] = []
  const begin = limit.wrap(() => void starts.push(clock.elapsed))
  let seed = 7
  await TaskGroup.run(async group => {
    for (let i = 0; i < 60; i++) {
      seed = (seed * 1103515245 + 12345) % 2147483648
      await sleep(seed % 53)
      for (let burst = seed % 3; burst >= 0; burst--) group.spawn(() => begin())
    }
  })
  assert.ok(starts.length > 60)
  starts.forEach((start, index) => {
    const third = starts[index + 3]
    assert.ok(third === undefined || third - start >= 100, `${start} to ${third}`)
  })
})

virtually(
  'an interval that is free lets start at once, also if the last start came late in the one before',
  async clock => {
    const limit = rateLimit({ limit: 2, interval: 1000 })
    await limit.acquire()
    await sleep(600)
    await limit.acquire()
    await sleep(500)
    await limit.acquire()
    assert.equal(clock.elapsed, 1100)
    await limit.acquire()
    assert.equal(clock.elapsed, 1600)
  },
)

virtually('who gives up gives his place back: by cancellation, by a signal, by time', async clock => {
  const limit = rateLimit({ limit: 1, interval: 100 })
  await limit.acquire()
  const controller = new AbortController()
  const reason = new Error('outside')
  const bySignal = errorOf(limit.acquire({ signal: controller.signal }))
  const byTime = errorOf(limit.acquire({ timeout: 30 }))
  const byScope = errorOf(timeout(20, () => limit.acquire()))
  let got = -1
  const last = limit.acquire().then(() => (got = clock.elapsed))
  controller.abort(reason)
  assert.equal(await bySignal, reason)
  assert.equal(getEventListeners(controller.signal, 'abort').length, 0)
  assert.ok((await byScope) instanceof TimeoutError)
  const late = (await byTime) as Error
  assert.ok(late instanceof TimeoutError)
  assert.equal(late.message, 'no turn within 30 ms in the rate limit of 1 in 100 ms')
  await last
  assert.equal(got, 100)
})

virtually('when all have given up, no alarm is left', async clock => {
  const limit = rateLimit({ limit: 1, interval: 1000 })
  await limit.acquire()
  const controller = new AbortController()
  const waiting = [1, 2].map(() => errorOf(limit.acquire({ signal: controller.signal })))
  controller.abort()
  await Promise.all(waiting)
  await settle(10)
  assert.equal(clock.elapsed, 0)
  assert.equal(limit.statistics().waiting, 0)
  assert.deepEqual(waiters(), [])
})

virtually('tryAcquire and timeout 0 take what is free, and overtake nobody', async clock => {
  const limit = rateLimit({ limit: 1, interval: 100 })
  assert.equal(limit.tryAcquire(), true)
  assert.equal(limit.tryAcquire(), false)
  const error = (await errorOf(limit.acquire({ timeout: 0 }))) as Error
  assert.equal(error.message, 'no start is free in the rate limit of 1 in 100 ms')
  const waiting = limit.acquire()
  await sleep(99)
  assert.deepEqual(limit.statistics(), { limit: 1, interval: 100, waiting: 1, free: 0 })
  await waiting
  assert.equal(limit.tryAcquire(), false)
  await sleep(100)
  assert.deepEqual(limit.statistics(), { limit: 1, interval: 100, waiting: 0, free: 1 })
  await limit.acquire({ timeout: 0 })
  assert.equal(clock.elapsed, 200)
})

virtually('a wrapped function keeps its arguments, its `this`, its value and its error', async clock => {
  const limit = rateLimit({ limit: 1, interval: 10 })
  const counter = {
    by: 2,
    times: limit.wrap(function (this: { by: number }, x: number): number {
      if (x === 0) throw new RangeError('nothing')
      return x * this.by
    }),
  }
  assert.equal(await counter.times(4), 8)
  assert.ok((await errorOf(counter.times(0))) instanceof RangeError)
  assert.equal(clock.elapsed, 10)
  const values = await mapAsync([1, 2, 3], x => counter.times(x), { limit: 3 }).toArray()
  assert.deepEqual(values, [2, 4, 6])
  assert.equal(clock.elapsed, 40)
})

virtually('in a cancelled scope nothing starts', async () => {
  const limit = rateLimit({ limit: 5, interval: 100 })
  await TaskGroup.run(async group => {
    group.cancel('enough')
    assert.equal(((await errorOf(limit.acquire())) as Error).message, 'enough')
    assert.equal(limit.statistics().free, 5)
  })
})

virtually('what is wrong with the call is one sentence', async () => {
  const cases: [() => unknown, string][] = [
    [() => rateLimit(undefined as never), 'the options of rateLimit() must be an object, not undefined'],
    [() => rateLimit({ interval: 1 } as never), 'rateLimit needs a limit: how many starts there may be in an interval'],
    [() => rateLimit({ limit: 1 } as never), 'rateLimit needs an interval, in milliseconds'],
    [() => rateLimit({ limit: 0, interval: 1 }), 'limit must be a whole number from 1, not 0'],
    [() => rateLimit({ limit: 1, interval: 0 }), 'interval must be more than 0 and finite, not 0'],
    [() => rateLimit({ limit: 1, interval: NaN }), 'interval must be more than 0 and finite, not NaN'],
    [() => rateLimit({ limit: 1, interval: '1s' as never }), 'interval must be a number of milliseconds, not "1s"'],
    [
      () => rateLimit({ limit: 1, interval: 1 }).wrap(Promise.resolve() as never),
      'wrap takes a function, not a promise: what runs already can neither be cancelled nor owned; pass a function that begins it',
    ],
  ]
  for (const [call, message] of cases) assert.throws(call, { message })
  const limit = rateLimit({ limit: 1, interval: 1 })
  await assert.rejects(limit.acquire({ timeout: -1 }), { message: 'timeout must be 0 or more milliseconds, not -1' })
})

void test('an idle limit does not keep the program alive', async () => {
  const { code, stdout, stderr } = await runProgram('task-programs/idle-rate-limit.ts')
  assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: 'last line\n', stderr: '' })
})
