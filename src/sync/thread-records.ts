/**
 * Records: a few words of shared memory for each thread, which say whose they are.
 *
 * What is counted by thread can be put right when a thread has ended: its record is all that it leaves behind. A record
 * has the place of its thread in the thread table, and is used again with it, so its first word is the identity of the
 * thread. That is of no other thread before or after it.
 */
import { isScheduled, sharedWords } from '../memory/atomics.ts'
import { neighbourWords, receiveWords, type SentWords, sendWords } from '../memory/neighbour-words.ts'
import { ownIdentity, placeNumber, PLACES, usedPlaces } from '../memory/thread-table.ts'

/** The identity of the thread whose record it is, or 0. */
export const WHO = 0

export class ThreadRecords {
  /** All records. It is another array once they are shared: do not keep it. */
  words: Int32Array<SharedArrayBuffer>
  readonly #size: number
  /** Until another thread can have a record, there is one. */
  #shared: boolean

  /** `size`: how many words a record has. `memory`: the records, as `share` gave them to another thread. */
  constructor(size: number, memory?: SentWords) {
    this.#size = size
    this.#shared = memory !== undefined || isScheduled()
    if (memory === undefined) this.words = this.#shared ? neighbourWords(PLACES * size) : sharedWords(size)
    else this.words = receiveWords(memory)!
  }

  /** The memory to be sent. From now on there is a record for each thread. */
  share(): SentWords {
    if (!this.#shared) {
      this.#shared = true
      const first = this.words
      this.words = neighbourWords(PLACES * this.#size)
      this.words.set(first, this.own)
    }
    return sendWords(this.words)
  }

  /** The first word of this thread's record, which may still be that of a thread that has ended. */
  get own(): number {
    return this.#shared ? this.at(placeNumber(ownIdentity())) : 0
  }

  /** How many records may be in use. */
  get length(): number {
    return this.#shared ? usedPlaces() : 1
  }

  /** The first word of a record. */
  at(index: number): number {
    return index * this.#size
  }
}
