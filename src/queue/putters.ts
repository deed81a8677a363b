/** Putters: those who put items into a SharedQueue, and wait for room. */
import { CannotSendError, type QueueFull } from '../errors.ts'
import { currentScope } from '../limits/scope.ts'
import { BYTES_PER_CELL } from '../memory/ring.ts'
import { type BlockOptions, checkBlock, type WaitOptions } from '../sync/options.ts'
import type { Item } from './item.ts'
import { PieceWriter } from './pieces.ts'
import { nobody, type QueueWaits } from './queue-waits.ts'
import { isFull } from './sentences.ts'
import { Spin } from './spin.ts'
import { Trial } from './trial.ts'
import { inNextTurn, turnIsDue } from './turn.ts'

/** All puts that need not wait share one promise: making one would be half of their cost. */
const PUT: Promise<void> = Promise.resolve()

export class Putters {
  readonly #waits: QueueWaits
  readonly #trial = new Trial()
  readonly #spin = new Spin()

  constructor(waits: QueueWaits) {
    this.#waits = waits
  }

  put(value: unknown, options: WaitOptions | undefined): Promise<void> {
    try {
      const item = this.#waits.codec.encode(value)
      if (
        options !== undefined ||
        this.#waits.notFull.length > 0 ||
        currentScope()?.reason !== undefined ||
        this.#isLong(item) ||
        this.#offer(item) === undefined
      ) {
        return this.#wait(item.keep(), options)
      }
      return turnIsDue() ? inNextTurn(undefined) : PUT
    } catch (error) {
      return rejection(error as Error)
    }
  }

  putSync(value: unknown, options: BlockOptions | undefined): void {
    const item = this.#waits.codec.encode(value)
    // Kept apart, as what a closure there captures would be made here too.
    if (options !== undefined || this.#isLong(item) || this.#offer(item) === undefined) this.#block(item, options)
  }

  tryPut(value: unknown): void {
    const { codec, core, notFull, memory, label } = this.#waits
    const item = codec.encode(value)
    if (notFull.length > 0) throw this.#error(0)
    if (!this.#isLong(item)) {
      if (this.#offer(item) === undefined) throw this.#error(0)
      return
    }
    const pieces = new PieceWriter(item)
    const { ring } = memory
    if (pieces.cellsFor(ring.largest) > ring.size) {
      const size = `it takes ${item.length} bytes, and the ${label} has room for ${ring.size * BYTES_PER_CELL}`
      throw new CannotSendError('item', size, 'use put() or putSync(), which wait while it goes through in pieces')
    }
    if (core.putPieces(pieces, true)) return this.#waits.added()
    this.#giveUp(pieces)
    throw this.#error(0)
  }

  #isLong(item: Item): boolean {
    return item.cells > this.#waits.memory.ring.largest
  }

  #wait(item: Item, options: WaitOptions | undefined): Promise<void> {
    const { notFull } = this.#waits
    if (!this.#isLong(item))
      return notFull.wait(() => this.#trial.run(() => this.#offer(item)), options, this.#late).then(nothing)
    const pieces = new PieceWriter(item)
    return notFull
      .wait(() => this.#trial.run(() => this.#offerPieces(pieces)), options, this.#late)
      .then(
        () => this.#waits.freed(),
        (error: unknown) => {
          this.#giveUp(pieces)
          throw error
        },
      )
  }

  #block(item: Item, options: BlockOptions | undefined): void {
    const timeout = options === undefined ? Infinity : checkBlock(options).timeout
    if (this.#isLong(item)) return this.#blockInPieces(new PieceWriter(item), options)
    const { core, memory, notFull } = this.#waits
    if (this.#offer(item) !== undefined) return
    const hasRoom = (): boolean => memory.ring.free >= item.cells && !core.isFull
    if (timeout !== 0 && notFull.shared && this.#spin.until(hasRoom, undefined) && this.#offer(item) !== undefined)
      return
    notFull.block(() => this.#offerBlocked(item), options, this.#late, nobody)
  }

  #blockInPieces(pieces: PieceWriter, options: BlockOptions | undefined): void {
    try {
      this.#waits.notFull.block(() => this.#offerPieces(pieces), options, this.#late, nobody)
      this.#waits.freed()
    } catch (error) {
      this.#giveUp(pieces)
      throw error
    }
  }

  /** Puts it if there is room. */
  #offer(item: Item): true | undefined {
    if (!this.#waits.core.put(item)) return undefined
    this.#waits.added()
    return true
  }

  /** While this thread is blocked, a task of it that has the turn to write cannot go on of itself. */
  #offerBlocked(item: Item): true | undefined {
    if (this.#waits.core.isOwnTurn) this.#waits.notFull.wake()
    return this.#offer(item)
  }

  /** Puts as much of it as there is room for. */
  #offerPieces(pieces: PieceWriter): true | undefined {
    const { core, memory, notFull } = this.#waits
    if (core.isOwnTurn && pieces.serial === 0) notFull.wake()
    // A task of this thread may take the pieces, and make room for more, before this comes back.
    let isWhole
    do {
      isWhole = core.putPieces(pieces, false)
      if (pieces.serial !== 0) this.#waits.added()
    } while (!isWhole && pieces.serial !== 0 && pieces.hasRoom(memory.ring))
    return isWhole || undefined
  }

  #giveUp(pieces: PieceWriter): void {
    if (pieces.serial === 0) return
    this.#waits.core.giveUp(pieces)
    this.#waits.arrivals.wake()
    this.#waits.freed()
  }

  #error(timeout: number): QueueFull {
    return isFull(this.#waits.label, this.#waits.core.size, timeout)
  }

  readonly #late = (timeout: number): never => {
    throw this.#error(timeout)
  }
}

function rejection(reason: Error): Promise<never> {
  return Promise.reject(reason)
}

function nothing(): void {}
