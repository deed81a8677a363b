/**
 * How long does one call take on a pool that has nothing else to do?
 *
 * It depends on who has to be woken, and where: so it is asked in three conditions. Only that on one core is steady
 * enough for fine comparisons; on idle cores waking a thread costs more than everything else together.
 */
import { execFileSync } from 'node:child_process'
import { type Chart, compare, type Goal } from '../chart.ts'
import { everybody, open } from '../contestant.ts'
import type { Figures, Question, Results } from '../question.ts'
import { quantile } from '../statistics.ts'
import { roundTrips } from '../timing.ts'

const ONE_CORE = 'one core'
const FREE = 'free'
const RESTED = 'rested'

const WARM_UP = 200
const DURATION = 300
const REST = 20

async function measure(contestant: string, condition: string): Promise<Figures> {
  if (condition === ONE_CORE) pin()
  const noop = (await open(contestant, 2)).call('noop')
  await roundTrips(noop, WARM_UP)
  const took = await roundTrips(noop, DURATION, condition === RESTED ? REST : 0)
  return { [condition]: quantile(took, 0.5) * 1000, [`${condition} p95`]: quantile(took, 0.95) * 1000 }
}

/** Has to come before the pool is opened: it looks at how many cores there are. */
function pin(): void {
  execFileSync('taskset', ['-acp', '0', `${process.pid}`])
}

function charts(results: Results): Chart[] {
  const goals: Goal[] = [
    { row: 'multitask', atMost: 0.5, of: 'piscina' },
    { row: 'multitask', atMost: 1, of: 'postMessage' },
  ]
  const chart = (condition: string, title: string, itsGoals: Goal[]) =>
    compare(results, condition, {
      title: `Round trip of one call: ${title}`,
      unit: 'µs',
      better: 'less',
      references: ['piscina', 'postMessage'],
      beside: { name: 'p95', figure: `${condition} p95` },
      goals: itsGoals,
    })
  return [
    chart(ONE_CORE, 'all threads pinned to one core', goals),
    chart(FREE, 'one after the other, cores free', goals),
    chart(RESTED, `after a rest of ${REST} ms, cores free`, []),
  ]
}

export const question: Question = { contestants: everybody, conditions: [ONE_CORE, FREE, RESTED], measure, charts }
