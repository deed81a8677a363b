/**
 * wait: until all of some tasks and futures are done, or the first, or the first that failed.
 *
 * It keeps nothing alive but a timer, and that only until it ends: who is waited for is held by what runs behind it.
 */
import { onInterruption, throwIfInterrupted } from '../limits/interruption.ts'
import { abortSignal, checkOptions, duration, oneOf } from '../options/option-rules.ts'
import { distinct, type FutureLike, hasFailed, markSeen } from './future-like.ts'

export interface WaitOptions {
  /**
   * 'all' (the default); 'first-completed', whatever its end; 'first-exception': the first that failed, or else all.
   * What was cancelled is done, but has not failed.
   */
  readonly returnWhen?: 'all' | 'first-completed' | 'first-exception' | undefined
  /** In ms; missing or Infinity waits for ever, 0 polls. */
  readonly timeout?: number | undefined
  /** Ends the wait, which then rejects with the signal's reason. It ends none of those that are waited for. */
  readonly signal?: AbortSignal | undefined
}

export interface WaitResult<F> {
  /** Those that are done. Look at `exception()` or `result()`: `wait` throws no errors of theirs. */
  readonly done: Set<F>
  readonly pending: Set<F>
}

const rules = {
  returnWhen: oneOf('all', 'first-completed', 'first-exception'),
  timeout: duration,
  signal: abortSignal,
}

/**
 * Resolves to which of the tasks and futures are done and which are not, when the condition holds or the time is up.
 * A failure that it reports in `done` is no longer an unhandled rejection. Rejects with TypeError and RangeError for
 * arguments that are wrong, and with the reason if the signal aborts or the task that waits is cancelled. It cancels
 * nobody. Python's `asyncio.wait` and `concurrent.futures.wait`.
 */
export async function wait<F extends FutureLike<unknown>>(
  items: Iterable<F>,
  options: WaitOptions = {},
): Promise<WaitResult<F>> {
  const { returnWhen = 'all', timeout = Infinity, signal } = checkOptions(options, rules, 'wait()')
  const all = distinct(items, 'wait')
  throwIfInterrupted(signal)
  const open = new Set<FutureLike<unknown>>()
  let over = all.size === 0 || timeout === 0
  const onDone = (it: FutureLike<unknown>): void => {
    markSeen(it)
    open.delete(it)
    over ||= returnWhen === 'first-completed' || (returnWhen === 'first-exception' && hasFailed(it))
  }
  for (const it of all) {
    if (it.done()) onDone(it)
    else open.add(it)
  }
  if (!over && open.size > 0) await settled(open, onDone, () => over, timeout, signal)
  const done = new Set<F>()
  const pending = new Set<F>()
  for (const it of all) {
    if (it.done()) markSeen(it)
    ;(it.done() ? done : pending).add(it)
  }
  return { done, pending }
}

/** Until `open` is empty, `isOver` or the time is up. Leaves no callback behind: one may wait for the same in a loop. */
function settled(
  open: Set<FutureLike<unknown>>,
  onDone: (it: FutureLike<unknown>) => void,
  isOver: () => boolean,
  timeout: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      release()
      for (const it of open) it.removeDoneCallback(callback)
    }
    const callback = (it: FutureLike<unknown>): void => {
      onDone(it)
      if (!isOver() && open.size > 0) return
      end()
      resolve()
    }
    const late = (): void => {
      end()
      resolve()
    }
    const fail: (error: Error) => void = reject
    const stop = (reason: unknown): void => {
      end()
      fail(reason as Error)
    }
    const release = onInterruption(timeout, signal, late, stop, `${open.size} tasks or futures`)
    for (const it of open) it.addDoneCallback(callback)
  })
}
