/**
 * park: how a thread or a task waits on a word of shared memory. Everything that waits here waits through this file.
 *
 * A blocking algorithm is written once, as a generator that yields each sleep, and driven in one of two ways: `runSync`
 * blocks the thread at each yield, `runAsync` awaits. (A checker drives it a third way, through the atomics' hook.)
 *
 * The ancestors are the futex and WebKit's parking lot. What their callers must know holds here too: a wake-up says
 * only that the word *may* have changed. `Atomics.wait` can return 'ok' for the notify of an earlier round (measured:
 * thousands in 120 000 ping-pongs), so every algorithm looks at the word again in a loop.
 */
import { notify, wait, waitAsync } from './atomics.ts'
import { holdAlive, letGo } from './keep-alive.ts'

/** One sleep: as long as `words[index]` is `value`. */
interface Park {
  readonly words: Int32Array
  readonly index: number
  readonly value: number
}

/** A blocking algorithm. It is resumed with `false` when its time is up, and then has to end without sleeping again. */
export type Blocking<T> = Generator<Park, T, boolean>

export interface ParkOptions {
  /** In ms. Missing or Infinity waits for ever, 0 does not wait. */
  readonly timeout?: number | undefined
  /** Ends the wait with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** Blocks this thread while the word has that value. Returns false if `timeout` ms went by. */
export function parkSync(words: Int32Array, index: number, value: number, timeout: number = Infinity): boolean {
  return wait(words, index, value, timeout) !== 'timed-out'
}

/** Awaits while the word has that value. Resolves to false when the time is up; rejects with the signal's reason. */
export function parkAsync(
  words: Int32Array,
  index: number,
  value: number,
  options: ParkOptions = {},
): Promise<boolean> {
  const { signal, timeout = Infinity } = options
  if (signal?.aborted === true) return Promise.reject(signal.reason as Error)
  const sleep = waitAsync(words, index, value, timeout)
  if (typeof sleep === 'string') return Promise.resolve(sleep !== 'timed-out')
  holdAlive()
  if (signal === undefined) return sleep.then(wakeUp)
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      letGo()
      // The sleep itself cannot be taken back: it stays in the list of waiters and will swallow one wake-up, which
      // was meant for somebody who still waits. Whatever reaches it goes on to the next.
      void sleep.then(result => {
        if (result === 'ok') notify(words, index, 1)
      })
      reject(signal.reason as Error)
    }
    signal.addEventListener('abort', abort, { once: true })
    void sleep.then(result => {
      if (signal.aborted) return
      signal.removeEventListener('abort', abort)
      resolve(wakeUp(result))
    })
  })
}

/** Runs `steps`, blocking this thread at each park. `timeout` in ms is one deadline for all of them. */
export function runSync<T>(steps: Blocking<T>, timeout: number = Infinity): T {
  const deadline = timeout === Infinity ? Infinity : performance.now() + timeout
  let step = steps.next()
  while (step.done !== true) {
    const { words, index, value } = step.value
    step = steps.next(parkSync(words, index, value, Math.max(0, deadline - performance.now())))
  }
  return step.value
}

/** Runs `steps`, awaiting at each park. When the signal aborts, `steps` is ended (its `finally` runs) and the reason thrown. */
export async function runAsync<T>(steps: Blocking<T>, options: ParkOptions = {}): Promise<T> {
  const { signal, timeout = Infinity } = options
  const deadline = timeout === Infinity ? Infinity : performance.now() + timeout
  let step = steps.next()
  while (step.done !== true) {
    const { words, index, value } = step.value
    let awake: boolean
    try {
      awake = await parkAsync(words, index, value, { signal, timeout: Math.max(0, deadline - performance.now()) })
    } catch (reason) {
      steps.return(undefined as T)
      throw reason
    }
    step = steps.next(awake)
  }
  return step.value
}

function wakeUp(result: 'ok' | 'timed-out'): boolean {
  letGo()
  return result !== 'timed-out'
}
