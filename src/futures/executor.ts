/**
 * Executor: one contract for the event loop, threads, processes and clusters.
 *
 * An executor is a Place (who runs the calls) seen through options. The place knows how to run one call, a batch
 * of calls, or a generator; all that users see beyond that (map, with, streams) is written once over it.
 */
import type { ExecutorHandle } from '../wire/executor-handle.ts'
import type { Future } from './future.ts'
import type { ResultStream } from './result-stream.ts'
import type { CannotSend } from './sendable.ts'

/** Any function that can be sent. The parameters are `never` so that every function fits. */
export type TaskFunction = (...args: never[]) => unknown

/** Options of a call, given by `executor.with(options)`. Times are in milliseconds. */
export interface CallOptions {
  /** Aborting it cancels calls that wait, and asks those that run to stop, then stops them after `grace`. */
  readonly signal?: AbortSignal | undefined
  /** The longest that one call may run, counted from its start, not from the queue. */
  readonly timeout?: number | undefined
  /** The moment, as from `Date.now()`, at which all of it has to be done, waiting included. */
  readonly deadline?: number | undefined
  /** How long a call that was asked to stop may take to do so, before its worker is stopped. Default 500. */
  readonly grace?: number | undefined
  /** Higher runs earlier among the calls that wait. Default 0. */
  readonly priority?: number | undefined
  /** How often a call that failed, or whose worker died, is run again. Default 0. */
  readonly retries?: number | undefined
  /** Shown in errors and in `currentTask().name`. Default: the function's name. */
  readonly name?: string | undefined
  /** Objects that are moved instead of copied. */
  readonly transfer?: readonly unknown[] | undefined
  /** `map`: how many calls travel together; 'auto' (the default) sizes it from measured time. */
  readonly chunkSize?: number | 'auto' | undefined
  /** `map`: how many inputs are read ahead of the reader. `stream`: how many items the generator may be ahead. */
  readonly bufferSize?: number | undefined
  /** `map`: give results as they come instead of in the order of the inputs. */
  readonly unordered?: boolean | undefined
  /** Called with each `currentTask().progress(value)` of the calls. */
  readonly onProgress?: ((value: unknown) => void) | undefined
}

export interface ShutdownOptions {
  /** Whether the returned promise waits for what is pending. Default true. Pending work is finished either way. */
  readonly wait?: boolean | undefined
  /** Cancel what has not started. Default false. */
  readonly cancelFutures?: boolean | undefined
}

/** The results of one batch: `values` has one entry a call, in order; a call that failed has its error in `failures`. */
export interface BatchResult {
  readonly values: unknown[]
  readonly failures: readonly { readonly index: number; readonly error: unknown }[] | undefined
  /** Milliseconds that the calls took where they ran, without the way there and back. */
  readonly elapsed: number
}

/** Where calls run. Options have been checked before they come here. */
export interface Place {
  readonly name: string
  /** How many calls can run at the same time. */
  readonly width: number
  /** How an executor over this place crosses to another thread; undefined if it cannot. */
  readonly handle: ExecutorHandle | undefined
  /**
   * Throws synchronously what is wrong with the call itself: a value that cannot be sent, a place that was shut down.
   * `inLine`: the caller keeps to a limit of its own, so the call waits however many do.
   */
  submit(fn: TaskFunction, args: readonly unknown[], options: CallOptions, inLine?: boolean): Future<unknown>
  /** Runs `fn(columns[0][i], columns[1][i], …)` for each i, in order, as one unit. Columns have equal lengths. */
  batch(fn: TaskFunction, columns: readonly (readonly unknown[])[], options: CallOptions): Future<BatchResult>
  /** Runs a generator; `return()` on the iterator ends it there. */
  stream(fn: TaskFunction, args: readonly unknown[], options: CallOptions): AsyncIterableIterator<unknown>
  shutdown(options: ShutdownOptions): Promise<void>
}

export type Args<A extends readonly unknown[]> = { [K in keyof A]: A[K] & CannotSend<A[K]> }

export interface Executor extends AsyncDisposable {
  /**
   * Runs `fn(...args)` and returns its future at once.
   * Throws at the call: CannotSendError for what cannot cross, ShutDownError after shutdown, TypeError for a non-function.
   */
  submit<A extends readonly unknown[], R>(fn: (...args: A) => R, ...args: Args<A>): Future<Awaited<R>>
  /** Runs `fn` over the inputs, as Python's `Executor.map`: results in input order, stops at the shortest iterable. */
  map<A extends readonly unknown[], R>(
    fn: (...args: A) => R,
    ...iterables: { [K in keyof A]: Iterable<A[K]> | AsyncIterable<A[K]> }
  ): ResultStream<Awaited<R>>
  /** Runs a generator function; its items arrive as they are made, at most `bufferSize` ahead of the reader. */
  stream<A extends readonly unknown[], T>(
    fn: (...args: A) => Iterable<T> | AsyncIterable<T> | PromiseLike<Iterable<T> | AsyncIterable<T>>,
    ...args: Args<A>
  ): AsyncIterableIterator<T>
  /** The same executor seen through options; options given before are kept unless named again. */
  with(options: CallOptions): Executor
  /** Takes no more work, finishes what there is, ends the workers. */
  shutdown(options?: ShutdownOptions): Promise<void>
}
