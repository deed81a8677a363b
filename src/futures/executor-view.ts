/**
 * ExecutorView: a place where calls run, seen through options. All of what users call an executor.
 *
 * A view owns nothing: `with` makes another one over the same place. A pool is a view that made its place.
 */
import { CannotSendError } from '../errors.ts'
import { portable, type PortableDescription } from '../wire/portable.ts'
import { describe, isThenable } from '../options/describe.ts'
import type { Args, CallOptions, Executor, Place, ShutdownOptions, TaskFunction } from './executor.ts'
import { followScope } from './follow-scope.ts'
import type { Future } from './future.ts'
import { map } from './map.ts'
import { checkCallOptions, checkShutdownOptions } from './options.ts'
import type { ResultStream } from './result-stream.ts'

export class ExecutorView implements Executor {
  readonly #place: Place
  readonly #options: CallOptions

  static {
    // Not written as a method: a declaration file cannot name it by an imported symbol.
    Object.defineProperty(this.prototype, portable, {
      value(this: ExecutorView) {
        return this.#describe()
      },
    })
  }

  /** `options`: have been checked. */
  constructor(place: Place, options: CallOptions = {}) {
    this.#place = place
    this.#options = options
  }

  /** The name of the executor, as in its errors. */
  get name(): string {
    return this.#place.name
  }

  submit<A extends readonly unknown[], R>(fn: (...args: A) => R, ...args: Args<A>): Future<Awaited<R>> {
    checkFunction(fn, 'submit')
    const future = this.#place.submit(fn, args, this.#options) as Future<Awaited<R>>
    followScope(future)
    return future
  }

  map<A extends readonly unknown[], R>(
    fn: (...args: A) => R,
    ...iterables: { [K in keyof A]: Iterable<A[K]> | AsyncIterable<A[K]> }
  ): ResultStream<Awaited<R>> {
    checkFunction(fn, 'map')
    return map(this.#place, fn, iterables, this.#options) as ResultStream<Awaited<R>>
  }

  stream<A extends readonly unknown[], T>(
    fn: (...args: A) => Iterable<T> | AsyncIterable<T> | PromiseLike<Iterable<T> | AsyncIterable<T>>,
    ...args: Args<A>
  ): AsyncIterableIterator<T> {
    checkFunction(fn, 'stream')
    return this.#place.stream(fn as TaskFunction, args, this.#options) as AsyncIterableIterator<T>
  }

  with(options: CallOptions): ExecutorView {
    return new ExecutorView(this.#place, { ...this.#options, ...checkCallOptions(options) })
  }

  shutdown(options: ShutdownOptions = {}): Promise<void> {
    return this.#place.shutdown(checkShutdownOptions(options))
  }

  /** How it crosses to a worker of this thread, where it is a way back to this one. */
  #describe(): PortableDescription {
    const { handle, name } = this.#place
    if (handle !== undefined) return { type: 'executor', data: handle }
    throw new CannotSendError(`executor "${name}"`, 'it runs calls on the event loop of this thread')
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown()
  }
}

function checkFunction(fn: unknown, verb: string): void {
  if (typeof fn === 'function') return
  const what = `cannot ${verb} ${describe(fn)}`
  if (isThenable(fn)) throw new TypeError(`${what}: ${verb} the function itself, without calling it`)
  const kind = ['string', 'number', 'boolean', 'bigint'].includes(typeof fn)
    ? `a ${typeof fn}, not a function`
    : 'not a function'
  throw new TypeError(`${what}: it is ${kind}`)
}
