/**
 * From which size on do calls gain from a second core?
 *
 * The work counts instead of looking at the clock, and one thread does the same work in the same process before each
 * run of the pool: what others do on the machine then slows both. "static split" is what can be had at best: two
 * messages, each with half of the work.
 */
import { type Chart, compare, type Goal } from '../chart.ts'
import { open } from '../contestant.ts'
import type { Figures, Question, Results } from '../question.ts'
import { median } from '../statistics.ts'
import { spin } from '../tasks.mjs'
import { mapCalls, time } from '../timing.ts'

const STATIC_SPLIT = 'static split'
/** Microseconds that one call takes. */
const GRAINS = [10, 100, 1000, 10_000]
/** Milliseconds that one thread takes for all the work of a run. */
const WORK = 200
const RUNS = 3

type Run = (work: readonly number[]) => PromiseLike<unknown>

async function measure(contestant: string): Promise<Figures> {
  const run = await runOf(contestant)
  const figures: Record<string, number> = {}
  for (const grain of GRAINS) {
    const turns = await turnsFor(grain)
    const work = Array.from({ length: (WORK * 1000) / grain }, () => turns)
    const ratios: number[] = []
    await run(work)
    for (let i = 0; i < RUNS; i++) {
      const alone = await time(() => work.forEach(spin))
      ratios.push(alone / (await time(() => run(work))))
    }
    figures[grain] = median(ratios)
  }
  return figures
}

/**
 * How often a call has to count to take `grain` microseconds. Found by steps of the right length: a processor learns the
 * branches of a short call by heart, so that it counts four times as fast as a long one.
 */
async function turnsFor(grain: number): Promise<number> {
  let turns = grain * 100
  for (let step = 0; step < 8; step++) {
    const work = Array.from({ length: Math.max(1, 2000 / grain) }, () => turns)
    // The fastest of several tries: the others were disturbed.
    let least = Infinity
    for (let attempt = 0; attempt < 5; attempt++) least = Math.min(least, await time(() => work.forEach(spin)))
    turns = Math.round((turns * grain * work.length) / (least * 1000))
  }
  return turns
}

async function runOf(contestant: string): Promise<Run> {
  if (contestant === STATIC_SPLIT) {
    const spinAll = (await open('postMessage', 2)).call('spinAll')
    return work => Promise.all([spinAll(work.slice(0, work.length / 2)), spinAll(work.slice(work.length / 2))])
  }
  const { call, map = (task, values) => mapCalls(call(task), values) } = await open(contestant, 2)
  return work => map('spin', work)
}

function charts(results: Results): Chart[] {
  const goals: Record<number, Goal[]> = {
    10: [{ row: 'multitask', atLeast: 1.5 }],
    100: [{ row: 'multitask', atLeast: 1.9 }],
  }
  return GRAINS.map(grain =>
    compare(results, `${grain}`, {
      title: `Speed-up of a map on 2 threads, ${grain < 1000 ? `${grain} µs` : `${grain / 1000} ms`} a call`,
      unit: '×',
      better: 'more',
      references: ['piscina', STATIC_SPLIT],
      goals: goals[grain] ?? [],
    }),
  )
}

export const question: Question = {
  contestants: ['multitask', STATIC_SPLIT, 'postMessage', 'piscina', 'piscina tuned', 'tinypool', 'workerpool'],
  measure,
  charts,
}
