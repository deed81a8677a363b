/** Sender: those who send messages by one end of a pipe, and wait for room. */
import { InvalidStateError, TimeoutError } from '../errors.ts'
import { currentScope } from '../limits/scope.ts'
import { type BlockOptions, checkBlock, type WaitOptions } from '../sync/options.ts'
import type { Channel } from './channel.ts'
import type { End } from './end.ts'
import type { Item } from './item.ts'
import { PieceWriter } from './pieces.ts'
import { nobody } from './queue-waits.ts'
import { Spin } from './spin.ts'
import { inNextTurn, turnIsDue } from './turn.ts'

/** All sends that need not wait share one promise: making one would be half of their cost. */
const SENT: Promise<void> = Promise.resolve()

export class Sender {
  readonly #end: End
  readonly #spin = new Spin()

  constructor(end: End) {
    this.#end = end
  }

  send(value: unknown, options: WaitOptions | undefined): Promise<void> {
    try {
      const channel = this.#channel
      const item = channel.codec.encode(value)
      if (
        options !== undefined ||
        channel.notFull.length > 0 ||
        currentScope()?.reason !== undefined ||
        channel.isLong(item) ||
        this.#offer(channel, item) === undefined
      ) {
        return this.#wait(channel, item.keep(), options)
      }
      return turnIsDue() ? inNextTurn(undefined) : SENT
    } catch (error) {
      return rejection(error as Error)
    }
  }

  sendSync(value: unknown, options: BlockOptions | undefined): void {
    const channel = this.#channel
    const item = channel.codec.encode(value)
    // Kept apart, as what a closure there captures would be made here too.
    if (options !== undefined || channel.isLong(item) || this.#offer(channel, item) === undefined) {
      this.#block(channel, item, options)
    }
  }

  /** The channel, if this end is open here and sends. */
  get #channel(): Channel {
    this.#end.check()
    const channel = this.#end.output
    if (channel === undefined) throw new InvalidStateError(`cannot send: this ${this.#end.label} only receives`)
    return channel
  }

  #wait(channel: Channel, item: Item, options: WaitOptions | undefined): Promise<void> {
    const { notFull, sending } = channel
    if (!channel.isLong(item)) {
      return notFull.wait(() => sending.run(() => this.#offer(channel, item)), options, this.#late).then(nothing)
    }
    const pieces = new PieceWriter(item)
    return notFull
      .wait(() => sending.run(() => this.#offerPieces(channel, pieces)), options, this.#late)
      .then(nothing)
      .finally(() => channel.giveUp(pieces))
  }

  #block(channel: Channel, item: Item, options: BlockOptions | undefined): void {
    const timeout = options === undefined ? Infinity : checkBlock(options).timeout
    if (channel.isLong(item)) return this.#blockInPieces(channel, new PieceWriter(item), options)
    if (this.#offer(channel, item) !== undefined) return
    const { notFull, ring } = channel
    const hasRoom = (): boolean => ring.free >= item.cells
    if (
      timeout !== 0 &&
      notFull.shared &&
      this.#spin.until(hasRoom, undefined) &&
      this.#offer(channel, item) !== undefined
    )
      return
    notFull.block(() => this.#offerBlocked(channel, item), options, this.#late, nobody)
  }

  #blockInPieces(channel: Channel, pieces: PieceWriter, options: BlockOptions | undefined): void {
    try {
      channel.notFull.block(() => this.#offerPieces(channel, pieces), options, this.#late, nobody)
    } finally {
      channel.giveUp(pieces)
    }
  }

  /** Sends it if there is room. */
  #offer(channel: Channel, item: Item): true | undefined {
    this.#check()
    return channel.send(item) || undefined
  }

  /** While this thread is blocked, a task that is in the middle of a message cannot go on of itself. */
  #offerBlocked(channel: Channel, item: Item): true | undefined {
    if (channel.isLeaving) channel.notFull.wake()
    return this.#offer(channel, item)
  }

  /** Sends as much of it as there is room for. */
  #offerPieces(channel: Channel, pieces: PieceWriter): true | undefined {
    this.#check()
    if (channel.isLeaving && pieces.serial === 0) channel.notFull.wake()
    return channel.sendPieces(pieces) || undefined
  }

  #check(): void {
    this.#end.check()
    if (!this.#end.hasPeer) throw this.#end.brokenPipe()
  }

  readonly #late = (timeout: number): never => {
    const still = timeout === 0 ? '' : `, and still had none after ${timeout} ms`
    throw new TimeoutError(`the ${this.#end.label} has no room for the message${still}`)
  }
}

function rejection(reason: Error): Promise<never> {
  return Promise.reject(reason)
}

function nothing(): void {}
