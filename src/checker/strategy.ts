/**
 * A strategy decides which thread takes the next step. An engine runs the program again and again, a schedule each time,
 * and asks it at each step; the strategy knows nothing of how threads are run. (shuttle's `Scheduler` is the model.)
 */
import type { Footprint } from './footprint.ts'

/** What each thread is about to do. Threads are numbered from 0; a set of them is the bits of a number. */
export interface Situation {
  /** Those that can take a step. Never empty. */
  readonly enabled: number
  /** Those of them that could only let their time run out. */
  readonly late: number
  /** What a thread's next step would read and write; undefined for one that has ended. */
  footprintOf(thread: number): Footprint | undefined
}

export interface Strategy {
  /** A schedule begins. */
  begin(threads: number): void
  /** Who takes the next step; REDUNDANT if the rest of the schedule has been tried in another order. */
  choose(situation: Situation): number
  /** A step was taken. */
  performed(thread: number, footprint: Footprint): void
  /** The schedule is over. `blocked`: threads that could not go on. Returns whether there is another to try. */
  end(blocked: readonly Blocked[]): boolean
}

export interface Blocked {
  readonly thread: number
  readonly footprint: Footprint
}

export const REDUNDANT = -1

/** The lowest thread of a set that is not empty. */
export function lowest(threads: number): number {
  return 31 - Math.clz32(threads & -threads)
}

export function has(threads: number, thread: number): boolean {
  return thread >= 0 && ((threads >>> thread) & 1) !== 0
}

/** Who goes on if nobody decides otherwise: whoever ran last, as long as that is possible. */
export function goesOn(enabled: number, last: number): number {
  return has(enabled, last) ? last : lowest(enabled)
}
