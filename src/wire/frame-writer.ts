/**
 * Frames: how records and messages lie behind each other in a stream of bytes.
 *
 * A record is its own frame: its first word says how long it is. Its second word, which the rings use for its state, is a
 * check, so that bytes that somebody else wrote into the stream are noticed. A message has a head of the size of a record's,
 * with a mark that no length can be, and its bytes behind it.
 *
 * Records are gathered in one piece of memory and written together; the bytes of a large message are written as they are.
 */
import type { LaneWriter } from '../memory/lane.ts'
import { BYTES_PER_CELL, WORDS_PER_CELL } from '../memory/ring.ts'
import type { ByteStream } from '../platform/byte-stream.ts'
import { giveBack, type Parcel } from './parcel.ts'

/** The first word of a message's head; the second is its length in bytes, the third a check. */
export const MESSAGE = -1
export const MESSAGE_HEAD = 16
/** Begins what each side sends first: `hello`. */
export const HELLO = -2
/** Begins a buffer of the message that follows. */
export const BUFFER = -3

/** Says that such a buffer is in the lane; the fourth word is where it ends. */
export const LANE = -4

/** What the check of a length is. */
export function checkOf(length: number): number {
  return length ^ 0x4b54_4d53
}

/** Memory that is written piece by piece, then left to the stream. */
const CHUNK = 1 << 16
/** Longer messages are not copied. */
const LARGE = 1 << 12

type Sink = Pick<ByteStream, 'write' | 'cork' | 'uncork'>

export class FrameWriter {
  /** By which buffers may go, once the other side has it too. */
  lane: LaneWriter | undefined
  readonly #stream: Sink
  #words = new Int32Array(CHUNK >> 2)
  #bytes = new Uint8Array(this.#words.buffer)
  /** What is before it was written. In bytes, as is the next. */
  #written = 0
  #at = 0
  #corked = false

  constructor(stream: Sink) {
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
    this.#reserve(MESSAGE_HEAD + (isLarge ? 0 : bytes.length))
    this.#head(mark, bytes.length)
    if (isLarge) {
      this.#writeGathered()
      this.#stream.write(bytes)
      return
    }
    this.#bytes.set(bytes, this.#at)
    this.#at += bytes.length
    this.#align()
  }

  /** Appends a message with its buffers before it. They are written together with what follows up to the next `flush`. */
  parcel({ bytes, buffers }: Parcel): void {
    for (const buffer of buffers) {
      this.#reserve(MESSAGE_HEAD)
      const end = this.lane?.put(buffer)
      if (end === undefined) {
        this.#buffer(buffer)
        continue
      }
      this.#head(LANE, buffer.length, end)
      giveBack(buffer)
    }
    this.message(bytes)
  }

  #buffer(buffer: Uint8Array): void {
    if (!this.#corked) {
      this.#corked = true
      this.#stream.cork()
    }
    this.#head(BUFFER, buffer.length)
    this.#writeGathered()
    this.#stream.write(buffer, () => giveBack(buffer))
  }

  /** Writes what was gathered. */
  flush(): void {
    this.#writeGathered()
    if (!this.#corked) return
    this.#corked = false
    this.#stream.uncork()
  }

  #writeGathered(): void {
    if (this.#at === this.#written) return
    this.#stream.write(this.#bytes.subarray(this.#written, this.#at))
    this.#align()
    this.#written = this.#at
  }

  #head(mark: number, length: number, end: number = 0): void {
    const to = this.#at >> 2
    this.#words[to] = mark
    this.#words[to + 1] = length
    this.#words[to + 2] = checkOf(length | 0)
    this.#words[to + 3] = end
    this.#at += MESSAGE_HEAD
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
    this.#writeGathered()
    this.#words = new Int32Array(Math.max(CHUNK, length) >> 2)
    this.#bytes = new Uint8Array(this.#words.buffer)
    this.#written = 0
    this.#at = 0
  }
}
