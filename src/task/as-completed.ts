/**
 * asCompleted: work in the order in which it finishes, as `asyncio.as_completed` and that of `concurrent.futures`.
 *
 * Tasks and futures that are given are only looked at. Functions that are given become tasks of a group of its own, which
 * ends with the loop: whoever leaves it early cancels them, and goes on when they have ended.
 */
import { Completions, type Finished } from '../completion/completions.ts'
import { checkIterable, distinct, type FutureLike } from '../completion/future-like.ts'
import { throwIfInterrupted } from '../limits/interruption.ts'
import { abortSignal, checkOptions, count, duration, type Rules } from '../options/option-rules.ts'
import type { Gatherable } from './gather.ts'
import { GroupCore } from './group-core.ts'
import type { Task } from './task.ts'
import type { TaskKeeper } from './task-course.ts'
import type { TaskFn } from './task-context.ts'

export interface AsCompletedOptions {
  /** For all of them, in ms from this call; missing or Infinity waits for ever, 0 gives only those that are done. */
  readonly timeout?: number | undefined
  /** How many of the functions run at once. The others wait for their turn, in their order. */
  readonly limit?: number | undefined
  /** Ends the loop with the signal's reason, and cancels the functions. */
  readonly signal?: AbortSignal | undefined
}

/** What comes out of the loop: a task for a function, all else as it is. */
export type CompletionOf<E> =
  E extends FutureLike<unknown> ? E : E extends (...args: never[]) => infer R ? Task<Awaited<R>> : never

const rules: Rules<AsCompletedOptions> = { timeout: duration, limit: count(1), signal: abortSignal }

/**
 * Gives the very tasks and futures, each once, as they finish, whatever their end; those that are done already come first.
 * A failure that has come by is no longer an unhandled rejection. Throws TypeError and RangeError at the call, and
 * TimeoutError out of the loop when the time is up and some are not done.
 */
export function asCompleted<E extends Gatherable>(
  items: Iterable<E>,
  options: AsCompletedOptions = {},
): AsyncIterableIterator<Finished<CompletionOf<E>>, undefined> {
  const { timeout = Infinity, limit, signal } = checkOptions(options, rules, 'asCompleted()')
  const given: readonly Gatherable[] = [
    ...checkIterable<Gatherable>(items, 'asCompleted', 'functions, tasks or futures'),
  ]
  // All are looked at before the first function begins.
  distinct(
    given.filter(each => typeof each !== 'function'),
    'asCompleted',
  )
  throwIfInterrupted(signal)
  const group = given.some(each => typeof each === 'function') ? new FunctionGroup(limit, signal) : undefined
  const all = new Set(given.map(each => (typeof each === 'function' ? group!.begin(each) : each)))
  group?.drain()
  const whenOver = group === undefined ? undefined : () => group.end()
  return new Completions(all, { timeout, signal, whenOver }) as never
}

/** The functions of one loop, as tasks. */
class FunctionGroup implements TaskKeeper {
  readonly #core: GroupCore

  constructor(limit: number | undefined, signal: AbortSignal | undefined) {
    this.#core = new GroupCore({ name: 'asCompleted', limit, signal, supervise: true })
  }

  begin(fn: TaskFn<unknown>): Task<unknown> {
    return this.#core.begin(fn, undefined, false, this)
  }

  /** From now on it ends with the last of them, also when nobody reads any more. */
  drain(): void {
    void this.#core.drained()
  }

  async end(): Promise<void> {
    this.#core.cancel('nobody reads the rest of asCompleted()')
    await this.#core.drained()
  }

  ready(): void {}

  /** It comes out of the loop. An error after that, of the cleaning up, is an unhandled rejection. */
  failed(): boolean {
    return false
  }

  ended(course: Parameters<TaskKeeper['ended']>[0], began: boolean): void {
    this.#core.ended(course, began)
  }
}
