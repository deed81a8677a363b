/**
 * A bounded ring of records in shared memory, for one writer and one reader.
 *
 * The classic single-producer single-consumer queue (Lamport 1983) with the two refinements that make it fast: each
 * side keeps its own cursor as a plain number and looks at the other's only when it seems to be out of room or out of
 * records, and a record is never split: what does not fit before the end starts again at the beginning.
 *
 * Cells have 8 bytes, so that a double in a record is aligned. Word 0 of a record is its length in cells, which the
 * ring owns; word 1 is a state that both sides may claim atomically; the rest belongs to the caller.
 *
 * Why no record is lost or torn: the writer fills the cells first and then stores `tail` (sequentially consistent),
 * the reader loads `tail` and then reads the cells. The reader stores `head` only when it needs the cells no more, and
 * the writer writes only below `head + size`.
 */
import { compareExchange, load, store } from './atomics.ts'

/** Where the four words of a ring's two cursors are kept: indexes into the control words, a cache line apart. */
export interface Cursors {
  readonly words: Int32Array
  readonly tail: number
  readonly head: number
}

/** The cells of a ring, seen as words, doubles and bytes. */
export interface Cells {
  readonly words: Int32Array
  readonly doubles: Float64Array
  readonly bytes: Uint8Array
}

export const WORDS_PER_CELL = 2
export const BYTES_PER_CELL = 8

/** Word 0 where a record would be cut by the end of the memory: the reader goes on at the beginning. */
const WRAP = 0

/** Memory for a ring of `cells` cells, which must be a power of two. */
export function ringMemory(cells: number): SharedArrayBuffer {
  return new SharedArrayBuffer(cells * BYTES_PER_CELL)
}

export function cellsOf(memory: ArrayBufferLike): Cells {
  return { words: new Int32Array(memory), doubles: new Float64Array(memory), bytes: new Uint8Array(memory) }
}

export class RingWriter {
  readonly cells: Cells
  readonly #cursors: Cursors
  readonly #size: number
  /** Cells ever written; wraps at 2³¹, as do all cursors, so differences are taken with `| 0`. */
  #tail = 0
  /** The reader's cursor as last seen: never ahead of the truth. */
  #seenHead = 0

  constructor(cells: Cells, cursors: Cursors) {
    this.cells = cells
    this.#cursors = cursors
    this.#size = cells.doubles.length
  }

  /** Cells ever written, wrapping: the value of the tail word. */
  get tail(): number {
    return this.#tail
  }

  /** The reader's cursor that left no room at the last failed write: what to sleep on. */
  get seenHead(): number {
    return this.#seenHead
  }

  /** The largest record that is certain to fit an empty ring, wherever its cursors stand. */
  get largest(): number {
    return this.#size >> 1
  }

  /** Copies `cells` cells from `words` (word 0 is set here) and publishes them. Returns the position, or -1 if there is no room. */
  write(words: Int32Array, from: number, cells: number): number {
    const offset = this.#reserve(cells)
    if (offset < 0) return -1
    const to = offset * WORDS_PER_CELL
    const target = this.cells.words
    const count = cells * WORDS_PER_CELL
    // Small records are the rule, and a loop beats the call of `set` up to about this size.
    if (count <= 64) for (let i = 1; i < count; i++) target[to + i] = words[from + i]!
    else target.set(words.subarray(from, from + count), to)
    target[to] = cells
    const position = this.#tail
    this.#tail = (this.#tail + cells) | 0
    store(this.#cursors.words, this.#cursors.tail, this.#tail)
    return position
  }

  /** Whether a record of that length would find room now. */
  hasRoom(cells: number): boolean {
    const offset = this.#tail & (this.#size - 1)
    const needed = offset + cells > this.#size ? this.#size - offset + cells : cells
    if (this.#fits(needed)) return true
    this.#seenHead = load(this.#cursors.words, this.#cursors.head)
    return this.#fits(needed)
  }

  /** A copy of the record at `position`, which must not be overwritten. */
  copyOf(position: number): Int32Array {
    const word = this.wordOf(position)
    const { words } = this.cells
    return words.slice(word, word + words[word]! * WORDS_PER_CELL)
  }

  /** Whether the record at `position` may have been overwritten by later ones. */
  overwritten(position: number): boolean {
    return ((this.#tail - position) | 0) > this.#size
  }

  /** The word index of the record at `position`. */
  wordOf(position: number): number {
    return (position & (this.#size - 1)) * WORDS_PER_CELL
  }

  /** Sets the state of a record if it is still `expected`. Only for positions that are not overwritten. */
  claim(position: number, expected: number, state: number): boolean {
    return claim(this.cells, this.wordOf(position), expected, state)
  }

  stateOf(position: number): number {
    return load(this.cells.words, this.wordOf(position) + 1)
  }

  #reserve(cells: number): number {
    const offset = this.#tail & (this.#size - 1)
    const skip = offset + cells > this.#size ? this.#size - offset : 0
    if (!this.#fits(skip + cells)) {
      this.#seenHead = load(this.#cursors.words, this.#cursors.head)
      if (!this.#fits(skip + cells)) return -1
    }
    if (skip === 0) return offset
    this.cells.words[offset * WORDS_PER_CELL] = WRAP
    this.#tail = (this.#tail + skip) | 0
    return 0
  }

  #fits(cells: number): boolean {
    return ((this.#tail - this.#seenHead) | 0) + cells <= this.#size
  }
}

export class RingReader {
  readonly cells: Cells
  readonly #cursors: Cursors
  readonly #size: number
  #head = 0
  #seenTail = 0

  constructor(cells: Cells, cursors: Cursors) {
    this.cells = cells
    this.#cursors = cursors
    this.#size = cells.doubles.length
  }

  /** The word index of the next record, or -1 if there is none. The record stays until `advance`. */
  peek(): number {
    if (this.#seenTail === this.#head) {
      this.#seenTail = load(this.#cursors.words, this.#cursors.tail)
      if (this.#seenTail === this.#head) return -1
    }
    const offset = this.#head & (this.#size - 1)
    if (this.cells.words[offset * WORDS_PER_CELL] !== WRAP) return offset * WORDS_PER_CELL
    // A wrap mark is published together with the record behind it.
    this.#head = (this.#head + this.#size - offset) | 0
    return 0
  }

  /** Steps over the record that `peek` showed. Its cells stay valid until `release`. */
  advance(): void {
    const cells = this.cells.words[(this.#head & (this.#size - 1)) * WORDS_PER_CELL]!
    this.#head = (this.#head + cells) | 0
  }

  /** Gives the cells of all records stepped over back to the writer. */
  release(): void {
    store(this.#cursors.words, this.#cursors.head, this.#head)
  }

  /** The value of the tail word at which this reader has seen everything: what to sleep on. */
  get head(): number {
    return this.#head
  }
}

/** Sets word 1 of a record if it is `expected`; each record is claimed by one side only. */
export function claim(cells: Cells, word: number, expected: number, state: number): boolean {
  return compareExchange(cells.words, word + 1, expected, state) === expected
}
