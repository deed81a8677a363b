/** sleep: a wait for nothing but time, by the clock of the library. */
import { onInterruption, throwIfInterrupted } from '../limits/interruption.ts'
import { abortSignal, checkOptions } from '../options/option-rules.ts'
import { checkTimeout } from '../options/timeout.ts'
import { nextTurn } from '../platform/turns.ts'

export interface SleepOptions {
  /** Ends the sleep with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

let givingWay = 0

/** How many have begun a `sleep(0)` that is not over. */
export function countGivingWay(): number {
  return givingWay
}

const rules = { signal: abortSignal }

/**
 * Resolves to `value` after so many ms. 0 gives all others one turn; Infinity never ends by itself.
 * Rejects with the reason when the signal aborts or the task is cancelled; its timer is gone then.
 */
export async function sleep<T = void>(milliseconds: number, value?: T, options?: SleepOptions): Promise<T> {
  checkTimeout(milliseconds, 'the time to sleep')
  const signal = options === undefined ? undefined : checkOptions(options, rules, 'sleep()').signal
  throwIfInterrupted(signal)
  await new Promise<void>((resolve, reject) => {
    let over = false
    const end = (settle: () => void): void => {
      if (over) return
      over = true
      release()
      settle()
    }
    const wake = (): void => end(resolve)
    const fail: (error: Error) => void = reject
    const stop = (reason: unknown): void => end(() => fail(reason as Error))
    const release = onInterruption(milliseconds || Infinity, signal, wake, stop, label(milliseconds))
    if (milliseconds === 0) {
      givingWay++
      nextTurn(() => {
        givingWay--
        wake()
      })
    }
  })
  return value as T
}

function label(milliseconds: number): string {
  return milliseconds === Infinity ? 'sleep without end' : `sleep of ${milliseconds} ms`
}
