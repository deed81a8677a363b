/** The words by which the two ends of a connection tell each other how far they are, each on a cache line of its own. */

export const CALL_TAIL: number = 0
export const CALL_HEAD: number = 16
export const RESULT_TAIL: number = 32
export const RESULT_HEAD: number = 48
/** AWAKE, or `sleepOn` the tail that the worker sleeps on. */
export const ASLEEP: number = 64
/** The requests to stop (cancel-words.ts), as many words as there are up to the next. */
export const CANCELS: number = 80
/** Not 0 while the worker waits for room in the ring of results. */
export const FULL: number = 96
/** 0 while the worker lives, then its exit code and 1: for a parent whose event loop cannot tell because it is blocked. */
export const GONE: number = 112
/** Counts what a worker has to look at that is blocked for the event loop of its parent: it sleeps on this word. */
export const NEWS: number = 128
export const CONTROL_WORDS: number = 144

// What is in the word ASLEEP.
export const AWAKE = 0

/** Never AWAKE, and another for each tail that can be met in one round of the ring. */
export function sleepOn(tail: number): number {
  return (tail << 1) | 1
}
