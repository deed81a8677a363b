/**
 * `currentTask()`: what a running function can ask about the call that it runs for.
 *
 * Two keepers, for two kinds of places. A worker runs one task at a time and says so in a plain variable, because
 * following the task through its awaits would cost more than a small task. An event loop runs many at once, each in
 * an ambient value that survives `await`. A loop inside of a worker has both; the inner one, the ambient, is asked first.
 */
import { InvalidStateError } from '../errors.ts'
import { type Ambient, makeAmbient } from '../platform/ambient.ts'
import { provideOwner } from '../sync/ownership.ts'

/** The executor that runs the task, as far as it can be used from where the task runs. */
export interface TaskExecutor {
  /** Runs `fn(...args)` there. A task that waits for a call of its own executor lends it its place. */
  submit<A extends readonly unknown[], R>(fn: (...args: A) => R, ...args: A): Promise<Awaited<R>>
}

/** The call that is running. */
export interface CurrentTask {
  /** `executor.with({ name })`, or the function's name. */
  readonly name: string
  /**
   * Aborted when the call is asked to stop. Its `reason` is the error that the future gets: a CancelledError, whose
   * `cause` is the reason that was given, or a TimeoutError.
   */
  readonly signal: AbortSignal
  /** The moment, as from `Date.now()`, at which the call has to be done, if there is one. */
  readonly deadline: number | undefined
  /** 1 for the first run of the call, 2 for its first retry. */
  readonly attempt: number
  /** Where more calls can be submitted. */
  readonly executor: TaskExecutor
  /** Throws `signal.reason` if the call is asked to stop. In a worker, also out of a loop that never awaits. */
  throwIfCancelled(): void
  /** Hands `value` to the `onProgress` of the caller. */
  progress(value: unknown): void
}

const ambient: Ambient<CurrentTask> = makeAmbient()
let only: CurrentTask | undefined

let provided = false

/** What an RLock is held by: the call, not the thread that runs many. Where there are no calls, nobody has to ask. */
function provide(): void {
  if (provided) return
  provided = true
  provideOwner(lookUpTask)
}

/** The call that runs here, for its signal, its progress and its name. Throws InvalidStateError outside of a task. */
export function currentTask(): CurrentTask {
  const task = lookUpTask()
  if (task === undefined) throw new InvalidStateError('currentTask() was called outside of a task of an executor')
  return task
}

/** The call that runs here, or undefined outside of a task. */
export function lookUpTask(): CurrentTask | undefined {
  return ambient.get() ?? only
}

/** Calls `f` as a part of `task`, beside others that run on the same loop. */
export function runAs<R>(task: CurrentTask, f: () => R): R {
  provide()
  return ambient.run(task, f)
}

/** Whether what runs here seems to be a part of a call. It may be one that is over, and left its context behind. */
export function hasContext(): boolean {
  return ambient.get() !== undefined
}

/** Says which task this thread runs, where it runs one at a time. */
export function setCurrent(task: CurrentTask | undefined): void {
  provide()
  only = task
}
