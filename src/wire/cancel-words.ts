/** Words of shared memory by which a task that is busy in a loop can see that it was asked to stop. */
import { load, store } from '../memory/atomics.ts'

/** How many requests are remembered. */
const MOST = 15
/** A count of the requests, and behind it the serials of the calls that were asked last. */
export const CANCEL_WORDS: number = 1 + MOST

/** Notes a request. Only one thread does so. `at`: where the words begin. */
export function noteCancel(words: Int32Array, at: number, serial: number): void {
  const count = load(words, at)
  store(words, at + 1 + (count % MOST), serial)
  store(words, at, count + 1)
}

/** Whether a call was asked to stop lately. */
export function isNoted(words: Int32Array, at: number, serial: number): boolean {
  for (let i = 1; i <= MOST; i++) if (load(words, at + i) === serial) return true
  return false
}
