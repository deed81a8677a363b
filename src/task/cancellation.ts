/**
 * What it means that work was cancelled: the reason, with who gave it, and how it is told from a failure.
 *
 * The reason is made once, where the cancellation begins, and is the same object in every scope below. So whoever gets
 * it back knows whose it is. (trio's CancelReason is the model of the provenance.)
 */
import { CancelledError } from '../errors.ts'

/** Who cancelled: somebody by `cancel()`, a failure beside or around, time, the end of a scope, or the system. */
export type CancelSource = 'cancel' | 'sibling' | 'body' | 'timeout' | 'left' | 'end-of-run' | 'signal'

/** A reason that this library gave. */
export interface Cancellation extends CancelledError {
  readonly source: CancelSource
  /** The name of the task whose failure it was, or that was cancelled by itself. */
  readonly task?: string
}

/** A reason. `cause`: the error because of which it is cancelled. */
export function cancellation(
  message: string,
  source: CancelSource,
  { task, cause }: { readonly task?: string; readonly cause?: unknown } = {},
): Cancellation {
  const reason = cause === undefined ? new CancelledError(message) : new CancelledError(message, { cause })
  return Object.assign(reason, task === undefined ? { source } : { source, task })
}

/** What somebody gave to `cancel()`, as a reason: an error as it is, a text as the message. */
export function reasonOf(given: unknown, message: string, task?: string): unknown {
  if (given instanceof Error) return given
  const details = task === undefined ? {} : { task }
  if (given === undefined) return cancellation(message, 'cancel', details)
  return typeof given === 'string'
    ? cancellation(given, 'cancel', details)
    : cancellation(message, 'cancel', { ...details, cause: given })
}

/**
 * Whether the error says no more than that the scope with this reason is cancelled. fetch and this library throw the
 * reason itself; timers, streams and files of Node wrap it in an AbortError, of which Deno loses the cause, hence the
 * test of the name. Disposal and `Promise.any` put several into one.
 */
export function isOf(reason: unknown, error: unknown): boolean {
  return 'nothing' in without(reason, error)
}

/** An error, or the word that there is none. */
export type Remainder = { readonly error: unknown } | { readonly nothing: true }

const NOTHING: Remainder = { nothing: true }

/** What is left of an error when the cancellation with this reason is taken out of it. */
export function without(reason: unknown, error: unknown): Remainder {
  if (error === reason) return NOTHING
  const { name, cause, errors, error: later, suppressed: earlier } = Object(error) as Record<string, unknown>
  if (cause === reason || name === 'AbortError' || error instanceof CancelledError) return NOTHING
  if (name === 'SuppressedError') return eitherOf(reason, error, without(reason, later), without(reason, earlier))
  if (Array.isArray(errors) && errors.length > 0 && errors.every(each => isOf(reason, each))) return NOTHING
  return { error }
}

/** What was thrown, and what the disposal after it threw: if one of them is the cancellation, only the other counts. */
function eitherOf(reason: unknown, both: unknown, later: Remainder, earlier: Remainder): Remainder {
  if ('nothing' in later) return earlier
  return 'nothing' in earlier ? later : { error: both }
}
