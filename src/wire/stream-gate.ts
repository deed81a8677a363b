/**
 * The gate: how calls that were sent to a process are taken back while its thread is busy.
 *
 * A second thread of the process, the watchdog, hears the parent at any time; this word is all that it shares with the
 * thread that runs the calls. It counts the calls that were begun. The worker counts by a compare-and-exchange before each
 * call. To take calls back, the watchdog first says up to which count they were sent, then sets the mark FROZEN in the same
 * word, and reads there how many were begun: no other will be, because the worker's exchange fails. When the worker finds
 * the mark it steps over all up to that count.
 *
 * Why no call is begun and taken back: both go through the one word. Why none is lost: the worker says that it has stepped
 * over them (which takes the mark away) before it reads the count for the last time, and the watchdog writes the count
 * before it sets the mark; if the worker has missed a new count, the mark is set after it and stops it again.
 */
import { compareExchange, load, or, store } from '../memory/atomics.ts'
import { CANCEL_WORDS } from './cancel-words.ts'
import { COUNT_MASK } from './sent-calls.ts'

const GATE = 0
const UP_TO = 1
/** Behind them the requests to stop (cancel-words.ts). */
export const CANCELS = 2
/** What the watchdog shares with the worker. */
export const WATCHDOG_WORDS: number = CANCELS + CANCEL_WORDS
const FROZEN = ~COUNT_MASK

/** For the watchdog: takes back the calls from the first that was not begun up to the count. Returns that of the first. */
export function takeBackUpTo(words: Int32Array, count: number): number {
  store(words, UP_TO, count)
  return or(words, GATE, FROZEN) & COUNT_MASK
}

/** For the worker. */
export class Gate {
  readonly #words: Int32Array
  /** Calls that have passed it, one way or another. */
  #passed = 0
  /** Calls up to this count were taken back; -1 if none was. */
  #upTo = -1

  constructor(words: Int32Array) {
    this.#words = words
  }

  /** Whether the next call may begin. */
  open(): boolean {
    const count = this.#passed
    this.#passed = (count + 1) & COUNT_MASK
    for (;;) {
      if (this.#upTo >= 0 && count !== this.#upTo) return false
      this.#upTo = -1
      if (compareExchange(this.#words, GATE, count, this.#passed) === count) return true
      this.#stepOver()
    }
  }

  #stepOver(): void {
    do {
      this.#upTo = load(this.#words, UP_TO)
      store(this.#words, GATE, this.#upTo)
    } while (load(this.#words, UP_TO) !== this.#upTo)
  }
}
