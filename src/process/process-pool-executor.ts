/** ProcessPoolExecutor: calls in processes of their own, as many at a time as there are workers. */
import { registerPlace } from '../pool/executor-registry.ts'
import { PoolPlace, type PoolStatistics } from '../pool/pool-place.ts'
import { ExecutorView } from '../futures/executor-view.ts'
import { checkMainGuard } from '../wire/task.ts'
import { checkProcessPoolOptions, type ProcessPoolOptions } from './process-options.ts'
import { processes } from './worker-process.ts'

let made = 0

/**
 * Runs functions in processes. What one of them does to itself befalls no other: it may crash, leak, change its
 * directory, or run out of memory. Only the call that it ran fails, with a WorkerDiedError, and it is replaced.
 *
 * A process costs more to start than a thread, and nothing is shared with it: arguments and results are copied, and what
 * lives in shared memory cannot be sent.
 *
 * Follows Python's `concurrent.futures.ProcessPoolExecutor`.
 */
export class ProcessPoolExecutor extends ExecutorView {
  readonly #place: PoolPlace

  /** Throws TypeError and RangeError for bad options, CannotSendError for an initializer that cannot be sent. */
  constructor(options: ProcessPoolOptions = {}) {
    checkMainGuard()
    const [rest, own] = checkProcessPoolOptions(options)
    const kind = processes(own)
    const name = options.name ?? `processes-${++made}`
    const place = registerPlace(number => new PoolPlace(number, name, rest, kind))
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
