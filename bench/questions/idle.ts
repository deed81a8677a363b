/** What does a pool cost that has nothing to do, and how late are the program's timers while it has very much to do? */
import { type Chart, compare } from '../chart.ts'
import { open } from '../contestant.ts'
import type { Figures, Question, Results } from '../question.ts'
import { quantile } from '../statistics.ts'
import { floodFor, pause } from '../timing.ts'

const IDLE = 2000
const FLOOD = 700

async function measure(contestant: string): Promise<Figures> {
  const noop = (await open(contestant, 2)).call('noop')
  await floodFor(noop, FLOOD)
  const lateness = await timersDuring(floodFor(noop, FLOOD))
  await pause(200)
  return {
    cpu: await cpuUsed(IDLE),
    'latest timer': Math.max(...lateness),
    'latest timer p99': quantile(lateness, 0.99),
  }
}

/** How late, in ms, each timer of 1 ms was, one after the other until `end`. */
async function timersDuring(end: Promise<unknown>): Promise<number[]> {
  const lateness: number[] = []
  let over = false
  void end.then(() => (over = true))
  while (!over) {
    const began = performance.now()
    await pause(1)
    lateness.push(performance.now() - began - 1)
  }
  return lateness
}

/** Percent of one core. */
async function cpuUsed(duration: number): Promise<number> {
  const before = process.cpuUsage()
  const began = performance.now()
  await pause(duration)
  const { user, system } = process.cpuUsage(before)
  return ((user + system) / 1000 / (performance.now() - began)) * 100
}

function charts(results: Results): Chart[] {
  return [
    compare(results, 'cpu', {
      title: 'CPU use of an idle pool after use, percent of one core',
      unit: '%',
      better: 'less',
      goals: [{ row: 'multitask', atMost: 1 }],
    }),
    compare(results, 'latest timer', {
      title: 'The latest of the 1 ms timers on the main thread while calls flood',
      unit: 'ms',
      better: 'less',
      references: ['piscina'],
      beside: { name: 'p99', figure: 'latest timer p99' },
      goals: [{ row: 'multitask', atMost: 10 }],
    }),
  ]
}

export const question: Question = {
  contestants: ['multitask', 'postMessage', 'piscina', 'piscina tuned', 'tinypool'],
  mostRounds: 2,
  measure,
  charts,
}
