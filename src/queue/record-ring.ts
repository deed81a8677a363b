/**
 * RecordRing: a ring of records in shared memory, whose cursors are in shared memory too, so that the turn to write and
 * the turn to read can go from thread to thread.
 *
 * It is the queue of memory/ring.ts (Lamport's), with one difference: there each side belongs to one thread, which keeps
 * its cursor for itself. Here whoever has the turn reads the words of its side as plain memory; what gave it the turn, a
 * mutex or the hand-over of a handle, has made them visible. Only the two cursors are looked at from the other side.
 *
 * A record is published by one store of the cursor, after everything else is in place. So of a thread that dies while it
 * writes nothing is left but cells that the next one overwrites; and a thread that dies while it reads has taken nothing.
 * That store is an exchange, which fails for a thread that was taken for dead and overtaken by its heir.
 */
import { compareExchange, load, store } from '../memory/atomics.ts'
import { BYTES_PER_CELL, WORDS_PER_CELL } from '../memory/ring.ts'

/* The words of a side, which has a cache line of its own. */
/** Cells ever written, or read; wraps at 2³², as differences do. */
const CURSOR = 0
/** Items ever written, or read. */
const COUNT = 1
/** The cursor of the other side as it was seen last: never ahead of the truth. */
const SEEN = 2

/** Where the record would be cut by the end of the memory: the reader goes on at the beginning. */
const WRAP = 0
/** In the kind of a record: an item ends with it. */
export const ENDS_ITEM = 0x80
const KIND_BITS = 8
const KIND_MASK = 0xff

export const LARGEST_RING_BYTES: number = 1 << 28
/** Records longer than this are none: such an item goes in pieces. It leaves room for the head in what readers copy to. */
const LARGEST_RECORD_CELLS = 1 << 14

export interface RingPlace {
  /** The words that all threads have. */
  readonly words: Int32Array<SharedArrayBuffer>
  /** The index of the first word of each side. */
  readonly writer: number
  readonly reader: number
  /** The index of the first word of the cells; even. */
  readonly cells: number
  /** How many cells there are: a power of two. */
  readonly size: number
}

export class RecordRing {
  /** The cells, as words and as bytes. */
  readonly words: Int32Array
  readonly bytes: Uint8Array
  /** How many cells there are. */
  readonly size: number
  /** The longest record, in cells: short enough to fit an empty ring wherever its cursors stand. */
  readonly largest: number
  readonly #control: Int32Array
  readonly #writer: number
  readonly #reader: number
  /** The cells from the cursor to the end that are left out, as the record would be cut there. */
  #skip = 0

  constructor({ words, writer, reader, cells, size }: RingPlace) {
    const { buffer, byteOffset } = words
    const from = byteOffset + cells * 4
    this.words = new Int32Array(buffer, from, size * WORDS_PER_CELL)
    this.bytes = new Uint8Array(buffer, from, size * BYTES_PER_CELL)
    this.size = size
    this.largest = Math.min(size >> 2, LARGEST_RECORD_CELLS)
    this.#control = words
    this.#writer = writer
    this.#reader = reader
  }

  get isEmpty(): boolean {
    return load(this.#control, this.#writer + CURSOR) === load(this.#control, this.#reader + CURSOR)
  }

  /** Items ever written whole. */
  get written(): number {
    return load(this.#control, this.#writer + COUNT)
  }

  /** Items ever read. */
  get read(): number {
    return load(this.#control, this.#reader + COUNT)
  }

  /** Cells that are free. */
  get free(): number {
    return this.size - this.#used(load(this.#control, this.#writer), load(this.#control, this.#reader))
  }

  // ── for whoever has the turn to write ──

  /** Makes room for a record. Returns its first word, or -1 if there is no room now. */
  open(cells: number): number {
    const control = this.#control
    const tail = control[this.#writer + CURSOR]!
    const offset = tail & (this.size - 1)
    const skip = offset + cells > this.size ? this.size - offset : 0
    const most = this.size - skip - cells
    if (this.#used(tail, control[this.#writer + SEEN]!) > most) {
      const head = load(control, this.#reader + CURSOR)
      control[this.#writer + SEEN] = head
      if (this.#used(tail, head) > most) return -1
    }
    this.#skip = skip
    if (skip === 0) return offset * WORDS_PER_CELL
    this.words[offset * WORDS_PER_CELL] = WRAP
    return 0
  }

  /** Room for a record at the cursor that does not reach beyond the end, in cells. There may be more behind it. */
  get roomAhead(): number {
    const control = this.#control
    const tail = control[this.#writer + CURSOR]!
    const head = load(control, this.#reader + CURSOR)
    control[this.#writer + SEEN] = head
    return Math.min(this.size - this.#used(tail, head), this.size - (tail & (this.size - 1)))
  }

  /** Publishes the record that was opened. `length`: what it says in its second word. */
  close(at: number, cells: number, kind: number, length: number): void {
    const control = this.#control
    this.words[at] = (cells << KIND_BITS) | kind
    this.words[at + 1] = length
    if ((kind & ENDS_ITEM) !== 0) control[this.#writer + COUNT] = (control[this.#writer + COUNT]! + 1) | 0
    const tail = control[this.#writer + CURSOR]!
    this.#move(this.#writer, tail, (tail + this.#skip + cells) | 0)
  }

  // ── for whoever has the turn to read ──

  /** The first word of the next record, or -1 if there is none. The record stays until `advance`. */
  peek(): number {
    const control = this.#control
    const head = control[this.#reader + CURSOR]!
    if (control[this.#reader + SEEN] === head) {
      const tail = load(control, this.#writer + CURSOR)
      control[this.#reader + SEEN] = tail
      if (tail === head) return -1
    }
    const offset = head & (this.size - 1)
    this.#skip = 0
    if (this.words[offset * WORDS_PER_CELL] !== WRAP) return offset * WORDS_PER_CELL
    // A wrap mark is published together with the record behind it.
    this.#skip = this.size - offset
    return 0
  }

  kindOf(at: number): number {
    return this.words[at]! & KIND_MASK
  }

  cellsOf(at: number): number {
    return this.words[at]! >>> KIND_BITS
  }

  lengthOf(at: number): number {
    return this.words[at + 1]!
  }

  /** Steps over the record that `peek` showed: its cells belong to the writers again. */
  advance(at: number): void {
    const control = this.#control
    if ((this.kindOf(at) & ENDS_ITEM) !== 0) control[this.#reader + COUNT] = (control[this.#reader + COUNT]! + 1) | 0
    const head = control[this.#reader + CURSOR]!
    this.#move(this.#reader, head, (head + this.#skip + this.cellsOf(at)) | 0)
  }

  // ── for whoever has both ──

  /** Where the next record will begin. */
  get tail(): number {
    return this.#control[this.#writer + CURSOR]!
  }

  /** Takes back what was written since the cursor stood there, as far as it was not read. */
  takeBack(tail: number): void {
    const control = this.#control
    const head = control[this.#reader + CURSOR]!
    const isRead = ((head - tail) | 0) > 0
    store(control, this.#writer + CURSOR, isRead ? head : tail)
    control[this.#reader + SEEN] = head
  }

  /** Drops everything. Returns how many items that were. */
  clear(): number {
    const control = this.#control
    const dropped = (control[this.#writer + COUNT]! - control[this.#reader + COUNT]!) | 0
    const tail = control[this.#writer + CURSOR]!
    control[this.#reader + COUNT] = control[this.#writer + COUNT]!
    control[this.#reader + SEEN] = tail
    store(control, this.#reader + CURSOR, tail)
    return dropped
  }

  /** Counts the items again that are there: a writer has died, perhaps between counting its item and publishing it. */
  recountWritten(): void {
    this.#control[this.#writer + COUNT] = (this.#control[this.#reader + COUNT]! + this.#countItems()) | 0
  }

  /** The same for a reader. */
  recountRead(): void {
    this.#control[this.#reader + COUNT] = (this.#control[this.#writer + COUNT]! - this.#countItems()) | 0
  }

  #countItems(): number {
    const tail = load(this.#control, this.#writer + CURSOR)
    let items = 0
    for (let at = load(this.#control, this.#reader + CURSOR); at !== tail;) {
      const offset = at & (this.size - 1)
      const word = offset * WORDS_PER_CELL
      if ((this.kindOf(word) & ENDS_ITEM) !== 0) items++
      at = (at + (this.words[word] === WRAP ? this.size - offset : this.cellsOf(word))) | 0
    }
    return items
  }

  #used(tail: number, head: number): number {
    return (tail - head) | 0
  }

  #move(side: number, from: number, to: number): void {
    if (compareExchange(this.#control, side + CURSOR, from, to) === from) return
    throw new Error('this thread was ended, and another has gone on in its place')
  }
}
