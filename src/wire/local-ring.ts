/**
 * A ring whose two ends are in one thread: where records lie that came by a stream until they are read, or that are to go
 * by one until they are sent. What does not fit waits beside it, in order.
 */
import { BYTES_PER_CELL, cellsOf, RingReader, RingWriter, WORDS_PER_CELL } from '../memory/ring.ts'
import { LARGEST_RECORD } from './fast-encoder.ts'
import { STATE, WAITING } from './record.ts'

/** Where a record lies for a moment. */
const scratch = cellsOf(new ArrayBuffer(LARGEST_RECORD * BYTES_PER_CELL))

const TAIL = 0
const HEAD = 1

export class LocalRing {
  readonly writer: RingWriter
  readonly reader: RingReader
  /** Records for which there was no room. */
  #beside: Int32Array[] = []
  #besideFrom = 0

  constructor(cells: number) {
    const memory = cellsOf(new ArrayBuffer(cells * BYTES_PER_CELL))
    const cursors = { words: new Int32Array(2), tail: TAIL, head: HEAD }
    this.writer = new RingWriter(memory, cursors)
    this.reader = new RingReader(memory, cursors)
  }

  /** Whether records wait for room. */
  get isFull(): boolean {
    return this.#besideFrom < this.#beside.length
  }

  /** Appends a record that came as bytes. */
  take(bytes: Uint8Array, cells: number): void {
    // Whole words are copied faster than bytes, but in the stream they may begin anywhere.
    scratch.bytes.set(bytes)
    scratch.words[STATE] = WAITING
    if (this.isFull || this.writer.write(scratch.words, 0, cells) < 0) {
      this.#beside.push(scratch.words.slice(0, cells * WORDS_PER_CELL))
    }
  }

  /** Gives the cells of what was read back, and fetches what waits for them. */
  release(): void {
    this.reader.release()
    while (this.isFull) {
      const words = this.#beside[this.#besideFrom]!
      if (this.writer.write(words, 0, words.length / WORDS_PER_CELL) < 0) return
      this.#besideFrom++
    }
    if (this.#besideFrom > 0) {
      this.#beside = []
      this.#besideFrom = 0
    }
  }
}
