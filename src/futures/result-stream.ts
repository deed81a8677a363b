/** ResultStream: the results of a map, to be read one by one or all together. */
import type { BatchResult } from './executor.ts'

/** Where the results come from, a batch at a time. */
export interface ResultSource {
  /** The next batch, undefined at the end. Not called again before it has resolved. Never rejects. */
  next(): Promise<BatchResult | undefined>
  /** The batch that came last has been read. */
  release(): void
  /** The reader wants no more. Rejects with what closing the inputs throws. */
  close(): Promise<void>
}

const NOTHING: readonly unknown[] = []
const DONE = { done: true, value: undefined } as const

/**
 * The results of `executor.map()`. It can be read once: by `for await`, or by `toArray()`.
 *
 * The error of a call comes out when its result is reached, after those before it; what is left is then cancelled
 * and the stream is at its end, as in Python up to 3.14.
 */
export class ResultStream<T> implements AsyncIterableIterator<T, undefined> {
  readonly #source: ResultSource
  /** The batch that is being read, from `#index` up to `#end`, where an error or the next batch follows. */
  #values: readonly unknown[] = NOTHING
  #index = 0
  #end = 0
  #failure: { readonly error: unknown } | undefined = undefined
  #finished = false
  /** Reads that wait for a batch, and those behind them. */
  #waiting = 0
  #lastRead: Promise<unknown> = Promise.resolve()

  constructor(source: ResultSource) {
    this.#source = source
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /** The next result. Rejects with the error of its call. */
  next(): Promise<IteratorResult<T, undefined>> {
    // What has arrived is handed out by a promise that is resolved already: no turn of the event loop for each item.
    if (this.#index < this.#end && this.#waiting === 0) return Promise.resolve({ done: false, value: this.#take() })
    return this.#inTurn(async () => {
      while (this.#index === this.#end && (await this.#advance()));
      return this.#index < this.#end ? { done: false, value: this.#take() } : DONE
    })
  }

  /** All results that are left, in an array. Rejects with the first error, and cancels the rest. */
  toArray(): Promise<T[]> {
    return this.#inTurn(async () => {
      const parts: (readonly unknown[])[] = []
      do {
        parts.push(
          this.#index === 0 && this.#end === this.#values.length
            ? this.#values
            : this.#values.slice(this.#index, this.#end),
        )
        this.#released()
      } while (await this.#advance())
      return joined(parts) as T[]
    })
  }

  /**
   * Ends the stream, as leaving a `for await` loop does: calls that wait are cancelled, those that run are asked to stop
   * and stopped after `grace`, the inputs are closed. Resolves when the inputs are closed. It does not wait for the
   * calls that run, as `executor.shutdown()` does: one that cannot be stopped would hold the reader for ever.
   */
  async return(): Promise<IteratorResult<T, undefined>> {
    if (!this.#finished) {
      this.#finish()
      await this.#source.close()
    }
    return DONE
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return()
  }

  #take(): T {
    const value = this.#values[this.#index++] as T
    if (this.#index === this.#end) this.#released()
    return value
  }

  /** The reader has all values of the batch: others may be computed. */
  #released(): void {
    if (this.#values !== NOTHING && this.#failure === undefined) this.#source.release()
    this.#values = NOTHING
    this.#index = 0
    this.#end = 0
  }

  /** Gets the next batch. Resolves to false at the end; rejects with the error that is reached. */
  async #advance(): Promise<boolean> {
    if (this.#failure !== undefined) {
      const { error } = this.#failure
      this.#finish()
      // The error of the call has precedence over those of closing the inputs, as in a `for` loop.
      this.#source.close().catch(() => {})
      throw error
    }
    if (this.#finished) return false
    const batch = await this.#source.next()
    // `return()` may have been called while this waited.
    if (batch === undefined || this.#finished) {
      this.#finished = true
      return false
    }
    this.#failure = batch.failures?.[0]
    this.#values = batch.values
    this.#end = batch.failures?.[0]?.index ?? batch.values.length
    return true
  }

  #finish(): void {
    this.#finished = true
    this.#failure = undefined
    this.#values = NOTHING
    this.#index = 0
    this.#end = 0
  }

  /** Runs `read` after the reads before it: `next()` may be called again before it has resolved. */
  #inTurn<R>(read: () => Promise<R>): Promise<R> {
    this.#waiting++
    const turn = this.#lastRead.then(read).finally(() => this.#waiting--)
    this.#lastRead = turn.catch(() => {})
    return turn
  }
}

/** Below the number of arguments that any runtime takes. */
const PARTS_AT_ONCE = 4096

/** All items of the parts. `concat` of many arrays copies each item once, where growing one array copies it several times. */
function joined(parts: readonly (readonly unknown[])[]): unknown[] {
  if (parts.length <= PARTS_AT_ONCE) return ([] as unknown[]).concat(...parts)
  const groups: unknown[][] = []
  for (let at = 0; at < parts.length; at += PARTS_AT_ONCE) groups.push(joined(parts.slice(at, at + PARTS_AT_ONCE)))
  return joined(groups)
}
