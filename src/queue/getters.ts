/** Getters: those who get items from a SharedQueue, and wait for some. */
import { InvalidStateError, type QueueEmpty, QueueShutDown } from '../errors.ts'
import { now } from '../limits/clock.ts'
import { currentScope } from '../limits/scope.ts'
import { type BlockOptions, checkBlock, type WaitOptions } from '../sync/options.ts'
import { Arrival } from './arrival.ts'
import { COMES } from './queue-core.ts'
import { nobody, type QueueWaits } from './queue-waits.ts'
import { hasNoMoreItems, isEmpty } from './sentences.ts'
import type { Source } from './shared-iterator.ts'
import { Spin } from './spin.ts'
import { here, Taken, taken } from './taken.ts'
import { Trial } from './trial.ts'
import { inNextTurn, turnIsDue } from './turn.ts'

export class Getters<T> implements Source<T> {
  readonly #waits: QueueWaits
  readonly #trial = new Trial()
  readonly #spin = new Spin()

  constructor(waits: QueueWaits) {
    this.#waits = waits
  }

  get(options: WaitOptions | undefined): Promise<T> {
    if (options === undefined && this.#waits.notEmpty.length === 0 && currentScope()?.reason === undefined) {
      try {
        const found = this.#takeNowOrSoon(true)
        if (found !== undefined) {
          if (found instanceof Taken) return this.#open(found, undefined, Infinity)
          return turnIsDue() ? inNextTurn(found) : Promise.resolve(found)
        }
      } catch (error) {
        return rejection(error as Error)
      }
    }
    return this.#wait(options)
  }

  getSync(options: BlockOptions | undefined): T {
    const timeout = options === undefined ? Infinity : checkBlock(options).timeout
    const deadline = timeout === Infinity ? Infinity : now() + timeout
    for (let left = timeout; ; left = Math.max(0, deadline - now())) {
      const found = this.#takeSync(left)
      if (!(found instanceof Taken)) return found
      const { content } = found
      if (!(content instanceof Arrival)) return here(content) as T
      this.#waits.arrivals.blockUntilEnded(content)
      if (content.isHere) return here(this.#decode(content)) as T
    }
  }

  tryGet(): T {
    const { core, notEmpty, arrivals, label } = this.#waits
    if (notEmpty.length > 0) throw this.#error(0)
    if (core.comesInPieces) {
      const what = `the next item of the ${label} is larger than its memory, and comes in pieces`
      throw new InvalidStateError(`${what}: get() and getSync() wait for the rest`)
    }
    const found = this.#take()
    if (found === undefined) throw this.#error(0)
    if (!(found instanceof Taken)) return found
    const { content } = found
    if (!(content instanceof Arrival)) return here(content) as T
    // It has begun to come between the two looks.
    arrivals.blockUntilEnded(content)
    return content.isHere ? (here(this.#decode(content)) as T) : this.tryGet()
  }

  // ── for loops ──

  now(): Promise<IteratorResult<T, undefined>> | undefined {
    if (this.#waits.notEmpty.length > 0 || currentScope()?.reason !== undefined || turnIsDue()) return undefined
    const found = this.#takeNowOrSoon(true)
    if (found === undefined) return undefined
    if (!(found instanceof Taken)) return Promise.resolve({ done: false, value: found })
    return this.#open(found, undefined, Infinity).then(value => ({ done: false, value }))
  }

  later(signal: AbortSignal): Promise<T> {
    return turnIsDue() ? inNextTurn(undefined).then(() => this.#wait({ signal })) : this.#wait({ signal })
  }

  isEnd(error: unknown): boolean {
    return error instanceof QueueShutDown
  }

  #wait(options: WaitOptions | undefined): Promise<T> {
    const deadline = options?.timeout === undefined ? Infinity : now() + options.timeout
    return this.#waits.notEmpty
      .wait(() => this.#trial.run(this.#take), options, this.#late)
      .then(found => (found instanceof Taken ? this.#open(found, options?.signal, deadline) : found))
  }

  /** What was taken, when it is there. */
  async #open({ content }: Taken, signal: AbortSignal | undefined, deadline: number): Promise<T> {
    if (!(content instanceof Arrival)) return content as T
    await this.#waits.arrivals.whenEnded(content)
    if (content.isHere) return this.#decode(content) as T
    return this.get({ signal, timeout: Math.max(0, deadline - now()) })
  }

  #takeSync(timeout: number): T | Taken {
    const found = timeout === 0 ? this.#take() : this.#takeNowOrSoon(false)
    if (found !== undefined) return found
    return this.#waits.notEmpty.block(this.#take, timeout === Infinity ? undefined : { timeout }, this.#late, nobody)
  }

  /** Takes the next item, also if another thread puts it in the next moment. `awaits`: else this thread will block. */
  #takeNowOrSoon(awaits: boolean): T | Taken | undefined {
    const found = this.#take()
    if (found !== undefined) return found
    const { notEmpty } = this.#waits
    if (!notEmpty.shared || !this.#spin.until(this.#hasSome, awaits ? notEmpty : undefined)) return undefined
    return this.#take()
  }

  readonly #hasSome = (): boolean => this.#waits.core.hasSome

  /** Takes the next item if there is one. Throws QueueShutDown if there will be none. */
  readonly #take = (): T | Taken | undefined => {
    const { arrivals, codec, core, label } = this.#waits
    // While this thread is blocked, an item that arrives in it cannot go on of itself.
    arrivals.step()
    for (;;) {
      const found = core.take()
      if (found === true) {
        this.#waits.freed()
        return taken(codec.decode(core.kind, core.length)) as T | Taken
      }
      if (found === false) {
        if (core.hasSkipped) this.#waits.freed()
        if (!core.isShutDown) return undefined
        if (core.isEmpty) throw hasNoMoreItems(label)
        // The last ones may have come before the shutdown, after the look.
        if (!core.hasSome) return undefined
        continue
      }
      const arrival = arrivals.begin(found)
      if (arrival.progress === COMES) return new Taken(arrival)
      if (arrival.isHere) return taken(this.#decode(arrival)) as T | Taken
    }
  }

  #decode({ assembly }: Arrival): unknown {
    return this.#waits.codec.decodeBytes(assembly.kind, assembly.bytes)
  }

  #error(timeout: number): QueueEmpty {
    return isEmpty(this.#waits.label, timeout)
  }

  readonly #late = (timeout: number): never => {
    throw this.#error(timeout)
  }
}

function rejection(reason: Error): Promise<never> {
  return Promise.reject(reason)
}
