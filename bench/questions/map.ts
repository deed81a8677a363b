/** How fast is a million tiny calls as a map, where we choose the chunks and users of rivals cut them by hand? */
import { type Chart, compare } from '../chart.ts'
import { everybody, open } from '../contestant.ts'
import type { Figures, Question, Results } from '../question.ts'
import { median } from '../statistics.ts'
import { double } from '../tasks.mjs'
import { time } from '../timing.ts'

const ITEMS = 1_000_000
const CHUNK = 500
const RUNS = 5
const ONE_THREAD = 'one thread'

type Map = (numbers: readonly number[]) => PromiseLike<unknown[]> | unknown[]

async function measure(contestant: string): Promise<Figures> {
  const numbers = Array.from({ length: ITEMS }, (_, index) => index)
  const map = await mapOf(contestant)
  const took: number[] = []
  for (let run = 0; run < RUNS; run++) {
    let results: unknown[] = []
    took.push(await time(async () => (results = await map(numbers))))
    if (results.length !== ITEMS || results[ITEMS - 1] !== 2 * (ITEMS - 1)) throw new Error('the results are wrong')
  }
  // The first runs warm up.
  return { items: ITEMS / (median(took.slice(2)) / 1000) }
}

async function mapOf(contestant: string): Promise<Map> {
  if (contestant === ONE_THREAD) return numbers => numbers.map(double)
  const pool = await open(contestant, 2)
  const { map } = pool
  if (map !== undefined) return numbers => map('double', numbers)
  const doubleAll = pool.call('doubleAll')
  return async numbers => {
    const chunks: PromiseLike<unknown>[] = []
    for (let at = 0; at < numbers.length; at += CHUNK) chunks.push(doubleAll(numbers.slice(at, at + CHUNK)))
    return (await Promise.all(chunks)).flat()
  }
}

function charts(results: Results): Chart[] {
  return [
    compare(results, 'items', {
      title: 'Map of 1 M numbers by x => x * 2, 2 threads; rivals cut into chunks of 500 by hand',
      unit: 'items/s',
      better: 'more',
      references: ['piscina', 'postMessage'],
      goals: [{ row: 'multitask', atLeast: 20e6 }],
    }),
  ]
}

// The package `threads` would take as long as all others together.
const asked = everybody.filter(name => name !== 'threads')

export const question: Question = { contestants: [...asked, ONE_THREAD], measure, charts }
