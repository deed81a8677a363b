/**
 * waitFor: a time limit for something, as `asyncio.wait_for`: for a function that is yet to run, for a task, or for any
 * promise. What can be cancelled is, and is waited for. A bare promise cannot be: it is only no longer waited for.
 */
import { isFutureLike, stopWork } from '../completion/future-like.ts'
import { TimeoutError } from '../errors.ts'
import { throwIfInterrupted } from '../limits/interruption.ts'
import { describe, isThenable } from '../options/describe.ts'
import { checkOptions } from '../options/option-rules.ts'
import { checkTimeout } from '../options/timeout.ts'
import { CancelScope, labelOf } from './cancel-scope.ts'
import { openScope } from './current-scope.ts'
import { Deadline } from './deadline.ts'
import { courseOf, Task } from './task.ts'
import type { TaskFn } from './task-context.ts'
import { judge, TimedWork, timeout, type TimeoutOptions, timeoutRules } from './timeout.ts'

/**
 * The value of `work`, or its error, or a TimeoutError after so many ms. With 0 a function is not even called, and of a
 * task or a promise only what is there already counts.
 */
export async function waitFor<T>(
  work: TaskFn<T> | PromiseLike<T>,
  milliseconds: number,
  options: TimeoutOptions = {},
): Promise<T> {
  const limit = checkTimeout(milliseconds)
  const { signal } = checkOptions(options, timeoutRules, 'waitFor()')
  if (typeof work !== 'function' && !isThenable(work)) {
    throw new TypeError(`waitFor needs a function or a promise, not ${describe(work)}`)
  }
  throwIfInterrupted(signal)
  if (typeof work !== 'function') return waitForPromise(work, limit, signal)
  if (limit === 0) throw new TimeoutError('not done within 0 ms: it was not begun')
  return timeout(limit, work, options)
}

async function waitForPromise<T>(work: PromiseLike<T>, limit: number, signal: AbortSignal | undefined): Promise<T> {
  if (limit === 0 && (await isSettled(work))) return work
  const scope = new CancelScope(new TimedWork(limit), openScope())
  if (signal !== undefined) scope.follow(signal)
  const deadline = new Deadline(scope, limit)
  try {
    const value = await new Promise<T>((resolve, reject) => {
      const giveUp: (error: Error) => void = reject
      Promise.resolve(work).then(resolve, giveUp)
      const what = work instanceof Task ? `the ${labelOf(courseOf(work))}` : 'a promise'
      scope.onCancel(reason => stop(work, reason) || giveUp(reason as Error), what)
    })
    if (scope.parent?.reason !== undefined) throw scope.parent.reason
    return value
  } catch (error) {
    throw judge(error, scope, deadline, signal)
  } finally {
    scope.close()
  }
}

/** Whether it can be stopped, as tasks can, and calls of executors. Then it will settle. */
function stop(work: PromiseLike<unknown>, reason: unknown): boolean {
  return isFutureLike(work) && stopWork(work, reason)
}

/** Whether the promise has settled, which only the next microtasks tell. */
function isSettled(work: PromiseLike<unknown>): Promise<boolean> {
  const settled = Promise.resolve(work).then(
    () => true,
    () => true,
  )
  return Promise.race([settled, Promise.resolve().then(() => false)])
}
