/** How many schedules a second can be tried, by each engine, and how many of them does the reduced search leave out? */
import { Dpor } from '../../dist/checker/dpor.js'
import { Bounded } from '../../dist/checker/bounded.js'
import type { Engine } from '../../dist/checker/course.js'
import { type CheckTest, programOf } from '../../dist/checker/program.js'
import { PromiseEngine } from '../../dist/checker/promises.js'
import { Random } from '../../dist/checker/random.js'
import { RealThreads } from '../../dist/checker/real-stage.js'
import { reExecution } from '../../dist/checker/re-execution.js'
import type { Strategy } from '../../dist/checker/strategy.js'
import { type Chart, values } from '../chart.ts'
import { counting, locking, tasks, writing } from '../check-programs.ts'
import type { Figures, Question, Results } from '../question.ts'

/** Ms for each engine. */
const TIME = 3000
const MAX_STEPS = 1000

const played = { steps: 'operations', maxSteps: MAX_STEPS } as const
const programs = new URL('../check-programs.ts', import.meta.url).href

async function measure(): Promise<Figures> {
  const real = new RealThreads(writing, programOf(writing), { steps: 'atomics', maxSteps: MAX_STEPS }, programs)
  const figures = {
    'plain, 20 steps': await rate(reExecution(programOf(counting), played)),
    'locks, 12 steps': await rate(reExecution(programOf(locking), played)),
    'async, 12 steps': await rate(new PromiseEngine(programOf(tasks), { maxSteps: MAX_STEPS, awaits: 'io' })),
    'real threads, 12 steps': await rate(real),
    reduction: await reduction(writing),
  }
  real.close()
  return figures
}

/** Schedules a second, at random. */
async function rate(engine: Engine): Promise<number> {
  const strategy = new Random(1, Infinity)
  await engine.run(strategy, false)
  const began = performance.now()
  let schedules = 0
  while (performance.now() - began < TIME) {
    const running = engine.run(strategy, false)
    if (running instanceof Promise) await running
    schedules++
  }
  return (schedules / (performance.now() - began)) * 1000
}

async function reduction(test: CheckTest<unknown>): Promise<number> {
  return (await schedulesOf(test, new Bounded(Infinity))) / (await schedulesOf(test, new Dpor()))
}

async function schedulesOf(test: CheckTest<unknown>, strategy: Strategy): Promise<number> {
  const engine = reExecution(programOf(test), played)
  for (let schedules = 1; ; schedules++) if (!engine.run(strategy, false).hasMore) return schedules
}

function charts(results: Results): Chart[] {
  const { figures, failure } = results.get('multitask')!
  const row = (label: string) => ({ label, samples: values(figures, label), failure })
  return [
    {
      title: 'Schedules of two threads, at random',
      unit: 'schedules/s',
      better: 'more',
      references: [],
      goals: [
        { row: 'plain, 20 steps', atLeast: 10_000 },
        { row: 'real threads, 12 steps', atLeast: 1500 },
      ],
      rows: ['plain, 20 steps', 'locks, 12 steps', 'async, 12 steps', 'real threads, 12 steps'].map(row),
    },
    {
      title: 'Schedules of full search for each of the reduced search',
      unit: '×',
      better: 'more',
      references: [],
      goals: [{ row: 'reduction', atLeast: 5 }],
      rows: [row('reduction')],
    },
  ]
}

export const question: Question = { contestants: ['multitask'], measure, charts }
