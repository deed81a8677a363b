/**
 * Pieces: how an item goes through a ring that is smaller than the item.
 *
 * The writer cuts it into records as there is room, the reader puts them together again. A serial number tells what
 * belongs together: of an item that its writer gave up, or died over, the reader finds no further piece where it should
 * be, and lets go of what it has. A piece without a beginning is what a reader that died has left, and is skipped.
 */
import { BYTES_PER_CELL, WORDS_PER_CELL } from '../memory/ring.ts'
import type { Item } from './item.ts'
import { ENDS_ITEM, type RecordRing } from './record-ring.ts'

/** Kinds of records. */
export const FIRST_PIECE = 3
const NEXT_PIECE = 4

/*
 * Behind the head: the serial number and the kind of the item; in the first piece then the length of the item in bytes,
 * low and high half.
 */
const SERIAL = 2
const ITEM_KIND = 3
const LENGTH_LOW = 4
const LENGTH_HIGH = 5
const FIRST_CELLS = 3
const NEXT_CELLS = 2

const HALF = 2 ** 32

export class PieceWriter {
  readonly item: Item
  /** 0 until it is given one. */
  serial = 0
  #written = 0
  #begun = false

  /** The item has to keep until it is written. */
  constructor(item: Item) {
    this.item = item
  }

  /** Room that is enough for all pieces, in cells, if the longest record has so many. */
  cellsFor(largest: number): number {
    const { cells } = this.item
    return cells + (Math.ceil(cells / (largest - FIRST_CELLS)) + 2) * FIRST_CELLS
  }

  /** Whether there is room for a piece, if something is left of the item. */
  hasRoom(ring: RecordRing): boolean {
    // Not any gap: the reader would free it in small parts, and it would never grow again.
    return this.#written < this.item.length && ring.free >= Math.min(this.#wanted(ring), ring.largest >> 2)
  }

  /** Writes as many pieces as there is room for. Returns true when that was the last. */
  write(ring: RecordRing): boolean {
    while (this.hasRoom(ring)) {
      const head = this.#head
      const ahead = ring.roomAhead
      // What is left before the end of the memory may be too short for a piece, and is left out then.
      const cells = Math.min(this.#wanted(ring), ahead > head ? ahead : ring.free - ahead)
      const at = ring.open(cells)
      if (at < 0) throw new Error('there was room for a piece, and there is none. This is a bug in multitask.')
      this.#writePiece(ring, at, cells, head)
    }
    return this.#written === this.item.length
  }

  /** Cells before the bytes of the next piece. */
  get #head(): number {
    return this.#begun ? NEXT_CELLS : FIRST_CELLS
  }

  /** Cells of the next piece if there were room for all that is left. */
  #wanted(ring: RecordRing): number {
    return Math.min(this.#head + Math.ceil((this.item.length - this.#written) / BYTES_PER_CELL), ring.largest)
  }

  #writePiece(ring: RecordRing, at: number, cells: number, head: number): void {
    const { item } = this
    const length = Math.min((cells - head) * BYTES_PER_CELL, item.length - this.#written)
    ring.words[at + SERIAL] = this.serial
    ring.words[at + ITEM_KIND] = item.kind
    if (!this.#begun) {
      ring.words[at + LENGTH_LOW] = item.length | 0
      ring.words[at + LENGTH_HIGH] = Math.trunc(item.length / HALF)
    }
    ring.bytes.set(item.part(this.#written, this.#written + length), (at + head * WORDS_PER_CELL) * 4)
    const kind = this.#begun ? NEXT_PIECE : FIRST_PIECE
    this.#written += length
    this.#begun = true
    ring.close(at, cells, this.#written === item.length ? kind | ENDS_ITEM : kind, length)
  }
}

/** Whether a record is a part of an item, and not its first. */
export function isLaterPiece(kind: number): boolean {
  return (kind & ~ENDS_ITEM) === NEXT_PIECE
}

/** An item of which pieces are put together. */
export class Assembly {
  /** Of the item. */
  readonly kind: number
  readonly serial: number
  readonly #length: number
  #bytes: Uint8Array<ArrayBuffer> | undefined
  #filled = 0

  /** `at`: the first piece, which is not yet taken. */
  constructor(ring: RecordRing, at: number) {
    const { words } = ring
    this.serial = words[at + SERIAL]!
    this.kind = words[at + ITEM_KIND]!
    this.#length = words[at + LENGTH_HIGH]! * HALF + (words[at + LENGTH_LOW]! >>> 0)
  }

  /** Whether the record is the next piece of it. */
  isNext(ring: RecordRing, at: number): boolean {
    const kind = ring.kindOf(at) & ~ENDS_ITEM
    return kind === (this.#filled === 0 ? FIRST_PIECE : NEXT_PIECE) && ring.words[at + SERIAL] === this.serial
  }

  /** Gets memory for it, not while others wait. Where there is none the item goes by, and `bytes` throws. */
  prepare(): void {
    try {
      this.#bytes = new Uint8Array(this.#length)
    } catch {
      this.#bytes = undefined
    }
  }

  add(ring: RecordRing, at: number): void {
    const head = this.#filled === 0 ? FIRST_CELLS : NEXT_CELLS
    const start = (at + head * WORDS_PER_CELL) * 4
    const length = ring.lengthOf(at)
    this.#bytes?.set(ring.bytes.subarray(start, start + length), this.#filled)
    this.#filled += length
  }

  /** All of it, when the last piece was added. Throws RangeError if there was no memory. */
  get bytes(): Uint8Array<ArrayBuffer> {
    if (this.#bytes !== undefined) return this.#bytes
    throw new RangeError(`there is no memory for an item of ${this.#length} bytes, which is lost`)
  }
}
