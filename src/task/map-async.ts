/**
 * mapAsync: a function over many inputs, so many at once, as a stream of results.
 *
 * p-map and p-limit are the ancestors of the name and the limit. What is different is the end: whichever way the loop is
 * left, nothing of it goes on, as in a TaskGroup.
 */
import { checkInputs, checkMapOptions, type MapFn, type MapOptions } from './map-options.ts'
import { MapRun } from './map-run.ts'
import { checkFunction } from './task-function.ts'

/**
 * Calls `fn(value, context)` for each of the inputs, at most `limit` at a time, and gives the results in the order of the
 * inputs. It begins with the first read; inputs are read when there is room for them, so they may be endless.
 *
 * An error of `fn` or of the inputs ends the map: what runs is cancelled and waited for, the inputs are closed, what has
 * come before it in order can still be read, and then it is thrown, with those that came after it in its `suppressed`.
 * The same happens when the loop over it is left, when `signal` aborts, or when the scope of the reader is cancelled.
 * Throws TypeError and RangeError for inputs, functions and options that are none.
 */
export function mapAsync<T, R>(
  inputs: Iterable<T> | AsyncIterable<T>,
  fn: MapFn<T, R>,
  options: MapOptions,
): MapResults<Awaited<R>> {
  checkInputs(inputs)
  checkFunction(fn, 'mapAsync')
  return new MapResults(
    new MapRun(inputs as Iterable<unknown>, fn as MapFn<unknown, unknown>, checkMapOptions(options)),
  )
}

/** The results of `mapAsync`. They can be read once: by `for await`, or by `toArray()`. */
export class MapResults<R> implements AsyncIterableIterator<R, undefined> {
  readonly #run: MapRun

  /** @internal */
  constructor(run: MapRun) {
    this.#run = run
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /** The next result. Rejects with the error that ended the map, when all of it has stopped. */
  next(): Promise<IteratorResult<R, undefined>> {
    return this.#run.next() as Promise<IteratorResult<R, undefined>>
  }

  /** All results that are left, in an array. Rejects with the error that ended the map, when all of it has stopped. */
  toArray(): Promise<R[]> {
    return this.#run.collect() as Promise<R[]>
  }

  /**
   * Ends the map, as leaving a `for await` loop does. Resolves when what ran has stopped and the inputs are closed. Rejects
   * with errors that nobody has read: of calls, of their cleaning up, of closing the inputs.
   */
  async return(): Promise<IteratorResult<R, undefined>> {
    await this.#run.leave()
    return { done: true, value: undefined }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#run.leave()
  }
}
