/**
 * What an item is while it is in shared memory: bytes of a kind.
 *
 * Most items are small and simple, and are written and read by the fast codec. One large typed array is its own bytes.
 * Everything else is packed, as for any other way to another thread, and what was packed is made bytes of.
 *
 * Items are encoded where they are put, so that what cannot be sent is refused there, and what is changed later does not
 * matter. They are copied out of the ring before they are decoded: nobody else has to wait for that.
 */
import { BYTES_PER_CELL, type Cells, cellsOf, WORDS_PER_CELL } from '../memory/ring.ts'
import { fromBytes, toBytes } from '../platform/serialize.ts'
import { FastDecoder } from '../wire/fast-decoder.ts'
import { FastEncoder, LARGEST_RECORD } from '../wire/fast-encoder.ts'
import { LONGEST_VIEW, VIEW_TYPES } from '../wire/fast-tags.ts'
import { cannotPost, pack, type Packed } from '../wire/pack.ts'
import { HEAD_CELLS } from '../wire/record.ts'
import { isMarkedForTransfer } from '../wire/transfer.ts'
import { unpack } from '../wire/unpack.ts'
import { Item } from './item.ts'
import type { KeyDictionary } from './key-dictionary.ts'
import type { RecordRing } from './record-ring.ts'
import { Sealed, staysSealed } from './sealed.ts'

/** Written by the fast encoder. */
const VALUE = 1
/** A message, serialized. */
const PACKED = 2
/** The bytes of an ArrayBuffer; above it those of the view types, in their order. */
const RAW = 16

const rawKinds = new Map<unknown, number>([
  [ArrayBuffer.prototype, RAW],
  ...VIEW_TYPES.map((type, index) => [type.prototype, RAW + 1 + index] as const),
])

const memory = (): Cells => cellsOf(new ArrayBuffer(LARGEST_RECORD * BYTES_PER_CELL))

/* One of each in a thread, for all queues: nothing stays in them. */
const outbox = memory()
const inbox = memory()
/** A getter of a value that is being encoded may put something itself. */
let encoding = false

export class ItemCodec {
  readonly #dictionary: KeyDictionary
  readonly #encoder: FastEncoder
  readonly #decoder: FastDecoder
  readonly #small = Item.inWords(VALUE, outbox.words, HEAD_CELLS * WORDS_PER_CELL)
  readonly #path: string

  /** `path` begins the paths in errors. */
  constructor(dictionary: KeyDictionary, path: string) {
    this.#dictionary = dictionary
    this.#encoder = new FastEncoder(dictionary, outbox)
    this.#decoder = new FastDecoder(inbox, dictionary.names)
    this.#path = path
  }

  /** The bytes of a value, good until the next call unless they are kept. Throws CannotSendError. */
  encode(value: unknown): Item {
    if (!encoding) {
      encoding = true
      try {
        const encoder = this.#encoder
        encoder.begin()
        encoder.nextValue()
        if (encoder.value(value)) {
          this.#small.length = (encoder.length - HEAD_CELLS) * BYTES_PER_CELL
          return this.#small
        }
      } finally {
        encoding = false
      }
    }
    return rawItem(value) ?? this.#packedItem(value)
  }

  /** Copies the record out of the ring: to be decoded before the next one comes. */
  receive(ring: RecordRing, at: number): void {
    const from = at + WORDS_PER_CELL
    const count = (ring.cellsOf(at) - 1) * WORDS_PER_CELL
    const source = ring.words
    const target = inbox.words
    // Small records are the rule, and a loop beats the call of `set` up to about this size.
    if (count <= 64) for (let i = 0; i < count; i++) target[i] = source[from + i]!
    else target.set(source.subarray(from, from + count))
  }

  /** The value of the record that was received; a promise where a module has to be imported for it. */
  decode(kind: number, length: number): unknown {
    if (kind === VALUE) {
      this.#dictionary.learn()
      this.#decoder.begin(0, 0)
      return this.#decoder.value()
    }
    const bytes = inbox.bytes.subarray(0, length)
    return kind === PACKED ? open(bytes) : viewOf(kind, bytes.slice())
  }

  /** The same from bytes, which become part of the value. */
  decodeBytes(kind: number, bytes: Uint8Array<ArrayBuffer>): unknown {
    if (kind === PACKED) return open(bytes)
    if (kind !== VALUE) return viewOf(kind, bytes)
    this.#dictionary.learn()
    const decoder = new FastDecoder(cellsOf(bytes.buffer), this.#dictionary.names)
    decoder.begin(0, 0)
    return decoder.value()
  }

  #packedItem(value: unknown): Item {
    if (value instanceof Sealed) return Item.inBytes(PACKED, value.bytes, true)
    const { packed } = pack(value, this.#path, { bytesOnly: 'queue' })
    try {
      return Item.inBytes(PACKED, toBytes(packed), true)
    } catch (error) {
      throw cannotPost(error, this.#path)
    }
  }
}

function open(bytes: Uint8Array): unknown {
  return staysSealed() ? new Sealed(bytes.slice()) : unpack(fromBytes(bytes) as Packed)
}

/** A typed array, or an ArrayBuffer, too long for the fast encoder. */
function rawItem(value: unknown): Item | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const kind = rawKinds.get(Object.getPrototypeOf(value))
  if (kind === undefined || isMarkedForTransfer(value)) return undefined
  const isView = ArrayBuffer.isView(value)
  const buffer = isView ? value.buffer : value
  // Whoever has only the prototype, shared memory, and what can grow: structured clone knows what to do.
  if (!(buffer instanceof ArrayBuffer) || buffer.resizable || isView !== kind > RAW) return undefined
  const { byteLength } = value as ArrayBuffer | ArrayBufferView
  if (byteLength <= LONGEST_VIEW) return undefined
  return Item.inBytes(kind, new Uint8Array(buffer, isView ? value.byteOffset : 0, byteLength), false)
}

function viewOf(kind: number, bytes: Uint8Array<ArrayBuffer>): unknown {
  return kind === RAW ? bytes.buffer : new VIEW_TYPES[kind - RAW - 1]!(bytes.buffer)
}
