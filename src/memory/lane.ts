/**
 * Lane: a ring of bytes in memory that two processes share, beside a stream between them. Large buffers go by the lane, and
 * the stream says in its order which: so nobody waits at the lane, and nobody is woken by it.
 *
 * It is Lamport's queue again, whose one cursor, that of the writer, travels in the stream.
 */
import { load, store } from './atomics.ts'

/** A power of two. What is longer than half of it, or finds no room, goes by the stream. */
const LANE_BYTES = 1 << 22
const HEAD_BYTES = 64
/** Words of memory for a lane. */
export const LANE_WORDS: number = (HEAD_BYTES + LANE_BYTES) >> 2

/** Bytes that were taken out, with those that were skipped at the end; goes round at 2³². */
const TAKEN = 0

function bytesOf(words: Int32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset + HEAD_BYTES, LANE_BYTES)
}

export class LaneWriter {
  readonly #words: Int32Array
  readonly #bytes: Uint8Array
  #put = 0

  constructor(words: Int32Array) {
    this.#words = words
    this.#bytes = bytesOf(words)
  }

  /** Copies a buffer into the lane. Returns where it ends, for the reader; undefined if there is no room. */
  put(buffer: Uint8Array): number | undefined {
    const { length } = buffer
    const from = this.#put & (LANE_BYTES - 1)
    const skip = from + length > LANE_BYTES ? LANE_BYTES - from : 0
    const used = (this.#put - load(this.#words, TAKEN)) | 0
    if (length > LANE_BYTES >> 1 || used + skip + length > LANE_BYTES) return undefined
    this.#bytes.set(buffer, (from + skip) & (LANE_BYTES - 1))
    this.#put = (this.#put + skip + length) | 0
    return this.#put
  }
}

export class LaneReader {
  readonly #words: Int32Array
  readonly #bytes: Uint8Array

  constructor(words: Int32Array) {
    this.#words = words
    this.#bytes = bytesOf(words)
  }

  /** Copies a buffer out that ends there. Throws RangeError if there can be none. */
  take(end: number, target: Uint8Array): void {
    const from = (end - target.length) & (LANE_BYTES - 1)
    if (from + target.length > LANE_BYTES) throw new RangeError('what it sent is no message')
    target.set(this.#bytes.subarray(from, from + target.length))
    store(this.#words, TAKEN, end)
  }
}
