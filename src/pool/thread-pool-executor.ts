/** ThreadPoolExecutor: calls on worker threads, as many at a time as there are workers. */
import { registerPlace } from './executor-registry.ts'
import { ExecutorView } from '../futures/executor-view.ts'
import { checkPoolOptions, type PoolOptions } from '../futures/options.ts'
import { checkMainGuard } from '../wire/task.ts'
import { PoolPlace, type PoolStatistics } from './pool-place.ts'
import { threads } from './worker-thread.ts'

let count = 0

/**
 * Runs functions on threads. Workers start when they are needed; an idle pool uses no CPU and does not keep the
 * program alive.
 *
 * A function that never looks at `currentTask()` can still be stopped: its worker is ended and replaced. On Deno a
 * busy thread cannot be stopped; its future settles all the same, and the thread goes on.
 *
 * Follows Python's `concurrent.futures.ThreadPoolExecutor`.
 */
export class ThreadPoolExecutor extends ExecutorView {
  readonly #place: PoolPlace

  /** Throws TypeError and RangeError for bad options, CannotSendError for an initializer that cannot be sent. */
  constructor(options: PoolOptions = {}) {
    checkMainGuard()
    checkPoolOptions(options, 'ThreadPoolExecutor')
    const place = registerPlace(number => new PoolPlace(number, options.name ?? `threads-${++count}`, options, threads))
    super(place)
    this.#place = place
  }

  /** Resolves when a call more would not exceed `maxQueue`: for producers that want to wait before they submit. */
  room(): Promise<void> {
    return this.#place.room()
  }

  /** What the pool is doing now. */
  statistics(): PoolStatistics {
    return Object.freeze(this.#place.statistics)
  }
}
