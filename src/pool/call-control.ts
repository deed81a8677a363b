/**
 * What can end a call before its function does: its signal, its timeout, its deadline.
 *
 * In three steps, each only if the one before was not enough: take the call back if it has not started; ask it, through
 * `currentTask().signal`; after a grace period, stop its worker. The future settles when the work has really ended.
 */
import { CancelledError, TimeoutError, WorkerDiedError } from '../errors.ts'
import { canStopBusyThreads, runtimeName } from '../platform/runtime.ts'
import { STREAM } from '../wire/record.ts'
import { onAbort } from '../limits/on-abort.ts'
import { GRACE } from '../futures/options.ts'
import { alarm } from '../limits/clock.ts'
import type { WorkItem } from './work-item.ts'

/** Milliseconds in which the module of a function has to be loaded, where the function has a time limit. */
const LONGEST_LOAD = 10_000

export interface Stopper {
  /** Settles a call that has not started. Returns false if it has. */
  drop(item: WorkItem, error: CancelledError | TimeoutError): boolean
  /** Hands the request to the worker. */
  ask(item: WorkItem, error: unknown): void
  /** Stops the worker of a call that did not obey. */
  kill(item: WorkItem): void
}

/** Whether a call with such options needs to be watched at all. */
function isControlled({ options }: WorkItem): boolean {
  return options.signal !== undefined || options.timeout !== undefined || options.deadline !== undefined
}

/**
 * Settles a call that may not begin any more. Asked before it is given to a worker: the alarm of a deadline that has passed
 * rings in a later turn, and a worker that is awake would be faster. Returns false if it may begin.
 */
export function dropIfOver(item: WorkItem, stopper: Stopper): boolean {
  const { signal, deadline } = item.options
  if (signal?.aborted === true) return stopper.drop(item, cancelledBy(item, signal.reason))
  return deadline !== undefined && Date.now() >= deadline && stopper.drop(item, lateFor(item))
}

/** Whether the worker has to tell when it starts the call: the time runs from there, and a stream's reader grants items. */
export function tellsStart({ kind, options }: WorkItem): boolean {
  if (kind === STREAM) return true
  return options.timeout !== undefined && options.timeout !== Infinity
}

/** Watches over a call until it is settled, if it has to be. */
export function watch(item: WorkItem, stopper: Stopper): void {
  if (isControlled(item)) control(item, stopper)
}

function control(item: WorkItem, stopper: Stopper): void {
  const { signal, timeout = Infinity, deadline } = item.options
  const endings: (() => void)[] = []
  // What concerns one attempt only: its time, and the threat to its worker.
  let attemptEndings: (() => void)[] = []
  item.onAttemptEnded = () => {
    for (const end of attemptEndings) end()
    attemptEndings = []
  }
  item.onSettled = () => {
    item.onAttemptEnded?.()
    for (const end of endings) end()
  }
  const stop = (error: CancelledError | TimeoutError): void => {
    attemptEndings.push(stopCall(item, error, stopper))
  }
  item.stop = stop
  if (timeout !== Infinity) {
    let cancelTimeout = nothing
    item.onStarted = loading => {
      cancelTimeout()
      // The time of a function that has to be loaded begins when it is called.
      const limit = loading ? timeout + LONGEST_LOAD : timeout
      cancelTimeout = alarm(limit, () => stop(timedOut(item, `ran longer than ${timeout} ms`)))
      attemptEndings.push(cancelTimeout)
    }
  }
  if (deadline !== undefined) {
    endings.push(alarm(deadline - Date.now(), () => stop(lateFor(item))))
  }
  if (signal !== undefined) {
    endings.push(onAbort(signal, () => stop(cancelledBy(item, signal.reason))))
  }
}

/** Ends a call as if a signal that it was given had aborted. Most calls are not watched until this happens. */
export function interrupt(item: WorkItem, reason: unknown, stopper: Stopper): void {
  if (item.stop === undefined) control(item, stopper)
  item.stop?.(cancelledBy(item, reason))
}

/** Ends a call with `error`; the first reason stays. Returns what takes back the threat to its worker. */
function stopCall(item: WorkItem, error: CancelledError | TimeoutError, stopper: Stopper): () => void {
  if (item.stopping !== undefined || stopper.drop(item, error)) return nothing
  item.stopping = error
  stopper.ask(item, error)
  return alarm(item.options.grace ?? GRACE, () => stopper.kill(item))
}

/** Whether a call that failed runs again. A timeout is the failure of one attempt; all else that stops a call ends it. */
export function mayRetry({ attempt, options, record, stopping, moves }: WorkItem): boolean {
  if (moves || attempt > (options.retries ?? 0) || record === undefined || options.signal?.aborted === true)
    return false
  return stopping === undefined || (stopping instanceof TimeoutError && Date.now() < (options.deadline ?? Infinity))
}

/** Whether a function that was asked to stop threw because of that, as far as can be told on this side. */
export function isOfStopping(error: unknown, stop: Error): boolean {
  // A worker that could not be told the reason in time makes up its own.
  if (error === stop || error instanceof WorkerDiedError || error instanceof CancelledError) return true
  const { name, message, cause } = Object(error) as Partial<Error>
  // Timers, streams and fetch wrap the reason, or lose it, but all call their error by this name.
  return (
    name === 'AbortError' ||
    isCopy(name, message, stop) ||
    (cause instanceof Error && isCopy(cause.name, cause.message, stop))
  )
}

/** The reason went to the worker and came back: it is no longer the same object. */
function isCopy(name: string | undefined, message: string | undefined, stop: Error): boolean {
  return name === stop.name && message === stop.message
}

function nothing(): void {}

/** Where a busy thread cannot be ended, the error says that it goes on. */
export function sayWhatGoesOn<E extends Error | undefined>(error: E): E {
  if (error !== undefined && !canStopBusyThreads)
    error.message += `; if it is busy it goes on, as ${runtimeName} cannot end its thread`
  return error
}

function cancelledBy(item: WorkItem, reason: unknown): CancelledError {
  return new CancelledError(`task ${item.name} was cancelled`, { cause: reason })
}

/** Why nobody can be blocked until a call in a process is done. */
export function cannotBlock({ name }: WorkItem): string {
  return `cannot block for task ${name}: what a process sends comes through the event loop; await the future`
}

function timedOut(item: WorkItem, what: string): TimeoutError {
  return new TimeoutError(`task ${item.name} ${what}`)
}

function lateFor(item: WorkItem): TimeoutError {
  return timedOut(item, 'was not done by its deadline')
}
