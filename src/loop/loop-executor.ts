/** LoopExecutor: calls on this event loop, a limited number of them at a time. */
import { ExecutorView } from '../futures/executor-view.ts'
import { LoopPlace } from './loop-place.ts'
import { checkOptions, count, ofType } from '../options/option-rules.ts'

export interface LoopExecutorOptions {
  /**
   * The most calls that run at the same time. Default 32, as Python's pools for work that waits: enough to overlap
   * waiting, few enough not to open a thousand sockets.
   */
  readonly maxWorkers?: number | undefined
  /** Shown in errors. */
  readonly name?: string | undefined
}

const MAX_WORKERS = 32

const rules = { maxWorkers: count(1), name: ofType('string', 'a string') }

let made = 0

/**
 * Runs calls on the event loop of this thread: for functions that wait, or as the simplest place for tests.
 *
 * What differs from other executors: arguments and results are the very objects, not copies; any function can be
 * submitted; a function cannot be stopped, only asked to, so a call that was cancelled or ran out of time settles
 * when its function ends; `resultSync` throws UnsupportedError.
 * A call submitted by a running call of the same executor may take over its place, so that waiting for it is safe.
 * (Not in browsers after the first `await`: they cannot tell who calls.)
 */
export class LoopExecutor extends ExecutorView {
  /** Throws TypeError and RangeError for options that are wrong. */
  constructor(options: LoopExecutorOptions = {}) {
    const { maxWorkers = MAX_WORKERS, name = `loop-${++made}` } = checkOptions(options, rules, 'LoopExecutor')
    super(new LoopPlace(name, maxWorkers))
  }
}
