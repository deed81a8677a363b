/** The options that calls and executors take, and what each of them accepts. */
import type { ResourceLimits } from '../platform/threads.ts'
import { describe } from '../options/describe.ts'
import type { CallOptions, ShutdownOptions, TaskFunction } from './executor.ts'
import {
  abortSignal,
  checkOptions,
  count,
  duration,
  finite,
  list,
  oneOf,
  ofType,
  type Rule,
  type Rules,
} from '../options/option-rules.ts'

/** How many items a generator may be ahead of the reader of its stream, unless `bufferSize` says otherwise. */
export const STREAM_BUFFER_SIZE = 16

/** How long a call that was asked to stop may take to do so, in ms, unless `grace` says otherwise. */
export const GRACE = 500

/** Options of an executor that has workers. Times are in milliseconds. */
export interface PoolOptions {
  /** The most workers at a time, and so the most calls that run at the same time. Default: available parallelism. */
  readonly maxWorkers?: number | undefined
  /** How many workers are kept although they are idle. Default 0. */
  readonly minWorkers?: number | undefined
  /** How long a worker stays idle before it ends. Infinity keeps it. */
  readonly idleTimeout?: number | undefined
  /** A worker that has run as many calls is replaced. Default Infinity. */
  readonly maxTasksPerWorker?: number | undefined
  /** The most calls that may wait for a worker. Default Infinity. */
  readonly maxQueue?: number | undefined
  /**
   * What becomes of a call beyond `maxQueue`: its future is rejected with QueueFull (the default), or the call waits in
   * line; then `executor.room()` tells a producer when to go on.
   */
  readonly whenFull?: 'reject' | 'wait' | undefined
  /** Runs in each worker before its first call; an error in it breaks the pool. */
  readonly initializer?: TaskFunction | undefined
  /** The arguments of `initializer`. */
  readonly initargs?: readonly unknown[] | undefined
  /** The limits of a worker's memory, as of `worker_threads`. */
  readonly resourceLimits?: ResourceLimits | undefined
  /** Shown in errors and in the names of the workers. */
  readonly name?: string | undefined
  /** The environment variables of the workers. Default: a copy of this thread's. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
}

const chunkSize: Rule = (value, name) => {
  if (value === 'auto') return
  if (typeof value === 'string') throw new TypeError(`${name} must be a number or "auto", not ${describe(value)}`)
  count(1)(value, name)
}

const callRules: Rules<CallOptions> = {
  signal: abortSignal,
  timeout: duration,
  deadline: duration,
  grace: duration,
  priority: finite,
  retries: count(0),
  name: ofType('string', 'a string'),
  transfer: list,
  chunkSize,
  bufferSize: count(1),
  unordered: ofType('boolean', 'a boolean'),
  onProgress: ofType('function', 'a function'),
}

const poolRules: Rules<PoolOptions> = {
  maxWorkers: count(1),
  minWorkers: count(0),
  idleTimeout: duration,
  maxTasksPerWorker: count(1),
  maxQueue: count(0),
  whenFull: oneOf('reject', 'wait'),
  initializer: ofType('function', 'a function'),
  initargs: list,
  resourceLimits: ofType('object', 'an object'),
  name: ofType('string', 'a string'),
  env: ofType('object', 'an object'),
}

const shutdownRules: Rules<ShutdownOptions> = {
  wait: ofType('boolean', 'a boolean'),
  cancelFutures: ofType('boolean', 'a boolean'),
}

/** Returns the options. Throws TypeError and RangeError with the name and the value. */
export function checkCallOptions(options: CallOptions): CallOptions {
  return checkOptions(options, callRules, 'with()')
}

/** Returns the options. `owner`: the class whose options they are. Throws TypeError and RangeError. */
export function checkPoolOptions(options: PoolOptions, owner: string): PoolOptions {
  checkOptions(options, poolRules, owner)
  const { maxWorkers = Infinity, minWorkers = 0 } = options
  if (minWorkers > maxWorkers) {
    throw new RangeError(`minWorkers must not be more than maxWorkers: ${minWorkers} is more than ${maxWorkers}`)
  }
  if (options.initargs !== undefined && options.initializer === undefined) {
    throw new TypeError(`initargs need an initializer`)
  }
  return options
}

/** Returns the options. Throws TypeError. */
export function checkShutdownOptions(options: ShutdownOptions): ShutdownOptions {
  return checkOptions(options, shutdownRules, 'shutdown()')
}
