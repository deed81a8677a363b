/**
 * Time limits for a piece of work, as asyncio's `timeout` and trio's `move_on_after`.
 *
 * When the time is up the work is asked to stop, and waited for: what it uses is in use until it has ended. It sees a
 * CancelledError, not a TimeoutError, or its own retries would take it for one of theirs and go on for ever.
 */
import { TimeoutError } from '../errors.ts'
import { abortSignal, checkOptions, type Rules } from '../options/option-rules.ts'
import { checkTimeout } from '../options/timeout.ts'
import { CancelScope, type Work } from './cancel-scope.ts'
import { without } from './cancellation.ts'
import { openScope, runIn } from './current-scope.ts'
import { Deadline } from './deadline.ts'
import { moment } from './group-options.ts'
import { ScopeContext, scopeBehind, type TaskContext } from './task-context.ts'
import { checkFunction } from './task-function.ts'

export interface TimeoutOptions {
  /** Cancels the work too; nothing begins if it is aborted. What is around it does so anyway where the runtime can follow calls. */
  readonly signal?: AbortSignal | undefined
}

/** What the function of a time limit is given. */
export interface TimeoutContext extends TaskContext {
  /** Whether the time has passed while it ran. */
  readonly expired: boolean
  /** So many ms from now, Infinity for no limit any more. Throws InvalidStateError if the time is up, or it is over. */
  reschedule(milliseconds: number): void
}

export type TimedFn<T> = (context: TimeoutContext) => T | PromiseLike<T>

/** What became of work with a time limit. */
export type MoveOn<T> =
  | { readonly timedOut: false; readonly value: T }
  | { readonly timedOut: true; readonly value: undefined }

export const timeoutRules: Rules<TimeoutOptions> = { signal: abortSignal }

/**
 * Runs `fn(context)` with a time limit in ms. Returns its value, also a late one; throws its error; or a TimeoutError if
 * it stopped because the time was up. With 0 its first wait ends at once.
 */
export async function timeout<T>(milliseconds: number, fn: TimedFn<T>, options?: TimeoutOptions): Promise<T> {
  return valueOf(await runTimed(checkTimeout(milliseconds), fn, options, 'timeout'))
}

/** As `timeout`, until a moment as from `Date.now()`. */
export async function timeoutAt<T>(deadline: number, fn: TimedFn<T>, options?: TimeoutOptions): Promise<T> {
  moment(deadline, 'the deadline')
  return valueOf(await runTimed(Math.max(0, deadline - Date.now()), fn, options, 'timeoutAt', deadline))
}

/** As `timeout`, but that the time was up is a result, and no error. */
export async function moveOnAfter<T>(
  milliseconds: number,
  fn: TimedFn<T>,
  options?: TimeoutOptions,
): Promise<MoveOn<T>> {
  const end = await runTimed(checkTimeout(milliseconds), fn, options, 'moveOnAfter')
  return 'late' in end ? { timedOut: true, value: undefined } : { timedOut: false, value: end.value }
}

type End<T> = { readonly value: T } | { readonly late: TimeoutError }

function valueOf<T>(end: End<T>): T {
  if ('late' in end) throw end.late
  return end.value
}

async function runTimed<T>(
  milliseconds: number,
  fn: TimedFn<T>,
  options: TimeoutOptions | undefined,
  taker: string,
  date?: number,
): Promise<End<T>> {
  checkFunction(fn, taker)
  const signal = options === undefined ? undefined : checkOptions(options, timeoutRules, `${taker}()`).signal
  signal?.throwIfAborted()
  const scope = new CancelScope(new TimedWork(milliseconds), openScope())
  if (signal !== undefined) scope.follow(signal)
  const deadline = new Deadline(scope, milliseconds, date)
  try {
    return { value: await runIn(scope, () => fn(new TimedContext(scope))) }
  } catch (error) {
    return { late: judge(error, scope, deadline, signal) }
  } finally {
    scope.close()
  }
}

/** The TimeoutError, if that is what it comes to. Throws what it is else. `subject`: whose time was up, and `was `. */
export function judge(
  error: unknown,
  scope: CancelScope,
  deadline: Deadline | undefined,
  signal: AbortSignal | undefined,
  subject: string = '',
): TimeoutError {
  const { reason, parent } = scope
  const left = reason === undefined ? { error } : without(reason, error)
  if ('error' in left) throw withLateness(left.error, deadline)
  // When both are cancelled it is the outer one that ends the work, and whoever is outside has to hear of it.
  if (!scope.shielded && parent?.reason !== undefined) throw parent.reason
  if (signal?.aborted === true) throw signal.reason
  if (deadline === undefined || deadline.reason !== reason) throw error
  return new TimeoutError(`${subject}not done within ${deadline.limit} ms`, { cause: reason })
}

/** An error that came while cleaning up tells why there was something to clean up, if it has not said another cause. */
function withLateness(error: unknown, deadline: Deadline | undefined): unknown {
  if (deadline?.expired !== true || !(error instanceof Error) || 'cause' in error || !Object.isExtensible(error))
    return error
  const cause = new TimeoutError('the time was up', { cause: deadline.reason })
  Object.defineProperty(error, 'cause', { value: cause, configurable: true, writable: true })
  return error
}

export class TimedWork implements Work {
  readonly kind: 'timeout' | 'shield'
  readonly #milliseconds: number

  constructor(milliseconds: number, kind: 'timeout' | 'shield' = 'timeout') {
    this.#milliseconds = milliseconds
    this.kind = kind
  }

  get name(): string {
    return this.#milliseconds === Infinity ? '' : `${Math.round(this.#milliseconds)} ms`
  }
}

class TimedContext extends ScopeContext implements TimeoutContext {
  get expired(): boolean {
    return scopeBehind(this).deadline?.expired === true
  }

  reschedule(milliseconds: number): void {
    scopeBehind(this).deadline?.move(checkTimeout(milliseconds))
  }
}
