/**
 * retry: work that is tried again when it fails, with pauses that grow (exponential backoff) and are not the same for
 * everybody (jitter), so that those who failed together do not come back together.
 *
 * A cancellation is never retried: somebody has asked for an end, and the next try would be work that nobody wants.
 */
import { throwIfInterrupted } from '../limits/interruption.ts'
import { abortSignal, checkOptions, count, ofType, type Rules } from '../options/option-rules.ts'
import { Backoff, type BackoffOptions, backoffRules } from './backoff.ts'
import { CancelScope } from './cancel-scope.ts'
import { openScope, runIn } from './current-scope.ts'
import { suppress } from './group-errors.ts'
import { isCancellation } from './is-cancellation.ts'
import { sleep } from './sleep.ts'
import { ScopeContext, type TaskContext } from './task-context.ts'
import { checkFunction } from './task-function.ts'
import { judge } from './timeout.ts'

/** What the function of `retry` is given. */
export interface RetryContext extends TaskContext {
  /** 1 for the first try, 2 for the first retry. */
  readonly attempt: number
}

export type RetryFn<T> = (context: RetryContext) => T | PromiseLike<T>

/** What `onRetry` is told, before the pause. */
export interface RetryInfo {
  /** The number of the try that has failed, from 1 on. */
  readonly attempt: number
  /** The pause before the next one, in ms. */
  readonly delay: number
}

export interface RetryOptions extends BackoffOptions {
  /** How often it is tried again after the first time. 3 by default. */
  readonly retries?: number | undefined
  /** Whether this error is worth another try. By default each is but a cancellation, about which nobody is asked. */
  readonly retryIf?: ((error: unknown, attempt: number) => boolean | PromiseLike<boolean>) | undefined
  /** Called before each pause. What it throws ends the tries. */
  readonly onRetry?: ((error: unknown, info: RetryInfo) => void | PromiseLike<void>) | undefined
  /** Cancels the work and the pauses; then its reason is thrown. */
  readonly signal?: AbortSignal | undefined
  /** For people; the name of the function if there is none. */
  readonly name?: string | undefined
}

const rules: Rules<RetryOptions> = {
  ...backoffRules,
  retries: count(0),
  retryIf: ofType('function', 'a function'),
  onRetry: ofType('function', 'a function'),
  signal: abortSignal,
  name: ofType('string', 'a string'),
}

/**
 * Calls `fn(context)` until it succeeds, and returns its value. When no try is left, or `retryIf` says no, throws the last
 * error, with those before it in its `suppressed`. A cancellation comes out at once. Time limits are put where they
 * belong: `retry(() => timeout(1000, fn))` for each try, `timeout(5000, () => retry(fn))` for all of them.
 */
export async function retry<T>(fn: RetryFn<T>, options: RetryOptions = {}): Promise<T> {
  checkFunction(fn, 'retry')
  const { signal, name = fn.name, ...settings } = checkOptions(options, rules, 'retry()')
  throwIfInterrupted(signal)
  const scope = new CancelScope({ kind: 'retry', name }, openScope())
  if (signal !== undefined) scope.follow(signal)
  try {
    return await runIn(scope, () => attempts(fn, scope, settings))
  } catch (error) {
    throw judge(error, scope, undefined, signal)
  } finally {
    scope.close()
  }
}

async function attempts<T>(fn: RetryFn<T>, scope: CancelScope, options: RetryOptions): Promise<T> {
  const backoff = new Backoff(options)
  const earlier: unknown[] = []
  try {
    for (let attempt = 1; ; attempt++) {
      try {
        return await fn(new AttemptContext(scope, attempt))
      } catch (error) {
        if (!(await isWorthIt(error, attempt, scope, options))) throw error
        earlier.push(error)
        const delay = backoff.pause(error, attempt)
        await options.onRetry?.(error, { attempt, delay })
        await sleep(delay, undefined, { signal: scope.signal })
      }
    }
  } catch (last) {
    // A reason is the same object for all that are cancelled with it, and takes nothing of one of them.
    if (scope.reason === undefined) suppress(last, earlier)
    throw last
  }
}

async function isWorthIt(
  error: unknown,
  attempt: number,
  { reason }: CancelScope,
  { retries = 3, retryIf }: RetryOptions,
): Promise<boolean> {
  if (attempt > retries || reason !== undefined || isCancellation(error)) return false
  return retryIf === undefined || retryIf(error, attempt)
}

const ATTEMPT: unique symbol = Symbol('attempt')

interface Holder {
  [ATTEMPT]: number
}

class AttemptContext extends ScopeContext implements RetryContext {
  constructor(scope: CancelScope, attempt: number) {
    super(scope)
    // Behind a symbol: whoever copies the context into options of his own takes the signal and nothing else.
    ;(this as this & Holder)[ATTEMPT] = attempt
  }

  get attempt(): number {
    return (this as this & Holder)[ATTEMPT]
  }
}
