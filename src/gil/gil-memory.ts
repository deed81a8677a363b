/** What is where in the memory of a Gil. */
import { add, load } from '../memory/atomics.ts'
import { threadName } from '../memory/thread-table.ts'

/** The identity of the thread that holds it, or 0. */
export const HOLDER = 0
/** Somebody has waited for a whole interval: whoever holds it is to let go of it. */
export const DROP = 1
/** How often it was taken. */
export const TAKEN = 2
/** How often it was let go of because it was asked for, and because its holder blocked or was done. */
export const FORCED = 3
export const VOLUNTARY = 4
/** How many ms all threads together have waited for it. */
export const WAITED = 5
const LOG = 6
/** The last so many takings are kept. */
const KEPT = 1024
const ENTRY = 2
export const GIL_WORDS: number = LOG + KEPT * ENTRY

/** From when a thread has held the GIL. */
export interface Holding {
  /** The name of the thread. */
  readonly thread: string
  /** In ms since the first one of the list. */
  readonly at: number
}

/** Notes that the thread has taken it: its number among all takings decides where. */
export function noteTaking(words: Int32Array, identity: number): void {
  const at = LOG + (add(words, TAKEN, 1) % KEPT) * ENTRY
  words[at] = identity
  // In microseconds of a clock that all threads share, of which 31 bits are kept: half an hour.
  words[at + 1] = Math.floor((performance.timeOrigin + performance.now()) * 1000) & 0x7fffffff
}

/** Who held it when, the last takings, in their order. */
export function timeline(words: Int32Array): Holding[] {
  const taken = load(words, TAKEN)
  const first = Math.max(0, taken - KEPT)
  const entry = (number: number): number => LOG + (number % KEPT) * ENTRY
  const began = words[entry(first) + 1] ?? 0
  return Array.from({ length: taken - first }, (_, index) => {
    const at = entry(first + index)
    return { thread: threadName(words[at]!), at: ((words[at + 1]! - began) & 0x7fffffff) / 1000 }
  })
}
