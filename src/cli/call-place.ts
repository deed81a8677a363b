/** Where the function runs, and how: the executor that the options ask for. */
import { availableParallelism } from 'node:os'
import { type Executor, LoopExecutor, ThreadPoolExecutor } from '../index.ts'
import type { MapOptions } from './args.ts'
import type { Activity } from './progress-text.ts'

/** As many as a browser's or a server's pool of sockets: enough to overlap waiting. */
const LOOP_WIDTH = 32

/** As long as the executor waits before it stops the worker of such a call; a loop cannot stop it. */
const GRACE = 500
/** For workers that are slow to end. */
const MARGIN = 2000

export interface CallPlace {
  readonly executor: Executor
  /** How many calls it runs at the same time. */
  readonly width: number
  /** How long calls may take to end, in ms, after they were asked to. */
  readonly patience: number
  /** `inFlight`: how many calls it was given and has not answered. */
  activity(inFlight: number): Activity
}

export function openCallPlace({ on, workers }: MapOptions): CallPlace {
  if (on === 'loop') {
    const width = workers ?? LOOP_WIDTH
    const executor = new LoopExecutor({ maxWorkers: width })
    const activity = (inFlight: number): Activity => ({ busy: Math.min(width, inFlight), workers: width })
    return { executor, width, patience: GRACE, activity }
  }
  // The default size is the executor's own, which knows more of the machine than this.
  const executor = new ThreadPoolExecutor({ maxWorkers: workers })
  const width = workers ?? availableParallelism()
  return { executor, width, patience: GRACE + MARGIN, activity: () => executor.statistics() }
}
