/**
 * retry: tries again, with pauses, and never what was cancelled.
 *
 * The cases are what people report of libraries for the same purpose: a signal that is heard only when the pause is over
 * (p-retry#97, vercel/ai#7656), listeners left on it (p-retry#71), earlier errors that nobody can see, pauses that grow
 * past all measure.
 */
import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import {
  CancelledError,
  dumpTasks,
  type RetryContext,
  type RetryOptions,
  retry,
  sleep,
  TaskGroup,
  TimeoutError,
  timeout,
} from 'multitask'
import { errorOf, virtually } from '../fixtures/virtual.ts'

/** Fails so often, then gives 'value'. */
function failing(times: number): ((context: RetryContext) => string) & { readonly errors: Error[] } {
  const errors: Error[] = []
  const fn = ({ attempt }: RetryContext): string => {
    if (attempt > times) return 'value'
    const error = new Error(`of try ${attempt}`)
    errors.push(error)
    throw error
  }
  return Object.assign(fn, { errors })
}

const even: RetryOptions = { jitter: 0 }

/** The pauses of a call that is tried five times. */
const pausesOf = async (options: RetryOptions): Promise<number[]> => {
  const pauses: number[] = []
  await errorOf(retry(failing(99), { retries: 4, onRetry: (_, { delay }) => void pauses.push(delay), ...options }))
  return pauses
}

/** The square of the number of the try. */
const after = (error: unknown, attempt: number): number => attempt * Number((error as Error).message.at(-1))

const never = (): void => assert.fail('it ran')

virtually('it is tried again until it succeeds, with pauses that double', async clock => {
  const pauses: number[] = []
  const value = await retry(failing(3), { ...even, onRetry: (_, { delay }) => void pauses.push(delay) })
  assert.equal(value, 'value')
  assert.deepEqual(pauses, [100, 200, 400])
  assert.equal(clock.elapsed, 700)
  assert.equal(await retry(() => 'at once'), 'at once')
})

virtually('when no try is left the last error is thrown, with those before it in `suppressed`', async () => {
  const fn = failing(9)
  const error = (await errorOf(retry(fn))) as { suppressed: unknown }
  assert.equal(fn.errors.length, 4)
  assert.equal(error, fn.errors[3])
  assert.deepEqual(error.suppressed, fn.errors.slice(0, 3))
  const alone = failing(9)
  const only = await errorOf(retry(alone, { retries: 0 }))
  assert.equal(only, alone.errors[0])
  assert.equal('suppressed' in alone.errors[0]!, false)
})

virtually('one and the same error, a frozen one, or none at all: thrown as it is', async () => {
  for (const problem of [new Error('same'), Object.freeze(new Error('frozen')), 'text', undefined]) {
    let tries = 0
    const fn = (): never => {
      tries++
      throw problem
    }
    assert.equal(await errorOf(retry(fn, { retries: 2 })), problem)
    assert.equal(tries, 3)
    assert.equal(Object.hasOwn(Object(problem) as object, 'suppressed'), false)
  }
})

virtually('pauses: factor, the most, jitter by numbers that are given', async () => {
  assert.deepEqual(await pausesOf({ ...even, delay: 10, factor: 3, maxDelay: 100 }), [10, 30, 90, 100])
  assert.deepEqual(await pausesOf({ ...even, delay: 10, factor: 1 }), [10, 10, 10, 10])
  assert.deepEqual(await pausesOf({ delay: 0, factor: 1e200 }), [0, 0, 0, 0])
  assert.deepEqual(await pausesOf({ ...even, factor: 1e200, maxDelay: 50 }), [50, 50, 50, 50])
  assert.deepEqual(await pausesOf({ jitter: 1, random: () => 0.75 }), [25, 50, 100, 200])
  assert.deepEqual(await pausesOf({ random: () => 0.5 }), [75, 150, 300, 600])
  for (const pause of await pausesOf({ factor: 1 })) assert.ok(pause > 50 && pause <= 100)
  assert.deepEqual(await pausesOf({ delay: after, maxDelay: 10 }), [1, 4, 9, 10])
})

virtually('retryIf says which errors are worth it, at once or later', async () => {
  const fn = failing(9)
  const error = await errorOf(retry(fn, { retryIf: (_, attempt) => attempt < 2 }))
  assert.equal(error, fn.errors[1])
  assert.equal(await retry(failing(2), { retryIf: () => Promise.resolve(true) }), 'value')
  const asked = new Error('of retryIf')
  const failed = failing(9)
  const thrown = await errorOf(
    retry(failed, {
      retryIf: () => {
        throw asked
      },
    }),
  )
  assert.equal(thrown, asked)
})

virtually('what onRetry or delay throws ends the tries, with what failed before in `suppressed`', async () => {
  const problem = new Error('of the callback')
  const callback = (): never => {
    throw problem
  }
  for (const options of [{ onRetry: callback }, { delay: callback }, { onRetry: () => Promise.reject(problem) }]) {
    const fn = failing(9)
    const error = (await errorOf(retry(fn, options))) as { suppressed?: unknown }
    assert.equal(error, problem)
    assert.ok((error.suppressed as unknown[]).includes(fn.errors[0]))
    delete error.suppressed
  }
  const bad = (await errorOf(retry(failing(9), { delay: () => -1 }))) as Error
  assert.equal(bad.message, 'the delay must be 0 or more milliseconds, not -1')
})

virtually(
  'a signal ends the pause at once, and the work; its reason comes out, and no listener is left',
  async clock => {
    const reason = new Error('outside')
    for (const work of [failing(9), () => sleep(10_000)]) {
      const controller = new AbortController()
      const { signal } = controller
      const running = errorOf(retry<unknown>(work, { ...even, delay: 10_000, signal }))
      const begin = clock.elapsed
      await sleep(50)
      controller.abort(reason)
      assert.equal(await running, reason)
      assert.equal(clock.elapsed - begin, 50)
      assert.equal(getEventListeners(signal, 'abort').length, 0)
    }
    assert.equal('suppressed' in reason, false)
    assert.equal(await errorOf(retry(() => assert.fail('it ran'), { signal: AbortSignal.abort(reason) })), reason)
    const { signal } = new AbortController()
    for (let i = 0; i < 20; i++) await retry(failing(1), { delay: 1, signal })
    assert.equal(getEventListeners(signal, 'abort').length, 0)
  },
)

virtually('a cancelled scope: a time limit ends the pause, a group is never retried in', async clock => {
  const error = await errorOf(timeout(250, () => retry(failing(99), { ...even, retries: Infinity, factor: 1 })))
  assert.ok(error instanceof TimeoutError)
  assert.equal(clock.elapsed, 250)
  let tries = 0
  await TaskGroup.run(async group => {
    group.spawn(() =>
      retry(async () => {
        tries++
        await sleep(1000)
      }),
    )
    await sleep(10)
    group.cancel()
  })
  assert.equal(tries, 1)
})

virtually('a cancellation is not retried, whoever was cancelled; a time limit that was up is', async () => {
  const asked: unknown[] = []
  const retryIf = (error: unknown): boolean => asked.push(error) > 0
  for (const problem of [new CancelledError(), new DOMException('aborted', 'AbortError')]) {
    let tries = 0
    const fn = (): never => {
      tries++
      throw problem
    }
    assert.equal(await errorOf(retry(fn, { retryIf })), problem)
    assert.equal(tries, 1)
  }
  assert.deepEqual(asked, [])
  let tries = 0
  const value = await retry(() => timeout(50, () => sleep(++tries < 3 ? 1000 : 0, 'value')), { retryIf })
  assert.equal(value, 'value')
})

virtually('an error of cleaning up after the cancellation comes out, and is not retried', async () => {
  const problem = new Error('of cleaning up')
  let tries = 0
  const error = await errorOf(
    timeout(10, () =>
      retry(async () => {
        tries++
        await sleep(1000).catch(() => {
          throw problem
        })
      }),
    ),
  )
  assert.equal(error, problem)
  assert.equal(tries, 1)
})

virtually('its context has the number of the try, a signal and a name, and copies as a bag of options', async () => {
  const seen: unknown[] = []
  await retry(
    context => {
      seen.push(context.attempt)
      assert.deepEqual(Object.keys(context), ['signal'])
      assert.ok({ ...context }.signal instanceof AbortSignal)
      assert.equal(context.name, 'fetch')
      assert.match(dumpTasks(), /^retry "fetch": running/)
      if (context.attempt < 3) throw new Error('again')
    },
    { name: 'fetch' },
  )
  assert.deepEqual(seen, [1, 2, 3])
})

virtually('what is wrong with the call is one sentence', async () => {
  const cases: [unknown, RetryOptions, string][] = [
    [
      Promise.resolve(),
      {},
      'retry takes a function, not a promise: what runs already can neither be cancelled nor owned; pass a function that begins it',
    ],
    [never, { retries: -1 }, 'retries must be a whole number from 0, not -1'],
    [never, { delay: -1 }, 'delay must be 0 or more milliseconds, not -1'],
    [never, { delay: '1s' as never }, 'delay must be a number of milliseconds, not "1s"'],
    [never, { factor: 0.5 }, 'factor must be 1 or more, not 0.5'],
    [never, { factor: Infinity }, 'factor must be 1 or more, not Infinity'],
    [never, { maxDelay: NaN }, 'maxDelay must be 0 or more milliseconds, not NaN'],
    [never, { jitter: 2 }, 'jitter must be from 0 to 1, not 2'],
    [never, { jitter: true as never }, 'jitter must be a number, not true'],
    [never, { retryIf: true as never }, 'retryIf must be a function, not true'],
    [
      never,
      { attempts: 3 } as never,
      '"attempts" is not an option of retry(): it knows delay, factor, maxDelay, jitter, random, retries, retryIf, onRetry, signal, name',
    ],
  ]
  for (const [work, options, message] of cases) await assert.rejects(retry(work as never, options), { message })
})
