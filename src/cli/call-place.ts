/** Where the function runs, and how: the executor that the options ask for. */
import { availableParallelism } from 'node:os'
import { type Executor, LoopExecutor, ProcessPoolExecutor, ThreadPoolExecutor } from '../index.ts'
import type { MapOptions } from './args.ts'
import type { Activity } from './progress-text.ts'

/** As many as a pool of sockets: enough to overlap waiting, few enough not to be taken for an attack. */
const LOOP_WIDTH = 32

/** A chunk that runs and one that waits beside it, so that no worker waits for the way there and back. */
const CHUNKS_PER_WORKER = 2

/** How long calls may take to end after they were asked to, in ms; then the executor stops their workers. */
const GRACE = 500
/** For workers that are slow to end. */
const MARGIN = 2000

export interface CallPlace {
  readonly executor: Executor
  /** The most chunks that are to be with the executor. */
  readonly mostInFlight: number
  /** How long to wait for calls that were asked to stop, in ms. */
  readonly patience: number
  /** How long to wait for any call, in ms; undefined where the executor itself ends those that take too long. */
  readonly limit: number | undefined
  /** `inFlight`: how many chunks are with the executor. */
  activity(inFlight: number): Activity
  /** Waits for what the workers still print. */
  close(): Promise<void>
}

export function openCallPlace(options: MapOptions): CallPlace {
  return options.on === 'loop' ? loopPlace(options) : poolPlace(options)
}

function poolPlace({ on, workers }: MapOptions): CallPlace {
  // The default size is the executor's own, which knows more of the machine than this.
  const executor =
    on === 'processes'
      ? new ProcessPoolExecutor({ maxWorkers: workers })
      : new ThreadPoolExecutor({ maxWorkers: workers })
  return {
    executor,
    mostInFlight: CHUNKS_PER_WORKER * (workers ?? availableParallelism()),
    patience: GRACE + MARGIN,
    limit: undefined,
    activity: () => executor.statistics(),
    close: () => executor.shutdown(),
  }
}

/**
 * Nothing can stop a function on the loop that does not heed its signal. The command then goes on without it: it must not
 * hold a place, nor the end of the run.
 */
function loopPlace({ workers = LOOP_WIDTH, timeout }: MapOptions): CallPlace {
  return {
    executor: new LoopExecutor({ maxWorkers: Infinity }),
    mostInFlight: workers,
    patience: GRACE,
    limit: timeout === undefined ? undefined : timeout + GRACE,
    activity: inFlight => ({ busy: inFlight, workers }),
    close: () => Promise.resolve(),
  }
}
