/** What became of a thread: what its joins get, its exit code, and whether anybody should hear of it unasked. */
import { BrokenPoolError, WorkerDiedError } from '../errors.ts'
import type { Future } from '../futures/future.ts'

export interface Outcome {
  /** Whether joins reject, with `error`; otherwise they resolve to `value`. */
  readonly failed: boolean
  readonly value: unknown
  readonly error: unknown
  readonly exitCode: number
  /** Nobody is told if nobody joins: somebody wanted the thread to end so. */
  readonly silent: boolean
}

/**
 * Reads it from the future of the target's call. `who`: the kind and the name, `thread Thread-1`. `died`: the thread has ended, and that is what the future tells of,
 * unless a result was on its way. As in Python, a thread that asks to exit does so without a word, whatever its code.
 */
export function outcomeOf(future: Future<unknown>, died: boolean, who: string): Outcome {
  let error: unknown
  try {
    return success(future.result(), false)
  } catch (thrown) {
    error = thrown
  }
  if (future.cancelled()) return failure(error, 1, true)
  if (died && error instanceof BrokenPoolError) {
    const { message, cause } = error
    return failure(callBy(who, new WorkerDiedError(message, { cause, exitCode: 1 })), 1, false)
  }
  if (!died || !(error instanceof WorkerDiedError)) return failure(error, 1, false)
  const { exitCode = 1, cause } = callBy(who, error)
  // Bun, and Node 20 out of memory, say 0 also of a thread that died.
  if (cause !== undefined) return failure(error, exitCode || 1, false)
  return exitCode === 0 ? success(undefined, true) : failure(error, exitCode, true)
}

/** The pool tells of its first worker; for who has a Thread, or a Process, there is only that. */
function callBy(who: string, error: WorkerDiedError): WorkerDiedError {
  const message = error.message.replace(`worker ${who.slice(who.indexOf(' ') + 1)}-0`, () => who)
  const stack = error.stack?.replace(error.message, () => message)
  return Object.assign(error, { message, stack })
}

function success(value: unknown, silent: boolean): Outcome {
  return { failed: false, value, error: undefined, exitCode: 0, silent }
}

function failure(error: unknown, exitCode: number, silent: boolean): Outcome {
  return { failed: true, value: undefined, error, exitCode, silent }
}
