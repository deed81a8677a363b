/** Item: the bytes of one value on their way into a ring. */
import { BYTES_PER_CELL, WORDS_PER_CELL } from '../memory/ring.ts'
import type { RecordRing } from './record-ring.ts'

const NO_WORDS = new Int32Array(0)
const NO_BYTES = new Uint8Array(0)

export class Item {
  readonly kind: number
  /** In bytes. */
  length: number
  /** Where the bytes are if they are whole cells: words from an index on. */
  readonly #words: Int32Array
  readonly #from: number
  /** Where they are if not. */
  readonly #bytes: Uint8Array
  /** Nobody else will change them. */
  readonly #isOwn: boolean

  private constructor(
    kind: number,
    length: number,
    words: Int32Array,
    from: number,
    bytes: Uint8Array,
    isOwn: boolean,
  ) {
    this.kind = kind
    this.length = length
    this.#words = words
    this.#from = from
    this.#bytes = bytes
    this.#isOwn = isOwn
  }

  /** Its length is to be set. */
  static inWords(kind: number, words: Int32Array, from: number): Item {
    return new Item(kind, 0, words, from, NO_BYTES, false)
  }

  static inBytes(kind: number, bytes: Uint8Array, isOwn: boolean): Item {
    return new Item(kind, bytes.length, NO_WORDS, 0, bytes, isOwn)
  }

  /** The cells of its record, with the head. */
  get cells(): number {
    return 1 + Math.ceil(this.length / BYTES_PER_CELL)
  }

  /** One that can wait, whatever becomes of the memory where this one is. */
  keep(): Item {
    return this.#isOwn ? this : Item.inBytes(this.kind, this.part(0, this.length).slice(), true)
  }

  /** Writes all of it behind the head of a record. */
  writeTo(ring: RecordRing, at: number): void {
    const from = this.#from
    const source = this.#words
    const to = at + WORDS_PER_CELL
    const count = this.length >> 2
    if (source.length === 0) ring.bytes.set(this.#bytes, to * 4)
    else if (count <= 64) for (let i = 0; i < count; i++) ring.words[to + i] = source[from + i]!
    else ring.words.set(source.subarray(from, from + count), to)
  }

  part(from: number, to: number): Uint8Array {
    if (this.#words.length === 0) return this.#bytes.subarray(from, to)
    const { buffer, byteOffset } = this.#words
    return new Uint8Array(buffer, byteOffset + this.#from * 4 + from, to - from)
  }
}
