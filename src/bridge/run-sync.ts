/**
 * runSync: from a thread into the event loop that owns it, as `asyncio.run_coroutine_threadsafe(…).result()`.
 *
 * In Python the loop is an object that any thread can be handed. Here each thread has one owner, the thread that started
 * it, so there is nothing to hand: the function runs there. What it means there follows the rule of all that crosses: a
 * function that has a name is the owner's own, with the state of the owner's modules; any other is a copy.
 */
import type { Args, TaskFunction } from '../futures/executor.ts'
import { checkOptions, duration, ofType } from '../options/option-rules.ts'
import { checkFunction } from '../task/task-function.ts'
import { askParentLoop } from '../worker/requests.ts'
import { onTheLoop } from './on-the-loop.ts'

export interface RunSyncOptions {
  /**
   * How long this thread is blocked, in ms; Infinity by default. When it is up the task on the loop is asked to stop, and
   * not waited for: a loop that is busy could not even say so.
   */
  readonly timeout?: number | undefined
  /** Of the task on the loop; the name of the function if there is none. */
  readonly name?: string | undefined
}

export interface RunSync {
  /**
   * Blocks this thread until `fn(...args)` has run as a task on the event loop of the thread that started this one. Returns
   * what it returned, a promise awaited, or throws what it threw.
   *
   * Throws CannotSendError for what cannot cross, InvalidStateError where no thread owns this one, DeadlockError if the
   * owner itself is blocked until this call is done, TimeoutError; and, when this call is cancelled, its reason. Then the
   * task on the loop is cancelled too, and also when this thread ends.
   */
  <A extends readonly unknown[], R>(fn: (...args: A) => R, ...args: Args<A>): Awaited<R>
  /** The same with options: `runSync.with({ timeout: 1000 })(fetchPage, url)`. */
  with(options: RunSyncOptions): RunSync
}

const rules = { timeout: duration, name: ofType('string', 'a string') }

function withOptions(options: RunSyncOptions): RunSync {
  const call = (fn: TaskFunction, ...args: readonly unknown[]): unknown => {
    checkFunction(fn, 'runSync')
    const { timeout = Infinity, name = fn.name || 'a function' } = options
    return askParentLoop({ values: { fn: onTheLoop, args: [fn, args, name] }, name, timeout })
  }
  return Object.assign(call as RunSync, {
    with: (more: RunSyncOptions) => withOptions({ ...options, ...checkOptions(more, rules, 'runSync.with()') }),
  })
}

export const runSync: RunSync = withOptions({})
