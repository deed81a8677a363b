/**
 * Unfinished: how many items of a queue are not done yet, and who waits until none is.
 *
 * A consumer that dies leaves its item unfinished for ever, and then whoever joins the queue waits for nothing: that is
 * told (sync/waiters.ts) instead of ending the program in silence.
 */
import { InvalidStateError } from '../errors.ts'
import { throwIfInterrupted } from '../limits/interruption.ts'
import { checkWait, type WaitOptions } from '../sync/options.ts'
import { type Awaited, waitBegins, waitEnds } from '../sync/waiters.ts'
import { isUnfinished } from './sentences.ts'
import { WaitLine, Waiter } from './wait-line.ts'

export class Unfinished implements Awaited {
  count = 0
  readonly label: string
  /** No other thread can do what is left. */
  readonly hopeful = false
  readonly #joiners = new WaitLine<void, void>(
    () => waitBegins(this),
    () => waitEnds(this),
  )

  /** `label`: of the queue. */
  constructor(label: string) {
    this.label = label
  }

  /** How many tasks wait. */
  get length(): number {
    return this.#joiners.length
  }

  /** One is done. */
  done(): void {
    if (this.count === 0) {
      throw new InvalidStateError(`taskDone() was called more often than items were put into the ${this.label}`)
    }
    this.drop(1)
  }

  /** So many will not be done any more. */
  drop(count: number): void {
    this.count -= count
    if (this.count > 0) return
    for (let joiner = this.#joiners.shift(); joiner !== undefined; joiner = this.#joiners.shift()) joiner.resolve()
  }

  join(options: WaitOptions | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const timeout = options === undefined ? Infinity : checkWait(options).timeout
      throwIfInterrupted(options?.signal)
      if (this.count === 0) resolve()
      else if (timeout === 0) throw this.#late(0)
      else this.#joiners.enter(new Waiter(undefined, resolve, reject), timeout, options?.signal, this.#late)
    })
  }

  look(): string {
    return `${this.count} unfinished`
  }

  fail(error: Error): void {
    this.#joiners.fail(() => error)
  }

  readonly #late = (timeout: number): Error => isUnfinished(this.label, this.count, timeout)
}
