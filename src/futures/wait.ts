/**
 * wait: until all of some futures are done, or the first, or the first that failed.
 *
 * It keeps nothing alive but a timer, and that only until it ends: the futures are held by what runs behind them.
 */
import { describe } from '../options/describe.ts'
import { Future, hasFailed } from './future.ts'
import { checkOptions, duration, oneOf } from '../options/option-rules.ts'
import { alarm } from '../limits/clock.ts'

export interface WaitOptions {
  /**
   * 'all' (the default); 'first-completed', whatever its end; 'first-exception': the first that failed, or else all.
   * A cancelled future is done, but has not failed.
   */
  readonly returnWhen?: 'all' | 'first-completed' | 'first-exception' | undefined
  /** In ms; missing or Infinity waits for ever, 0 polls. */
  readonly timeout?: number | undefined
}

export interface WaitResult<F> {
  /** The futures that are done. Look at `exception()` or `result()`: `wait` throws no errors of theirs. */
  readonly done: Set<F>
  readonly pending: Set<F>
}

const rules = { returnWhen: oneOf('all', 'first-completed', 'first-exception'), timeout: duration }

/**
 * Resolves to which of the futures are done and which are not, when the condition holds or the time is up.
 * A failure that it reports in `done` is no longer an unhandled rejection. Rejects with TypeError and RangeError for
 * arguments that are wrong, and with nothing else.
 */
export async function wait<F extends Future<unknown>>(
  futures: Iterable<F>,
  options: WaitOptions = {},
): Promise<WaitResult<F>> {
  const { returnWhen = 'all', timeout = Infinity } = checkOptions(options, rules, 'wait()')
  const all = distinct(futures, 'wait')
  const open = new Set<Future<unknown>>()
  let over = all.size === 0 || timeout === 0
  const onDone = (future: Future<unknown>): void => {
    markSeen(future)
    open.delete(future)
    over ||= returnWhen === 'first-completed' || (returnWhen === 'first-exception' && hasFailed(future))
  }
  for (const future of all) {
    if (future.done()) onDone(future)
    else open.add(future)
  }
  if (!over && open.size > 0) await settled(open, onDone, () => over, timeout)
  const done = new Set<F>()
  const pending = new Set<F>()
  for (const future of all) {
    if (future.done()) markSeen(future)
    ;(future.done() ? done : pending).add(future)
  }
  return { done, pending }
}

/** Until `open` is empty, `isOver` or the time is up. Leaves no callback behind: futures may be waited for in a loop. */
function settled(
  open: Set<Future<unknown>>,
  onDone: (future: Future<unknown>) => void,
  isOver: () => boolean,
  timeout: number,
): Promise<void> {
  return new Promise(resolve => {
    const end = (): void => {
      cancelAlarm()
      for (const future of open) future.removeDoneCallback(callback)
      resolve()
    }
    const callback = (future: Future<unknown>): void => {
      onDone(future)
      if (isOver() || open.size === 0) end()
    }
    const cancelAlarm = alarm(timeout, end)
    for (const future of open) future.addDoneCallback(callback)
  })
}

/** The futures without repetitions, in their order. Throws TypeError for anything else. `verb`: who was given them. */
export function distinct<F extends Future<unknown>>(futures: Iterable<F>, verb: string): Set<F> {
  if (!(Symbol.iterator in Object(futures))) {
    throw new TypeError(`${verb} needs an iterable of futures, not ${describe(futures)}`)
  }
  const all = new Set(futures)
  for (const future of all) {
    if (!(future instanceof Future)) throw new TypeError(`${verb} needs futures, not ${describe(future)}`)
  }
  return all
}

/** Whoever is told that a future is done can look at its error: that it failed is no longer unhandled. */
export function markSeen(future: Future<unknown>): void {
  if (!future.cancelled()) future.exception()
}
