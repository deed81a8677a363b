/** Does a pool keep anything of the calls that are done? */
import { type Chart, type Row, values } from '../chart.ts'
import { open } from '../contestant.ts'
import { collectGarbage } from '../garbage.ts'
import type { Figures, Question, Results } from '../question.ts'
import { flood } from '../timing.ts'

const MILLIONS = 10

async function measure(contestant: string): Promise<Figures> {
  const noop = (await open(contestant, 2)).call('noop')
  const figures: Record<string, number> = {}
  for (let million = 1; million <= MILLIONS; million++) {
    await flood(noop, 1_000_000)
    await collectGarbage()
    const { heapUsed, rss } = process.memoryUsage()
    figures[`heap ${million}`] = heapUsed / 1e6
    figures[`rss ${million}`] = rss / 1e6
  }
  return figures
}

function charts(results: Results): Chart[] {
  const { figures, failure } = results.get('multitask')!
  const chart = (name: string, title: string): Chart => ({
    title,
    unit: 'MB',
    better: 'less',
    references: ['1 M'],
    goals: [{ row: `${MILLIONS} M`, atMost: 1.1, of: '1 M' }],
    rows: Array.from({ length: MILLIONS }, (_, index): Row => {
      return { label: `${index + 1} M`, samples: values(figures, `${name} ${index + 1}`), failure }
    }),
  })
  return [
    chart('heap', 'Heap of the main thread after so many calls of a pool, garbage collected'),
    chart('rss', 'Memory of the whole process (RSS) at the same moments'),
  ]
}

export const question: Question = { contestants: ['multitask'], mostRounds: 1, measure, charts }
