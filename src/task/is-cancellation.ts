/** isCancellation: the test for a `catch` that wants to know whether it was asked to stop, or something went wrong. */
import { CancelledError } from '../errors.ts'
import { currentScope } from '../limits/scope.ts'
import { isOf } from './cancellation.ts'

/**
 * Whether the error says that work was cancelled. With a signal: that this signal ended it. Without: that the task was
 * cancelled in which this is asked, or that it is a CancelledError or an AbortError of whatever origin.
 */
export function isCancellation(error: unknown, signal?: AbortSignal): boolean {
  if (signal !== undefined) return signal.aborted && isOf(signal.reason, error)
  const reason = currentScope()?.reason
  if (reason !== undefined) return isOf(reason, error)
  return error instanceof CancelledError || (Object(error) as { name?: unknown }).name === 'AbortError'
}
