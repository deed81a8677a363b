/** How long until the first result of a fresh pool, and how much memory does an idle worker hold? */
import { type Chart, compare } from '../chart.ts'
import { contestants, everybody, open } from '../contestant.ts'
import { collectGarbage } from '../garbage.ts'
import type { ContestantName } from '../contestant.ts'
import type { Figures, Question, Results } from '../question.ts'
import { pause, time } from '../timing.ts'

const WORKERS = 8

async function measure(contestant: string): Promise<Figures> {
  const load = await time(contestants[contestant as ContestantName])
  const first = await time(async () => (await open(contestant, 2)).call('noop')())
  return { load, first, worker: await memoryOfWorker(contestant) }
}

/** MB that the process grows by for each worker, once all have run a call and rest. */
async function memoryOfWorker(contestant: string): Promise<number> {
  await collectGarbage()
  const before = process.memoryUsage().rss
  const wait = (await open(contestant, WORKERS)).call('pause')
  // As many calls at a time as workers, and long ones, so that also those start that wait until they are needed.
  for (let i = 0; i < 2; i++) await Promise.all(Array.from({ length: WORKERS }, () => wait(200)))
  await pause(200)
  await collectGarbage()
  return (process.memoryUsage().rss - before) / 1e6 / WORKERS
}

function charts(results: Results): Chart[] {
  return [
    compare(results, 'first', {
      title: 'From opening a pool of 2 to its first result; beside it, the time to load the library',
      unit: 'ms',
      better: 'less',
      references: ['piscina', 'postMessage'],
      beside: { name: 'load', figure: 'load' },
    }),
    compare(results, 'worker', {
      title: `Memory (RSS) of an idle worker, of ${WORKERS} that have run a call`,
      unit: 'MB',
      better: 'less',
      references: ['piscina', 'postMessage'],
    }),
  ]
}

// The pool of multithreading can be given its size once, so it has no second one.
export const question: Question = {
  contestants: everybody.filter(name => name !== 'multithreading'),
  measure,
  charts,
}
