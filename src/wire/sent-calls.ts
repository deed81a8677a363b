/**
 * The calls that a parent has sent down a stream and that are not answered, in the order in which they went.
 *
 * A worker runs its calls in this order, one at a time, and answers each before it begins the next. So the first of them
 * runs, or is about to, and those behind it have not begun; unless the first ones wait for calls of their own executor and
 * have lent their places.
 */
import { WORDS_PER_CELL } from '../memory/ring.ts'
import { SERIAL, STATE, WAITING } from './record.ts'

/** Calls are counted in 31 bits: the highest is a mark of the gate (stream-gate.ts). */
export const COUNT_MASK = 0x7fff_ffff

/** How far a count is behind another, which may have gone round. */
function distance(from: number, to: number): number {
  return ((to - from) << 1) >> 1
}

interface Sent {
  readonly record: Int32Array
  readonly count: number
}

export class SentCalls {
  /** By serial. A Map keeps the order. */
  readonly #calls = new Map<number, Sent>()
  /** Calls sent, ever. */
  count = 0
  /** How many of them have lent their places. */
  lent = 0

  get size(): number {
    return this.#calls.size
  }

  /** Calls for which a worker has no place now. */
  get behind(): number {
    return Math.max(0, this.size - this.lent - 1)
  }

  add(words: Int32Array, word: number): void {
    const record = words.slice(word, word + words[word]! * WORDS_PER_CELL)
    record[STATE] = WAITING
    this.#calls.set(record[SERIAL]!, { record, count: this.count })
    this.count = (this.count + 1) & COUNT_MASK
  }

  /** The call has been answered. Returns whether it was one of them. */
  answered(serial: number): boolean {
    return this.#calls.delete(serial)
  }

  recordOf(serial: number): Int32Array | undefined {
    return this.#calls.get(serial)?.record.slice()
  }

  /** Whether the call is one of them and has no place. */
  isBehind(serial: number): boolean {
    if (!this.#calls.has(serial)) return false
    let places = this.lent + 1
    for (const each of this.#calls.keys()) {
      if (each === serial) return false
      if (--places === 0) return true
    }
    return false
  }

  /** Takes out those that were counted from `first` on. Returns their records. */
  takeFrom(first: number): Int32Array[] {
    const records: Int32Array[] = []
    for (const [serial, { record, count }] of this.#calls) {
      if (distance(first, count) < 0) continue
      this.#calls.delete(serial)
      records.push(record)
    }
    return records
  }
}
