/**
 * SharedIterator: the items of a SharedQueue, or the messages of a pipe, for one `for await`, until there will be no more.
 *
 * It asks for an item only when the loop does, so a loop that is left has taken nothing that it did not handle.
 */

export type Result<T> = IteratorResult<T, undefined>

const END = { done: true, value: undefined } as const

/** What it reads from. */
export interface Source<T> {
  /** A step with the next item, if it is there and nobody else waits. */
  now(): Promise<Result<T>> | undefined
  /** The next item, when it is there. */
  later(signal: AbortSignal): Promise<T>
  /** Whether the error says that there will be no more. */
  isEnd(error: unknown): boolean
}

export class SharedIterator<T> implements AsyncIterableIterator<T, undefined> {
  readonly #source: Source<T>
  readonly #left = new AbortController()

  constructor(source: Source<T>) {
    this.#source = source
  }

  next(): Promise<Result<T>> {
    if (this.#left.signal.aborted) return Promise.resolve(END)
    try {
      const step = this.#source.now()
      if (step !== undefined) return step
    } catch (error) {
      return this.#ended(error)
    }
    return this.#source.later(this.#left.signal).then(
      value => ({ done: false, value }),
      (error: unknown) => this.#ended(error),
    )
  }

  /** The loop is left. A `next` that still waits ends too, so that no item goes to somebody who has gone. */
  return(): Promise<Result<T>> {
    this.#left.abort(END)
    return Promise.resolve(END)
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async #ended(error: unknown): Promise<Result<T>> {
    if (error === END || this.#source.isEnd(error)) return END
    throw error
  }
}
