/**
 * Names of properties, numbered in the order of their first use, so that a record carries a number instead of a string.
 *
 * There is one table for each sending thread, not for each worker: the same encoded bytes are then good for every
 * worker, and a call can move from one to another. A connection remembers up to which number the other side was told.
 */
import { BYTES_PER_CELL, WORDS_PER_CELL } from '../memory/ring.ts'
import { MOST_KEYS, UTF16 } from './fast-tags.ts'
import { HEAD_CELLS, KEYS, KIND } from './record.ts'

/** Longer names are no names but data. */
const LONGEST_NAME = 256

/** Whoever numbers names: a table of this thread, or a dictionary that threads share. */
export interface KeyNumbers {
  /** The number of a name, or -1 if it can have none. */
  numberOf(name: string): number
}

export interface KeyRecord {
  readonly words: Int32Array
  readonly cells: number
}

export class KeyTable implements KeyNumbers {
  readonly #numbers = new Map<string, number>()
  /** The record that tells each name, by number. */
  readonly #records: KeyRecord[] = []

  get size(): number {
    return this.#records.length
  }

  /** The number of a name, or -1 if the table is full. */
  numberOf(name: string): number {
    const known = this.#numbers.get(name)
    if (known !== undefined) return known
    if (this.size === MOST_KEYS || name.length > LONGEST_NAME) return -1
    this.#numbers.set(name, this.size)
    return this.#records.push(keyRecord(name)) - 1
  }

  /** The record that tells the other side the name with this number. Names have to be told in order. */
  record(number: number): KeyRecord {
    return this.#records[number]!
  }
}

function keyRecord(name: string): KeyRecord {
  const cells = HEAD_CELLS + 1 + ((name.length + 3) >> 2)
  const words = new Int32Array(cells * WORDS_PER_CELL)
  words[KIND] = KEYS
  words[HEAD_CELLS * WORDS_PER_CELL] = UTF16
  words[HEAD_CELLS * WORDS_PER_CELL + 1] = name.length
  const units = new Uint16Array(words.buffer, (HEAD_CELLS + 1) * BYTES_PER_CELL)
  for (let i = 0; i < name.length; i++) units[i] = name.charCodeAt(i)
  return { words, cells }
}
