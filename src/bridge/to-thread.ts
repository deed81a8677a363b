/**
 * toThread: a function on a thread, as a part of the task that calls it, as `asyncio.to_thread`; but cancelled means
 * stopped. In Python the thread of a cancelled call goes on, and nobody knows of it.
 *
 * The threads are shared by all such calls of this thread. As in Python there are more of them than cores, because what
 * is sent here may well block; and those that were not needed for a while end.
 */
import type { Args, CallOptions, TaskFunction } from '../futures/executor.ts'
import type { Future } from '../futures/future.ts'
import { throwIfInterrupted } from '../limits/interruption.ts'
import { abortSignal, checkOptions, duration, list, ofType, type Rules } from '../options/option-rules.ts'
import { parallelism } from '../platform/cpus.ts'
import { ThreadPoolExecutor } from '../pool/thread-pool-executor.ts'
import { openScope } from '../task/current-scope.ts'
import { runningScope } from '../task/running.ts'
import { type Task, taskOf } from '../task/task.ts'
import { Course } from '../task/task-course.ts'
import { checkFunction } from '../task/task-function.ts'

/** As Python's default executor. */
const MOST_THREADS = 32
const MORE_THAN_CORES = 4
/** Milliseconds after which a thread that has nothing to do ends. */
const IDLE = 10_000

export type ToThreadOptions = Pick<CallOptions, 'name' | 'signal' | 'timeout' | 'grace' | 'transfer' | 'onProgress'>

export interface ToThread {
  /**
   * Runs `fn(...args)` on a thread and returns its task, which belongs to the task, group or timeout that calls. When that
   * is cancelled, or the task is by its `cancel()`, the function is asked to stop by `currentTask().signal`; after a grace
   * of 500 ms its thread is ended. The task is over when the work is.
   *
   * Throws CannotSendError for what cannot cross, and the reason if the scope of the caller is cancelled.
   */
  <A extends readonly unknown[], R>(fn: (...args: A) => R, ...args: Args<A>): Task<Awaited<R>>
  /** The same with options of an executor: `toThread.with({ grace: 50 })(hash, file)`. Times are in ms. */
  with(options: ToThreadOptions): ToThread
}

const rules: Rules<ToThreadOptions> = {
  name: ofType('string', 'a string'),
  signal: abortSignal,
  timeout: duration,
  grace: duration,
  transfer: list,
  onProgress: ofType('function', 'a function'),
}

let threads: ThreadPoolExecutor | undefined

function start(fn: TaskFunction, args: readonly never[], { signal, name, ...options }: ToThreadOptions): Task<unknown> {
  checkFunction(fn, 'toThread')
  throwIfInterrupted(signal)
  threads ??= new ThreadPoolExecutor({
    name: 'toThread',
    maxWorkers: Math.min(MOST_THREADS, parallelism() + MORE_THAN_CORES),
    idleTimeout: IDLE,
  })
  const course = new Course(fn, name, openScope() ?? runningScope(), undefined, false)
  if (signal !== undefined) course.follow(signal)
  let future: Future<unknown>
  try {
    future = threads.with({ ...options, name: course.name, signal: course.signal }).submit(fn, ...args)
  } catch (error) {
    course.close()
    throw error
  }
  future.addDoneCallback(course.onCancel(() => {}, 'a thread'))
  return taskOf(
    course.begin(() => future),
    course,
  )
}

function withOptions(options: ToThreadOptions): ToThread {
  const call = (fn: TaskFunction, ...args: readonly never[]): Task<unknown> => start(fn, args, options)
  return Object.assign(call as unknown as ToThread, {
    with: (more: ToThreadOptions) => withOptions({ ...options, ...checkOptions(more, rules, 'toThread.with()') }),
  })
}

export const toThread: ToThread = withOptions({})
