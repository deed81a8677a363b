/**
 * What tasks of this loop and futures of executors have in common: work that is done at some time, with a result, an
 * error or a cancellation, and that can be asked without waiting. `wait`, `asCompleted` and `gather` know no more of it,
 * so they take both, mixed. (In Python the tasks of asyncio and the futures of executors do not mix.)
 */
import { describe } from '../options/describe.ts'

/** A `Task` or a `Future`. */
export interface FutureLike<T> extends PromiseLike<T> {
  done(): boolean
  cancelled(): boolean
  /** The value, or throws the error. Throws InvalidStateError if it is not done. */
  result(): T
  /** The error, or undefined if there is a value. Throws InvalidStateError if it is not done, the reason if cancelled. */
  exception(): unknown
  addDoneCallback(callback: (it: FutureLike<T>) => void): void
  removeDoneCallback(callback: (it: FutureLike<T>) => void): unknown
}

/** What only this library asks. */
export interface Insides<F> {
  /** Whether it ended with an error and was not cancelled. Unlike `exception()`, asking counts as no look at it. */
  hasFailed(it: F): boolean
  /** Asks the work to stop, also if it has started. Returns false if nothing can stop it, or it is done. */
  stop(it: F, reason: unknown): boolean
}

const INSIDES: unique symbol = Symbol('multitask.insides')

interface Marked {
  readonly [INSIDES]: Insides<FutureLike<unknown>>
}

/** Says how the insides of a class are reached. What has none of this is no FutureLike, whatever methods it has. */
export function markFutureLike<F extends FutureLike<unknown>>(prototype: F, insides: Insides<F>): void {
  Object.defineProperty(prototype, INSIDES, { value: insides })
}

export function isFutureLike(value: unknown): value is FutureLike<unknown> {
  return typeof value === 'object' && value !== null && INSIDES in value
}

export function hasFailed(it: FutureLike<unknown>): boolean {
  return insidesOf(it).hasFailed(it)
}

export function stopWork(it: FutureLike<unknown>, reason: unknown): boolean {
  return insidesOf(it).stop(it, reason)
}

/** Whoever is told that it is done can look at its error: that it failed is no longer unhandled. */
export function markSeen(it: FutureLike<unknown>): void {
  if (!it.cancelled()) it.exception()
}

/** Each of them once, in their order. Throws TypeError for anything else. `verb`: who was given them. */
export function distinct<F extends FutureLike<unknown>>(items: Iterable<F>, verb: string): Set<F> {
  const all = new Set(checkIterable(items, verb, 'tasks or futures'))
  for (const each of all) {
    if (!isFutureLike(each)) throw new TypeError(`${verb} needs tasks or futures, not ${describe(each)}`)
  }
  return all
}

/** Throws TypeError for what cannot be iterated. `what`: what should be in it. */
export function checkIterable<T>(items: Iterable<T>, verb: string, what: string): Iterable<T> {
  if (Symbol.iterator in Object(items)) return items
  throw new TypeError(`${verb} needs an iterable of ${what}, not ${describe(items)}`)
}

function insidesOf(it: FutureLike<unknown>): Insides<FutureLike<unknown>> {
  return (it as FutureLike<unknown> & Marked)[INSIDES]
}
