/** End: what one end of a pipe may do, and in which thread. */
import { BrokenPipeError, EndOfFileError, InvalidStateError } from '../errors.ts'
import { label } from '../sync/inspect.ts'
import type { Channel } from './channel.ts'
import type { Duct } from './duct.ts'
import type { Side } from './duct-memory.ts'

export class End {
  readonly duct: Duct
  readonly side: Side
  /** Such as `Connection "jobs"`. */
  readonly label: string
  /** It was handed to another thread, which will have it as soon as it looks. */
  #isSent = false

  constructor(duct: Duct, side: Side) {
    this.duct = duct
    this.side = side
    this.label = label('Connection', duct.name)
  }

  get input(): Channel | undefined {
    return this.duct.in(this.side)
  }

  get output(): Channel | undefined {
    return this.duct.out(this.side)
  }

  /** Whether it can be used here. */
  get isClosed(): boolean {
    return this.#isSent || !this.duct.isOwn(this.side)
  }

  /** Whether somebody may still send to it, and receive from it. */
  get hasPeer(): boolean {
    return this.duct.isOpen((1 - this.side) as Side)
  }

  /** Throws InvalidStateError unless it can be used here. */
  check(): void {
    if (this.#isSent) throw new InvalidStateError(`the ${this.label} was sent to another thread, and belongs to it`)
    if (this.duct.isOwn(this.side)) return
    const fact = this.duct.isOpen(this.side) ? 'belongs to another thread' : 'is closed'
    throw new InvalidStateError(`the ${this.label} ${fact}`)
  }

  /** This thread has received it, perhaps back. */
  receive(): void {
    this.#isSent = false
    this.duct.take(this.side)
  }

  /** It is about to be sent to another thread. */
  send(): void {
    this.check()
    if (this.input?.isBusy === true || this.output?.isBusy === true) {
      throw new InvalidStateError(`cannot send the ${this.label}: it is in the middle of a message`)
    }
    this.#isSent = true
  }

  close(): void {
    if (this.#isSent) this.duct.letGo(this.side)
    else if (this.duct.isOwn(this.side)) this.duct.close(this.side)
  }

  endOfFile(): EndOfFileError {
    return new EndOfFileError(`the other end of the ${this.label} is closed: there will be no more messages`)
  }

  brokenPipe(): BrokenPipeError {
    return new BrokenPipeError(`cannot send: the other end of the ${this.label} is closed`)
  }
}
