/**
 * In which order schedules are tried. Most bugs show with few switches, and are easiest to read there: first no preemption,
 * then one. Then the reduced search has a short try at all there is; if it does not come to its end, two preemptions, some
 * schedules at random, and the rest of the reduced search.
 */
import { Bounded } from './bounded.ts'
import { Dpor } from './dpor.ts'
import { Random } from './random.ts'
import type { Strategy } from './strategy.ts'

export interface Phase {
  readonly strategy: Strategy
  /** The most schedules in this phase. */
  readonly schedules: number
  /** What has been tried if it came to its end. */
  coverage(schedules: number): string
  /** Whether nothing is left to try if it came to its end. */
  isExhaustive(): boolean
}

export interface PhaseOptions {
  readonly bounds: readonly number[]
  readonly random: number
  readonly seed: number
  readonly schedules: number
}

/** Schedules in the first try of the reduced search. */
const SHORT_TRY = 1000

export function phasesOf({ bounds, random, seed, schedules }: PhaseOptions): Phase[] {
  const reduced = new Dpor()
  const rest = (most: number): Phase => ({
    strategy: reduced,
    schedules: most,
    coverage: everyInterleaving,
    isExhaustive: () => true,
  })
  const few = bounds.filter(bound => bound < 2)
  const many = bounds.filter(bound => bound >= 2)
  const chance: Phase = {
    strategy: new Random(seed, random),
    schedules: random,
    coverage: count => `${count} schedules at random`,
    isExhaustive: () => false,
  }
  return [
    ...few.map(bound => bounded(bound, schedules)),
    rest(Math.min(SHORT_TRY, schedules)),
    ...many.map(bound => bounded(bound, schedules)),
    ...(random > 0 ? [chance] : []),
    rest(schedules),
  ]
}

function bounded(bound: number, schedules: number): Phase {
  const strategy = new Bounded(bound)
  return {
    strategy,
    schedules,
    coverage: count =>
      strategy.isCut ? `every schedule with at most ${bound} preemptions: ${count}` : everyInterleaving(count),
    isExhaustive: () => !strategy.isCut,
  }
}

function everyInterleaving(schedules: number): string {
  return `every interleaving: ${schedules} ${schedules === 1 ? 'schedule' : 'schedules'}`
}
