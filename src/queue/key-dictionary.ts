/**
 * KeyDictionary: names of properties, numbered in the order of their first use by any thread, in shared memory.
 *
 * A record carries a number instead of a name (wire/key-table.ts does this for two threads that tell each other). A name
 * is added under a lock and published by the count; after that it never changes, so nobody needs a lock to read it, and
 * whoever finds a number that is new to it finds the name there. When the memory is full, new names get no number; their
 * objects go the longer way.
 */
import { load, store } from '../memory/atomics.ts'
import type { KeyNumbers } from '../wire/key-table.ts'

/** The words of shared memory that it takes: room for some 400 names of ten characters. */
export const DICTIONARY_WORDS = 2048

const COUNT = 0
/** Behind it the names: a unit with the length, then a unit for each character. */
const UNITS = 1

export class KeyDictionary implements KeyNumbers {
  /** The names that this thread knows, by number. */
  readonly names: string[] = []
  readonly #numbers = new Map<string, number>()
  readonly #words: Int32Array
  readonly #units: Uint16Array
  readonly #locked: (f: () => void) => void
  /** The first unit behind the names that this thread knows. */
  #at = 0

  /** `locked` runs a function as the only one in all threads. */
  constructor(words: Int32Array, locked: (f: () => void) => void) {
    this.#words = words
    this.#units = new Uint16Array(words.buffer, words.byteOffset + UNITS * 4, (DICTIONARY_WORDS - UNITS) * 2)
    this.#locked = locked
  }

  numberOf(name: string): number {
    return this.#numbers.get(name) ?? this.#add(name)
  }

  /** Takes in the names that others have added. */
  learn(): void {
    // One look without care is enough: who hands out a record with a new number has added the name before.
    if (this.#words[COUNT] !== this.names.length) this.#read()
  }

  #read(): void {
    const count = load(this.#words, COUNT)
    while (this.names.length < count) {
      const length = this.#units[this.#at]!
      const name = String.fromCharCode(...this.#units.subarray(this.#at + 1, this.#at + 1 + length))
      this.#at += 1 + length
      this.#numbers.set(name, this.names.length)
      this.names.push(name)
    }
  }

  #add(name: string): number {
    this.#locked(() => {
      this.#read()
      if (this.#numbers.has(name) || this.#at + 1 + name.length > this.#units.length) return
      this.#units[this.#at] = name.length
      for (let i = 0; i < name.length; i++) this.#units[this.#at + 1 + i] = name.charCodeAt(i)
      store(this.#words, COUNT, this.names.length + 1)
      this.#read()
    })
    return this.#numbers.get(name) ?? -1
  }
}
