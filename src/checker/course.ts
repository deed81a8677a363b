/** One schedule, as it went, and what an engine has to offer. */
import type { Failure } from './failure.ts'
import type { Strategy } from './strategy.ts'

/** A step, for people. */
export interface TakenStep {
  readonly thread: number
  /** What was done, such as `counter.value → 0`. */
  readonly text: string
}

export interface Course {
  readonly names: readonly string[]
  /** Whose step each was. */
  readonly schedule: readonly number[]
  readonly failure: Failure | undefined
  /** A race that was seen, whatever else happened. */
  readonly race: Failure | undefined
  /** It was given up because it repeated another. */
  readonly isRedundant: boolean
  /** What `check` returned, or undefined. */
  readonly outcome: unknown
  /** Its steps, if they were asked for. */
  readonly steps: readonly TakenStep[]
  /** Whether the strategy has another schedule to try. */
  readonly hasMore: boolean
}

/** Runs schedules of one program. */
export interface Engine {
  /** Runs one schedule. `recorded`: the steps are wanted. */
  run(strategy: Strategy, recorded: boolean): Course | Promise<Course>
  close(): void | Promise<void>
}
