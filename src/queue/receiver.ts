/** Receiver: those who receive messages by one end of a pipe, and wait for some. */
import { EndOfFileError, InvalidStateError, TimeoutError } from '../errors.ts'
import { currentScope } from '../limits/scope.ts'
import { type BlockOptions, checkBlock, type WaitOptions } from '../sync/options.ts'
import type { Channel } from './channel.ts'
import type { End } from './end.ts'
import { nobody } from './queue-waits.ts'
import type { Result, Source } from './shared-iterator.ts'
import { Spin } from './spin.ts'
import { here, Taken } from './taken.ts'
import { inNextTurn, turnIsDue } from './turn.ts'

export class Receiver<T> implements Source<T> {
  readonly #end: End
  readonly #spin = new Spin()

  constructor(end: End) {
    this.#end = end
  }

  receive(options: WaitOptions | undefined): Promise<T> {
    if (options === undefined && this.#isNext) {
      try {
        const found = this.#look(this.#take, Infinity, true)
        if (found !== undefined) {
          const value = (found instanceof Taken ? found.content : found) as T | Promise<T>
          return turnIsDue() ? inNextTurn(value) : Promise.resolve(value)
        }
      } catch (error) {
        return rejection(error as Error)
      }
    }
    return this.#wait(options)
  }

  receiveSync(options: BlockOptions | undefined): T {
    const timeout = options === undefined ? Infinity : checkBlock(options).timeout
    const soon = this.#look(this.#take, timeout, false)
    // Not by `??`: a message may be null.
    const found = soon === undefined ? this.#block(this.#take, options, this.#late) : soon
    return (found instanceof Taken ? here(found.content) : found) as T
  }

  poll(options: WaitOptions): Promise<boolean> {
    try {
      return this.#channel.notEmpty.wait(this.#see, { timeout: 0, ...options }, no)
    } catch (error) {
      return rejection(error as Error)
    }
  }

  pollSync(options: BlockOptions): boolean {
    const { timeout } = checkBlock({ timeout: 0, ...options })
    return this.#look(this.#see, timeout, false) ?? this.#block(this.#see, { timeout }, no)
  }

  // ── for loops ──

  now(): Promise<Result<T>> | undefined {
    if (!this.#isNext || turnIsDue()) return undefined
    const found = this.#look(this.#take, Infinity, true)
    if (found === undefined) return undefined
    if (!(found instanceof Taken)) return Promise.resolve({ done: false, value: found })
    return Promise.resolve(found.content as T).then(value => ({ done: false, value }))
  }

  later(signal: AbortSignal): Promise<T> {
    return turnIsDue() ? inNextTurn(undefined).then(() => this.#wait({ signal })) : this.#wait({ signal })
  }

  isEnd(error: unknown): boolean {
    return error instanceof EndOfFileError
  }

  /** The channel, if this end is open here and receives. */
  get #channel(): Channel {
    this.#end.check()
    const channel = this.#end.input
    if (channel === undefined) throw new InvalidStateError(`cannot receive: this ${this.#end.label} only sends`)
    return channel
  }

  /** Whether a newcomer would be the next. */
  get #isNext(): boolean {
    return (this.#end.input?.notEmpty.length ?? 0) === 0 && currentScope()?.reason === undefined
  }

  #wait(options: WaitOptions | undefined): Promise<T> {
    try {
      const { notEmpty, receiving } = this.#channel
      return notEmpty
        .wait(() => receiving.run(this.#take), options, this.#late)
        .then(found => (found instanceof Taken ? found.content : found) as T)
    } catch (error) {
      return rejection(error as Error)
    }
  }

  /** Looks some times before one sleeps. `awaits`: on the event loop; else this thread will block. */
  #look<R>(attempt: () => R | undefined, timeout: number, awaits: boolean): R | undefined {
    const found = attempt()
    return found === undefined && timeout !== 0 && this.#comesSoon(awaits) ? attempt() : found
  }

  /** Whether another thread sends something in the next moment. */
  #comesSoon(awaits: boolean): boolean {
    const { notEmpty, ring } = this.#channel
    return notEmpty.shared && this.#spin.until(() => !ring.isEmpty, awaits ? notEmpty : undefined)
  }

  #block<R>(attempt: () => R | undefined, options: BlockOptions | undefined, late: (timeout: number) => R): R {
    return this.#channel.notEmpty.block(attempt, options, late, nobody)
  }

  /** Takes the next message if it is here. Throws EndOfFileError if there will be none. */
  readonly #take = (): T | Taken | undefined => {
    const channel = this.#channel
    const found = channel.receive()
    if (found !== undefined || this.#end.hasPeer) return found as T | Taken | undefined
    // What the other sent before it went may have come after the look.
    const last = channel.receive()
    if (last !== undefined) return last as T | Taken
    channel.letGo()
    throw this.#end.endOfFile()
  }

  /** Whether receiving would begin at once, be it to say that there will be no more. */
  readonly #see = (): true | undefined => (this.#channel.hasSome || !this.#end.hasPeer ? true : undefined)

  readonly #late = (timeout: number): never => {
    const after = timeout === 0 ? '' : `, and still had none after ${timeout} ms`
    throw new TimeoutError(`the ${this.#end.label} has no message${after}`)
  }
}

function no(): boolean {
  return false
}

function rejection(reason: Error): Promise<never> {
  return Promise.reject(reason)
}
