/**
 * Channel: one direction of a pipe, as one thread sees it.
 *
 * There is one writer and one reader, so nothing is locked: an end belongs to one thread at a time, and what handed it over
 * has made its words visible. If both ends belong to this thread, both have the same channels.
 */
import { WaitQueue } from '../sync/wait-queue.ts'
import type { ChannelMemory } from './duct-memory.ts'
import type { Item } from './item.ts'
import { ItemCodec } from './item-codec.ts'
import { KeyDictionary } from './key-dictionary.ts'
import { Assembly, FIRST_PIECE, isLaterPiece, type PieceWriter } from './pieces.ts'
import { ENDS_ITEM, type RecordRing } from './record-ring.ts'
import { taken } from './taken.ts'
import { Trial } from './trial.ts'

export class Channel {
  readonly codec: ItemCodec
  readonly ring: RecordRing
  readonly notEmpty: WaitQueue
  readonly notFull: WaitQueue
  /** The attempts of those who wait. */
  readonly receiving: Trial = new Trial()
  readonly sending: Trial = new Trial()
  /** A message that is being sent in pieces. Nothing else may come between them. */
  #leaving: PieceWriter | undefined = undefined
  /** A message of which pieces were received. */
  #coming: Assembly | undefined = undefined

  /** `label` and `look` of the pipe. */
  constructor(memory: ChannelMemory, label: string, look: () => string) {
    const dictionary = new KeyDictionary(memory.dictionary, add => add())
    this.codec = new ItemCodec(dictionary, 'message')
    this.ring = memory.ring
    this.notEmpty = new WaitQueue(memory.notEmpty, () => !this.ring.isEmpty, label, look)
    this.notFull = new WaitQueue(memory.notFull, () => this.ring.free > 0, label, look)
  }

  share(): void {
    this.notEmpty.share()
    this.notFull.share()
  }

  /** Everything is different: all have to look. */
  changed(): void {
    this.notEmpty.wakeAll()
    this.notFull.wakeAll()
  }

  /** How many whole messages were sent and not received. */
  get unread(): number {
    return Math.max(0, (this.ring.written - this.ring.read) | 0)
  }

  /** Whether there is a message, or the beginning of one. */
  get hasSome(): boolean {
    return !this.ring.isEmpty || this.#coming !== undefined
  }

  /** Whether a message is half sent or half received: then no other thread can go on. */
  get isBusy(): boolean {
    return this.#leaving !== undefined || this.#coming !== undefined
  }

  isLong(item: Item): boolean {
    return item.cells > this.ring.largest
  }

  /** Sends a message that fits into a record. False if there is no room. */
  send(item: Item): boolean {
    if (this.#leaving !== undefined) return false
    const { cells } = item
    const { ring } = this
    const at = ring.open(cells)
    if (at < 0) return false
    item.writeTo(ring, at)
    ring.close(at, cells, item.kind | ENDS_ITEM, item.length)
    this.notEmpty.wake()
    return true
  }

  /** Sends as much of a message as there is room for. True when that was all. */
  sendPieces(pieces: PieceWriter): boolean {
    if (this.#leaving === undefined) {
      // Another number than that of the message before: this one begins elsewhere.
      pieces.serial = this.ring.tail || 1
      this.#leaving = pieces
    } else if (this.#leaving !== pieces) return false
    // A task of this thread may receive the pieces, and make room for more, before this comes back.
    do {
      if (pieces.write(this.ring)) this.#leaving = undefined
      this.notEmpty.wake()
    } while (this.#leaving === pieces && pieces.hasRoom(this.ring))
    return this.#leaving !== pieces
  }

  /** Whether a task of this thread is in the middle of a message. */
  get isLeaving(): boolean {
    return this.#leaving !== undefined
  }

  /** What was sent of a message stays without an end, and the reader lets go of it. */
  giveUp(pieces: PieceWriter): void {
    if (this.#leaving !== pieces) return
    this.#leaving = undefined
    this.notFull.wake()
  }

  /** Receives the next message if it is here. Throws what its decoding throws; it is lost then. */
  receive(): unknown {
    const { ring } = this
    for (;;) {
      const at = ring.peek()
      if (at < 0) return undefined
      const kind = ring.kindOf(at)
      const itsKind = kind & ~ENDS_ITEM
      if (itsKind === FIRST_PIECE || isLaterPiece(kind)) {
        const whole = this.#receivePiece(at, itsKind)
        if (whole !== undefined) return taken(this.codec.decodeBytes(whole.kind, whole.bytes))
      } else {
        const length = ring.lengthOf(at)
        this.#coming = undefined
        this.codec.receive(ring, at)
        ring.advance(at)
        this.notFull.wake()
        return taken(this.codec.decode(itsKind, length))
      }
    }
  }

  /** The other side is gone: what it had begun to send will not come. */
  letGo(): void {
    this.#coming = undefined
  }

  /** Returns the message of which this was the last piece. */
  #receivePiece(at: number, kind: number): Assembly | undefined {
    const { ring } = this
    if (kind === FIRST_PIECE) {
      this.#coming = new Assembly(ring, at)
      this.#coming.prepare()
    }
    const coming = this.#coming
    // Of a message whose reader has died, or whose beginning was received by nobody.
    const isLost = coming === undefined || !coming.isNext(ring, at)
    if (!isLost) coming.add(ring, at)
    const isLast = (ring.kindOf(at) & ENDS_ITEM) !== 0
    ring.advance(at)
    if (isLast || isLost) this.#coming = undefined
    this.notFull.wake()
    return isLast && !isLost ? coming : undefined
  }
}
