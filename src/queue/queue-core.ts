/**
 * QueueCore: the algorithm of SharedQueue, without the waiting.
 *
 * One mutex for those who write into the ring and one for those who read, so that a producer and a consumer never meet
 * but at the two cursors (Michael and Scott's queue of two locks, 1996). Both mutexes survive their owners.
 *
 * An item that is longer than a record gives its thread a *turn*: from the first piece to the last no other thread writes,
 * or reads. A turn is held for longer than a mutex, so whoever finds it taken waits as for room, or for an item. The word
 * of a turn names its thread; if that has died, the next one who looks clears up.
 */
import { compareExchange, load, store } from '../memory/atomics.ts'
import { isAlive, ownIdentity } from '../memory/thread-table.ts'
import { Entrances } from './entrances.ts'
import type { Item } from './item.ts'
import type { ItemCodec } from './item-codec.ts'
import { Assembly, FIRST_PIECE, isLaterPiece, type PieceWriter } from './pieces.ts'
import { DONE, IS_SHUT_DOWN, MAX_SIZE, type QueueMemory, READER, SERIAL, START, WRITER } from './queue-memory.ts'
import { ENDS_ITEM, type RecordRing } from './record-ring.ts'
import { refusesItems } from './sentences.ts'

/** What `read` found of an item that comes in pieces. */
export const COMES = 0
export const IS_HERE = 1
/** Its writer gave it up, or died over it. */
const IS_LOST = 2
export type Progress = typeof COMES | typeof IS_HERE | typeof IS_LOST

export class QueueCore {
  readonly #entrances: Entrances
  readonly #words: Int32Array
  readonly #ring: RecordRing
  readonly #codec: ItemCodec
  readonly #label: string
  /** Of the item that was taken last. */
  kind = 0
  length = 0
  /** Whether the last `take` made room without an item: it found what a reader has left that died. */
  hasSkipped = false

  constructor(memory: QueueMemory, codec: ItemCodec, label: string) {
    this.#entrances = new Entrances(memory)
    this.#words = memory.words
    this.#ring = memory.ring
    this.#codec = codec
    this.#label = label
  }

  // ── producers ──

  /** Puts an item that fits into a record. False if it has to wait. Throws QueueShutDown. */
  put(item: Item): boolean {
    this.#entrances.enterProducers()
    try {
      if (!this.#mayPut()) return false
      const { cells } = item
      const ring = this.#ring
      const at = ring.open(cells)
      if (at < 0) return false
      item.writeTo(ring, at)
      ring.close(at, cells, item.kind | ENDS_ITEM, item.length)
      return true
    } finally {
      this.#entrances.leaveProducers()
    }
  }

  /**
   * Puts as much of an item as there is room for, in pieces, and keeps the turn until it is called again. True when all of
   * it is there. With `atOnce`, all or nothing. Throws QueueShutDown, and has given up then.
   */
  putPieces(pieces: PieceWriter, atOnce: boolean): boolean {
    const words = this.#words
    const ring = this.#ring
    this.#entrances.enterProducers()
    try {
      if (pieces.serial === 0) {
        if (!this.#mayPut() || (atOnce && ring.free < pieces.cellsFor(ring.largest))) return false
        pieces.serial = (words[SERIAL]! + 1) | 0 || 1
        store(words, SERIAL, pieces.serial)
        store(words, START, ring.tail)
        store(words, WRITER, ownIdentity())
      } else if (!this.#hasTurn(pieces)) throw refusesItems(this.#label)
      if (!pieces.write(ring)) return false
      store(words, WRITER, 0)
      return true
    } finally {
      this.#entrances.leaveProducers()
    }
  }

  /** Takes back what was written of an item, and gives up the turn. */
  giveUp(pieces: PieceWriter): void {
    this.#entrances.enterProducers()
    try {
      if (this.#hasTurn(pieces)) this.#clearTurn()
    } finally {
      this.#entrances.leaveProducers()
    }
  }

  /** Whether a thread that is alive writes an item in pieces. */
  get isWriting(): boolean {
    const writer = load(this.#words, WRITER)
    return writer !== 0 && isAlive(writer)
  }

  /** Whether a task of this thread does. */
  get isOwnTurn(): boolean {
    return this.#words[WRITER] === ownIdentity()
  }

  /** Whether there is room for any record. */
  get hasRoom(): boolean {
    return this.#ring.free >= 2 * this.#ring.largest && !this.isFull && !this.isWriting
  }

  get isFull(): boolean {
    const most = load(this.#words, MAX_SIZE)
    return most > 0 && this.#count >= most
  }

  #mayPut(): boolean {
    const words = this.#words
    if (words[IS_SHUT_DOWN] !== 0) throw refusesItems(this.#label)
    if (words[WRITER] !== 0) {
      if (this.isWriting) return false
      this.#clearTurn()
    }
    return words[MAX_SIZE]! <= 0 || !this.isFull
  }

  #hasTurn({ serial }: PieceWriter): boolean {
    return serial !== 0 && this.#words[SERIAL] === serial && this.#words[WRITER] === ownIdentity()
  }

  /** Takes back what the writer that has the turn has written of its item. */
  #clearTurn(): void {
    this.#entrances.enterConsumersToo()
    this.#ring.takeBack(this.#words[START]!)
    this.#entrances.leaveConsumers()
    store(this.#words, WRITER, 0)
  }

  // ── consumers ──

  /**
   * Takes the next item into the codec, and says in `kind` and `length` what it is: true. False if there is none. If it
   * comes in pieces, this thread has the turn to read from then on, and gets what will become of them.
   */
  take(): boolean | Assembly {
    const ring = this.#ring
    this.hasSkipped = false
    this.#entrances.enterConsumers()
    try {
      if (!this.#mayTake()) return false
      for (;;) {
        const at = ring.peek()
        if (at < 0) return false
        const kind = ring.kindOf(at)
        if (kind === FIRST_PIECE) {
          store(this.#words, READER, ownIdentity())
          return new Assembly(ring, at)
        }
        if (!isLaterPiece(kind)) {
          this.#codec.receive(ring, at)
          this.kind = kind & ~ENDS_ITEM
          this.length = ring.lengthOf(at)
          ring.advance(at)
          return true
        }
        ring.advance(at)
        this.hasSkipped = true
      }
    } finally {
      this.#entrances.leaveConsumers()
    }
  }

  /** Reads what has come of an item, for which this thread has the turn. */
  read(assembly: Assembly): Progress {
    const ring = this.#ring
    this.#entrances.enterConsumers()
    try {
      for (;;) {
        let at = ring.peek()
        if (at < 0) {
          if (this.#comes(assembly.serial)) return COMES
          // The last pieces may have been published before the writer gave its turn up.
          at = ring.peek()
        }
        if (at < 0 || !assembly.isNext(ring, at)) return this.#endReading(IS_LOST)
        assembly.add(ring, at)
        const isLast = (ring.kindOf(at) & ENDS_ITEM) !== 0
        ring.advance(at)
        if (isLast) return this.#endReading(IS_HERE)
      }
    } finally {
      this.#entrances.leaveConsumers()
    }
  }

  /** Whether there is something in the ring, be it a part of an item, that this thread may take. */
  get hasSome(): boolean {
    return !this.#ring.isEmpty && this.#mayTake()
  }

  /** Whether what comes next is the beginning of an item that is still being written. */
  get comesInPieces(): boolean {
    return this.size === 0 && !this.#ring.isEmpty && this.isWriting
  }

  #mayTake(): boolean {
    // Who looks without the mutex may see what was a moment ago, and has to look again in any case.
    const reader = this.#words[READER]!
    // What a reader has left that died, is skipped by whoever takes next.
    return reader === 0 || !isAlive(reader)
  }

  #comes(serial: number): boolean {
    return this.isWriting && load(this.#words, SERIAL) === serial
  }

  #endReading(progress: Progress): Progress {
    store(this.#words, READER, 0)
    return progress
  }

  // ── both ──

  /** Whether there is nothing at all, nor a part of an item. */
  get isEmpty(): boolean {
    return this.#ring.isEmpty
  }

  /** How many whole items there are. */
  get size(): number {
    this.#entrances.clearUp()
    return this.#count
  }

  get unfinished(): number {
    this.#entrances.clearUp()
    return (this.#ring.written - load(this.#words, DONE)) | 0
  }

  get #count(): number {
    return Math.max(0, (this.#ring.written - this.#ring.read) | 0)
  }

  get isShutDown(): boolean {
    return load(this.#words, IS_SHUT_DOWN) !== 0
  }

  /** So many items are done, or as many as are unfinished. Returns how many were. */
  done(count: number): number {
    const words = this.#words
    for (;;) {
      const before = load(words, DONE)
      const done = Math.min(count, (this.#ring.written - before) | 0)
      if (done <= 0) return 0
      if (compareExchange(words, DONE, before, (before + done) | 0) === before) return done
    }
  }

  /** Takes no more items; with `immediate`, drops those that there are. */
  shutdown(immediate: boolean): void {
    const words = this.#words
    this.#entrances.enterProducers()
    try {
      store(words, IS_SHUT_DOWN, 1)
      if (words[WRITER] !== 0) this.#clearTurn()
      if (!immediate) return
      this.#entrances.enterConsumersToo()
      const dropped = this.#ring.clear()
      this.#entrances.leaveConsumers()
      this.done(dropped)
    } finally {
      this.#entrances.leaveProducers()
    }
  }
}
