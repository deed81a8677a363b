/**
 * park: how a thread or a task waits on one word of shared memory. (Locks and the like, for which many wait of whom some
 * may be killed, wait in the parking lot.)
 *
 * The ancestors are the futex and WebKit's parking lot. What their callers must know holds here too: a wake-up says
 * only that the word *may* have changed. `Atomics.wait` can return 'ok' for the notify of an earlier round (measured:
 * thousands in 120 000 ping-pongs), so every algorithm looks at the word again in a loop.
 */
import { notify, wait, waitAsync } from './atomics.ts'
import { holdAlive, letGo } from './keep-alive.ts'

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

function wakeUp(result: 'ok' | 'timed-out'): boolean {
  letGo()
  return result !== 'timed-out'
}
