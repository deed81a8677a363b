/**
 * Takes the frames out of the pieces in which a stream of bytes arrives. What they look like: frame-writer.ts.
 *
 * A piece may end anywhere. What is cut is put together in memory of its own: a record where there is room for any, a
 * message in memory that is exactly as large as it is; what is still missing of a long one can be received right there.
 * Nothing else is copied.
 */
import type { LaneReader } from '../memory/lane.ts'
import { BYTES_PER_CELL } from '../memory/ring.ts'
import { newMemory } from '../platform/direct-socket.ts'
import { LARGEST_RECORD } from './fast-encoder.ts'
import { BUFFER, checkOf, HELLO, LANE, MESSAGE, MESSAGE_HEAD } from './frame-writer.ts'

export interface FrameReceiver {
  /** A record; its bytes are good until this returns. Its second word is a check. */
  record(bytes: Uint8Array, cells: number): void
  /** The bytes of a message and the buffers that came beside them; they are the receiver's. */
  message(bytes: Uint8Array, buffers: readonly ArrayBuffer[]): void
  /** The first frame. */
  hello(bytes: Uint8Array): void
}

/** Every frame has at least so many bytes. */
const HEAD = MESSAGE_HEAD
/** Less than that is better received together with what follows. */
const WORTH_A_READ = 1 << 16
const NONE: readonly ArrayBuffer[] = []

export class FrameReader {
  /** By which buffers may come. */
  lane: LaneReader | undefined
  readonly #receiver: FrameReceiver
  /** A frame, or a head, of which only a part has come. */
  readonly #cut = new Uint8Array(LARGEST_RECORD * BYTES_PER_CELL)
  #cutLength = 0
  /** A message of which the head has come. */
  #message: Uint8Array<ArrayBuffer> | undefined
  #messageLength = 0
  #mark = MESSAGE
  /** Those of the next message. */
  #buffers: ArrayBuffer[] = []

  constructor(receiver: FrameReceiver) {
    this.#receiver = receiver
  }

  /** Throws RangeError if there is something that is no frame, or too large a one. */
  read(piece: Uint8Array): void {
    let at = 0
    while (at < piece.length) {
      if (this.#message !== undefined) at = this.#continueMessage(piece, at)
      else if (this.#cutLength > 0) at = this.#continueCut(piece, at)
      else at = this.#frame(piece, at)
    }
  }

  /** Where the next piece should be received, if it matters: what is given to `read` then lies there already. */
  get target(): Uint8Array | undefined {
    const message = this.#message
    if (message === undefined || message.length - this.#messageLength < WORTH_A_READ) return undefined
    return message.subarray(this.#messageLength)
  }

  /** Reads a frame that begins in this piece. */
  #frame(piece: Uint8Array, at: number): number {
    if (piece.length - at < HEAD) return this.#keep(piece, at)
    const mark = wordAt(piece, at)
    if (mark < 0) return this.#beginMessage(piece, at)
    const length = this.#recordLength(piece, at)
    if (piece.length - at < length) return this.#keep(piece, at)
    this.#receiver.record(piece.subarray(at, at + length), mark)
    return at + length
  }

  #recordLength(piece: Uint8Array, at: number): number {
    const cells = wordAt(piece, at)
    const isRecord = cells * BYTES_PER_CELL >= HEAD && cells <= LARGEST_RECORD
    if (!isRecord || wordAt(piece, at + 4) !== checkOf(cells)) throw new RangeError('what it sent is no record')
    return cells * BYTES_PER_CELL
  }

  #beginMessage(piece: Uint8Array, at: number): number {
    const mark = wordAt(piece, at)
    const length = wordAt(piece, at + 4)
    const isMessage =
      mark === MESSAGE || mark === HELLO || mark === BUFFER || (mark === LANE && this.lane !== undefined)
    if (!isMessage || wordAt(piece, at + 8) !== checkOf(length)) throw new RangeError('what it sent is no message')
    this.#mark = mark
    // Throws RangeError if there is no such memory.
    const memory = newMemory(length >>> 0)
    if (mark === LANE) {
      this.lane!.take(wordAt(piece, at + 12), memory)
      this.#buffers.push(memory.buffer)
      return at + HEAD
    }
    this.#message = memory
    this.#messageLength = 0
    return this.#continueMessage(piece, at + HEAD)
  }

  #continueMessage(piece: Uint8Array, at: number): number {
    const message = this.#message!
    const length = Math.min(piece.length - at, message.length - this.#messageLength)
    if (piece.buffer !== message.buffer) message.set(piece.subarray(at, at + length), this.#messageLength)
    this.#messageLength += length
    if (this.#messageLength === message.length) this.#endMessage(message)
    return at + length
  }

  #endMessage(message: Uint8Array<ArrayBuffer>): void {
    this.#message = undefined
    if (this.#mark === HELLO) return this.#receiver.hello(message)
    if (this.#mark === BUFFER) return void this.#buffers.push(message.buffer)
    const buffers = this.#buffers.length === 0 ? NONE : this.#buffers
    if (buffers !== NONE) this.#buffers = []
    this.#receiver.message(message, buffers)
  }

  #keep(piece: Uint8Array, at: number): number {
    this.#cut.set(piece.subarray(at), this.#cutLength)
    this.#cutLength += piece.length - at
    return piece.length
  }

  /** Goes on with a frame of which the last piece had only a part. */
  #continueCut(piece: Uint8Array, at: number): number {
    const cut = this.#cut
    let from = this.#fill(piece, at, HEAD)
    if (this.#cutLength < HEAD) return from
    if (wordAt(cut, 0) < 0) {
      this.#cutLength = 0
      this.#beginMessage(cut.subarray(0, HEAD), 0)
      return from
    }
    const length = this.#recordLength(cut, 0)
    from = this.#fill(piece, from, length)
    if (this.#cutLength < length) return from
    this.#cutLength = 0
    this.#receiver.record(cut.subarray(0, length), wordAt(cut, 0))
    return from
  }

  #fill(piece: Uint8Array, at: number, upTo: number): number {
    const part = piece.subarray(at, at + Math.max(0, upTo - this.#cutLength))
    this.#cut.set(part, this.#cutLength)
    this.#cutLength += part.length
    return at + part.length
  }
}

function wordAt(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
}
