/** Completions: tasks and futures in the order in which they finish. What `asCompleted` returns. */
import { TimeoutError } from '../errors.ts'
import { now } from '../limits/clock.ts'
import { onInterruption, throwIfInterrupted } from '../limits/interruption.ts'
import { type FutureLike, markSeen } from './future-like.ts'

/**
 * What is done, for `for await`: TypeScript takes the items of an async iterable for awaited, and would give the loop the
 * type of the value. What the loop gets is the task or the future. Read it with `result()` and `exception()`.
 */
export type Finished<F extends FutureLike<unknown>> = F & { readonly then: never }

export interface CompletionOptions {
  readonly timeout: number
  readonly signal: AbortSignal | undefined
  /** Called once when nobody reads any more, or all have come by. The last read waits for it. */
  readonly whenOver?: (() => Promise<void>) | undefined
}

type Step<F extends FutureLike<unknown>> = IteratorResult<Finished<F>, undefined>

const DONE = { done: true, value: undefined } as const

interface Reader<F extends FutureLike<unknown>> {
  readonly resolve: (step: Step<F> | PromiseLike<Step<F>>) => void
  readonly release: () => void
}

// Not an async generator: that awaits what it yields, and would give the values of the futures.
export class Completions<F extends FutureLike<unknown>> implements AsyncIterableIterator<Finished<F>, undefined> {
  readonly #total: number
  readonly #open = new Set<FutureLike<unknown>>()
  readonly #options: CompletionOptions
  readonly #called = now()
  #finished: Finished<F>[] = []
  #readers: Reader<F>[] = []
  #over: Promise<void> | undefined = undefined

  constructor(items: ReadonlySet<F>, options: CompletionOptions) {
    this.#total = items.size
    this.#options = options
    for (const it of items) {
      this.#open.add(it)
      it.addDoneCallback(this.#onDone)
    }
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<Step<F>> {
    const { timeout, signal } = this.#options
    try {
      throwIfInterrupted(signal)
    } catch (reason) {
      await this.#leave()
      throw reason
    }
    const it = this.#finished.shift()
    // In an object, because a promise that resolves to a future would wait for it.
    if (it !== undefined) return { done: false, value: it }
    if (this.#open.size === 0) return this.#end()
    const left = timeout - (now() - this.#called)
    if (left <= 0) return this.#giveUp()
    return new Promise(resolve => {
      const late = (): void => this.#failAll(this.#giveUp())
      const stop = (reason: unknown): void => this.#failAll(this.#leave().then(() => Promise.reject(reason as Error)))
      const release = onInterruption(left, signal, late, stop, `one of ${this.#open.size} tasks or futures`)
      this.#readers.push({ resolve, release })
    })
  }

  /** Lets go of the tasks and futures that were given. They go on. */
  async return(): Promise<Step<F>> {
    const readers = this.#readers.splice(0)
    await this.#leave()
    for (const reader of readers) serve(reader, DONE)
    return DONE
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return()
  }

  readonly #onDone = (it: FutureLike<unknown>): void => {
    markSeen(it)
    this.#open.delete(it)
    const finished = it as Finished<F>
    const reader = this.#readers.shift()
    if (reader === undefined) this.#finished.push(finished)
    else serve(reader, { done: false, value: finished })
    if (this.#open.size === 0) for (const late of this.#readers.splice(0)) serve(late, this.#end())
  }

  async #end(): Promise<Step<F>> {
    await this.#leave()
    return DONE
  }

  async #giveUp(): Promise<never> {
    const message = `${this.#open.size} of ${this.#total} were not done within ${this.#options.timeout} ms`
    await this.#leave()
    throw new TimeoutError(message)
  }

  #failAll(failure: Promise<never>): void {
    for (const reader of this.#readers.splice(0)) serve(reader, failure)
  }

  #leave(): Promise<void> {
    for (const it of this.#open) it.removeDoneCallback(this.#onDone)
    this.#open.clear()
    this.#finished = []
    this.#over ??= this.#options.whenOver?.() ?? Promise.resolve()
    return this.#over
  }
}

function serve<F extends FutureLike<unknown>>(reader: Reader<F>, step: Step<F> | PromiseLike<Step<F>>): void {
  reader.release()
  reader.resolve(step)
}
