/** How many calls a second go through two threads, when each is awaited by one of 1000 lanes? */
import { type Chart, compare } from '../chart.ts'
import { type Call, everybody, open } from '../contestant.ts'
import type { Figures, Question, Results } from '../question.ts'
import { floodFor } from '../timing.ts'

/** Milliseconds; what is measured before, while compilers settle, does not count. */
const WARM_UP = 400
const DURATION = 500

async function measure(contestant: string): Promise<Figures> {
  const { call } = await open(contestant, 2)
  const echo = call('echo')
  let id = 0
  return {
    noop: await throughput(call('noop')),
    small: await throughput(() => echo({ id: id++, x: [1, 2, 3, 4, 5, 6, 7, 8] })),
  }
}

async function throughput(call: Call): Promise<number> {
  await floodFor(call, WARM_UP)
  return floodFor(call, DURATION)
}

function charts(results: Results): Chart[] {
  const references = ['piscina', 'postMessage']
  return [
    compare(results, 'noop', {
      title: 'Calls that do nothing, 2 threads, at most 1000 in flight',
      unit: 'tasks/s',
      better: 'more',
      references,
      goals: [
        { row: 'multitask', atLeast: 1.5e6 },
        { row: 'multitask', atLeast: 40, of: 'piscina' },
      ],
    }),
    compare(results, 'small', {
      title: 'Calls that return their small object { id, x: [8 numbers] }',
      unit: 'tasks/s',
      better: 'more',
      references,
      goals: [{ row: 'multitask', atLeast: 1e6 }],
    }),
  ]
}

export const question: Question = { contestants: everybody, measure, charts }
