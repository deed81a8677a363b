/** asCompleted: futures in the order in which they finish. */
import { TimeoutError } from '../errors.ts'
import type { Future } from './future.ts'
import { checkOptions, duration } from '../options/option-rules.ts'
import { alarm } from '../limits/clock.ts'
import { distinct, markSeen } from './wait.ts'

export interface AsCompletedOptions {
  /** For all of them, in ms from this call; missing or Infinity waits for ever, 0 gives only those that are done. */
  readonly timeout?: number | undefined
}

/**
 * A future that is done, for `for await`: TypeScript takes the items of an async iterable for awaited, and would give
 * the loop the type of the value. What the loop gets is the future. Read it with `result()` and `exception()`.
 */
export type Finished<F extends Future<unknown>> = F & { readonly then: never }

const DONE = { done: true, value: undefined } as const

/**
 * Gives the very futures, each once, as they finish, whatever their end; those that are done already come first.
 * A failure that has come by is no longer an unhandled rejection. Throws TypeError and RangeError at the call, and
 * TimeoutError out of the loop when the time is up and some are not done.
 */
export function asCompleted<F extends Future<unknown>>(
  futures: Iterable<F>,
  options: AsCompletedOptions = {},
): AsyncIterableIterator<Finished<F>, undefined> {
  const { timeout = Infinity } = checkOptions(options, { timeout: duration }, 'asCompleted()')
  return new Completions(distinct(futures, 'asCompleted'), timeout)
}

interface Reader<F extends Future<unknown>> {
  readonly resolve: (result: IteratorResult<Finished<F>, undefined>) => void
  readonly reject: (error: Error) => void
  readonly cancelAlarm: () => void
}

// Not an async generator: that awaits what it yields, and would give the values of the futures.
class Completions<F extends Future<unknown>> implements AsyncIterableIterator<Finished<F>, undefined> {
  readonly #total: number
  readonly #open = new Set<Future<unknown>>()
  readonly #timeout: number
  readonly #called = performance.now()
  #finished: Finished<F>[] = []
  #readers: Reader<F>[] = []

  constructor(futures: ReadonlySet<F>, timeout: number) {
    this.#total = futures.size
    this.#timeout = timeout
    for (const future of futures) {
      this.#open.add(future)
      future.addDoneCallback(this.#onDone)
    }
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<IteratorResult<Finished<F>, undefined>> {
    const future = this.#finished.shift()
    // In an object, because a promise that resolves to a future would wait for it.
    if (future !== undefined) return Promise.resolve({ done: false, value: future })
    if (this.#open.size === 0) return Promise.resolve(DONE)
    const left = this.#timeout - (performance.now() - this.#called)
    if (left <= 0) return Promise.reject(this.#giveUp())
    return new Promise((resolve, reject) => {
      const cancelAlarm = alarm(left, () => {
        const error = this.#giveUp()
        for (const reader of this.#readers.splice(0)) reader.reject(error)
      })
      this.#readers.push({ resolve, reject, cancelAlarm })
    })
  }

  /** Lets go of the futures. They go on. */
  return(): Promise<IteratorResult<Finished<F>, undefined>> {
    this.#release()
    for (const reader of this.#readers.splice(0)) this.#serve(reader, DONE)
    return Promise.resolve(DONE)
  }

  readonly #onDone = (future: Future<unknown>): void => {
    markSeen(future)
    this.#open.delete(future)
    const finished = future as Finished<F>
    const reader = this.#readers.shift()
    if (reader === undefined) this.#finished.push(finished)
    else this.#serve(reader, { done: false, value: finished })
    if (this.#open.size === 0) for (const late of this.#readers.splice(0)) this.#serve(late, DONE)
  }

  #serve(reader: Reader<F>, result: IteratorResult<Finished<F>, undefined>): void {
    reader.cancelAlarm()
    reader.resolve(result)
  }

  #giveUp(): TimeoutError {
    const open = this.#open.size
    this.#release()
    for (const reader of this.#readers) reader.cancelAlarm()
    return new TimeoutError(`${open} of ${this.#total} futures were not done within ${this.#timeout} ms`)
  }

  #release(): void {
    for (const future of this.#open) future.removeDoneCallback(this.#onDone)
    this.#open.clear()
    this.#finished = []
  }
}
