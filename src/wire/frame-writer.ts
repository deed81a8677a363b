/**
 * Frames: how records and messages lie behind each other in a stream of bytes.
 *
 * A record is its own frame: its first word says how long it is. Its second word, which the rings use for its state, is a
 * check, so that bytes that somebody else wrote into the stream are noticed. A message has a head of the size of a record's,
 * with a mark that no length can be, and its bytes behind it.
 *
 * Records are gathered in one piece of memory and written together; the bytes of a large message are written as they are.
 */
import { BYTES_PER_CELL, WORDS_PER_CELL } from '../memory/ring.ts'
import type { ByteStream } from '../platform/byte-stream.ts'

/** The first word of a message's head; the second is its length in bytes, the third a check. */
export const MESSAGE = -1
export const MESSAGE_HEAD = 16
/** Begins what each side sends first: `hello`. */
export const HELLO = -2

/** What the check of a length is. */
export function checkOf(length: number): number {
  return length ^ 0x4b54_4d53
}

/** Memory that is written piece by piece, then left to the stream. */
const CHUNK = 1 << 16
/** Longer messages are not copied. */
const LARGE = 1 << 12

export class FrameWriter {
  readonly #stream: Pick<ByteStream, 'write'>
  #words = new Int32Array(CHUNK >> 2)
  #bytes = new Uint8Array(this.#words.buffer)
  /** What is before it was written. In bytes, as is the next. */
  #written = 0
  #at = 0

  constructor(stream: Pick<ByteStream, 'write'>) {
    this.#stream = stream
  }

  /** Appends the record whose first word is at `from`. */
  record(words: Int32Array, from: number, cells: number): void {
    this.#reserve(cells * BYTES_PER_CELL)
    const target = this.#words
    const to = this.#at >> 2
    const count = cells * WORDS_PER_CELL
    if (count <= 64) for (let i = 2; i < count; i++) target[to + i] = words[from + i]!
    else target.set(words.subarray(from, from + count), to)
    target[to] = cells
    target[to + 1] = checkOf(cells)
    this.#at += cells * BYTES_PER_CELL
  }

  /** Appends a message, whose bytes must not be changed any more. */
  message(bytes: Uint8Array, mark: number = MESSAGE): void {
    const isLarge = bytes.length > LARGE
    const length = MESSAGE_HEAD + (isLarge ? 0 : bytes.length)
    this.#reserve(length)
    const to = this.#at >> 2
    this.#words[to] = mark
    this.#words[to + 1] = bytes.length
    this.#words[to + 2] = checkOf(bytes.length | 0)
    this.#words[to + 3] = 0
    if (!isLarge) this.#bytes.set(bytes, this.#at + MESSAGE_HEAD)
    this.#at += length
    if (!isLarge) return this.#align()
    this.flush()
    this.#stream.write(bytes)
  }

  /** Writes what was gathered. */
  flush(): void {
    if (this.#at === this.#written) return
    this.#stream.write(this.#bytes.subarray(this.#written, this.#at))
    this.#align()
    this.#written = this.#at
  }

  /** Frames have any length, but begin here at a whole word: the rest is written before it. */
  #align(): void {
    if (this.#at % 4 === 0) return
    if (this.#written < this.#at) this.#stream.write(this.#bytes.subarray(this.#written, this.#at))
    this.#at = (this.#at + 3) & ~3
    this.#written = this.#at
  }

  #reserve(length: number): void {
    if (this.#at + length <= this.#bytes.length) return
    this.flush()
    this.#words = new Int32Array(Math.max(CHUNK, length) >> 2)
    this.#bytes = new Uint8Array(this.#words.buffer)
    this.#written = 0
    this.#at = 0
  }
}
