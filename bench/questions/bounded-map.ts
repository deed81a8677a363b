/** What does it cost to call a function for many inputs, a hundred at once, beside the call itself? */
import { type Chart, compare } from '../chart.ts'
import { type Mapping, mappings } from '../maps/mapping.ts'
import type { Figures, Question, Results } from '../question.ts'
import { batches } from '../timing.ts'
import { median } from '../statistics.ts'

const values = Array.from({ length: 100_000 }, (_, index) => index)
/** Batches are repeated for so many ms, after a warm-up that does not count. */
const WARM_UP = 500
const DURATION = 1000

const OURS = 'multitask'
const LANES = 'lanes'

/** The smallest call that there is: its promise is one turn of microtasks away. */
const call = async (value: number): Promise<number> => value

async function measure(contestant: string): Promise<Figures> {
  const { mapping }: { mapping: Mapping } = await mappings[contestant as keyof typeof mappings]()
  const { all, each } = mapping
  const figures: Record<string, number> = { all: await cost(() => all(values, call)) }
  if (each !== undefined) figures['each'] = await cost(() => each(values, call))
  return figures
}

/** Nanoseconds a call, the median of the batches. */
async function cost(work: () => unknown): Promise<number> {
  await batches(work, WARM_UP)
  return (median(await batches(work, DURATION)) / values.length) * 1e6
}

function charts(results: Results): Chart[] {
  const comparison = { unit: 'ns', better: 'less', references: [LANES] } as const
  return [
    compare(results, 'all', {
      ...comparison,
      title: 'A function over 100 000 inputs, 100 at once: all results in an array, for each call',
      goals: [
        { row: OURS, atMost: 300 },
        { row: OURS, atMost: 1, of: 'p-map' },
        { row: OURS, atMost: 1, of: 'effect' },
      ],
    }),
    compare(new Map([...results].filter(([name]) => [OURS, 'p-map'].includes(name))), 'each', {
      ...comparison,
      title: 'The same, read one by one',
    }),
  ]
}

export const question: Question = { contestants: Object.keys(mappings), measure, charts }
