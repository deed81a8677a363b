/**
 * The doorbell: a word by which a parent asks its workers for one wake-up, and which the first of them takes back.
 * How it is rung, and why no ring is lost, is in connection.ts.
 */
import { load, sharedWords, store } from '../memory/atomics.ts'

/** The second word of the doorbell's memory: how often an idle worker looks for a call before it sleeps. */
export const SPINS = 1

/** The third: the serial of the call for which the parent is blocked without a time limit, or 0. */
export const BLOCKED_FOR = 2

// States of the doorbell.
export const QUIET = 0
/** The parent's event loop waits for a message. */
export const ARMED = 1
/** The parent's thread is blocked on the doorbell. */
export const BLOCKED = 2

/** The doorbell as its owner sees it. */
export class Doorbell {
  readonly #words: Int32Array<SharedArrayBuffer> = sharedWords(3)

  get memory(): SharedArrayBuffer {
    return this.#words.buffer
  }

  /** Sets how often an idle worker looks for a call before it sleeps. */
  letWorkersSpin(looks: number): void {
    if (load(this.#words, SPINS) !== looks) store(this.#words, SPINS, looks)
  }

  /** Asks for one message with the next result. The rings have to be looked at once more after this. */
  arm(): void {
    store(this.#words, 0, ARMED)
  }

  disarm(): void {
    store(this.#words, 0, QUIET)
  }

  /** Says for which call the parent is about to be blocked for as long as it takes; 0 for none. */
  sayBlockedFor(serial: number): void {
    store(this.#words, BLOCKED_FOR, serial)
  }

  /** Asks for a notify instead, and returns the word to sleep on. The rings have to be looked at once more before. */
  block(): { readonly words: Int32Array; readonly index: number; readonly value: number } {
    store(this.#words, 0, BLOCKED)
    return { words: this.#words, index: 0, value: BLOCKED }
  }
}
