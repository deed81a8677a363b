/**
 * ItemIterator: the items of a queue for one `for await`, until the queue is shut down.
 *
 * It asks for an item only when the loop does. So a loop that is left has taken nothing that it did not handle, and many
 * loops share the items of a queue. It is no async generator: those await what they yield, and an item that is a promise
 * would not come out as the same.
 */
import { QueueShutDown } from '../errors.ts'
import { isCancelled, Waiter } from './wait-line.ts'

export type Getter<T> = Waiter<void, T>

type Result<T> = IteratorResult<T, undefined>

const END = { done: true, value: undefined } as const

/** The queue, as far as items are there at once. */
interface Source<T> {
  readonly empty: boolean
  tryGet(): T
}

export class ItemIterator<T> implements AsyncIterableIterator<T, undefined> {
  readonly #source: Source<T>
  readonly #serve: (getter: Getter<T>) => void
  readonly #leave: (getter: Getter<T>) => void
  /** What this loop waits for, and how to end that: one thing, unless somebody calls `next` by hand. */
  readonly #waiting = new Map<Getter<T>, (end: Result<T>) => void>()
  #left = false

  /** `serve` settles a getter, now or when there is something for it; `leave` takes out one that waits. */
  constructor(source: Source<T>, serve: (getter: Getter<T>) => void, leave: (getter: Getter<T>) => void) {
    this.#source = source
    this.#serve = serve
    this.#leave = leave
  }

  next(): Promise<Result<T>> {
    if (this.#left) return Promise.resolve(END)
    return this.#source.empty || isCancelled() ? this.#wait() : this.#take()
  }

  /** The loop is left. A `next` that still waits ends too, so that no item goes to somebody who has gone. */
  return(): Promise<Result<T>> {
    this.#left = true
    for (const [getter, resolve] of this.#waiting) {
      this.#leave(getter)
      resolve(END)
    }
    this.#waiting.clear()
    return Promise.resolve(END)
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async #take(): Promise<Result<T>> {
    return { done: false, value: this.#source.tryGet() }
  }

  #wait(): Promise<Result<T>> {
    return new Promise((resolve, reject) => {
      const getter: Getter<T> = new Waiter(
        undefined,
        value => {
          this.#waiting.delete(getter)
          resolve({ done: false, value })
        },
        reason => {
          this.#waiting.delete(getter)
          if (reason instanceof QueueShutDown) resolve(END)
          else reject(reason)
        },
      )
      this.#waiting.set(getter, resolve)
      this.#serve(getter)
    })
  }
}
