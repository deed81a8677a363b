/** What does a child of a group cost, of 100 000 that do nothing: its task, its context, its part of the tree? */
import { type Chart, compare } from '../chart.ts'
import { askPython, ASYNCIO, groups, timeOf } from '../gathering/ways.ts'
import type { Figures, Question, Results } from '../question.ts'

const CHILDREN = 100_000
const LIMIT = 100
const WARM_UP = 500
const DURATION = 1500

async function measure(contestant: string): Promise<Figures> {
  if (contestant === ASYNCIO) return askPython('group', CHILDREN, LIMIT, DURATION)
  const way = groups[contestant]!
  const fns = Array.from({ length: CHILDREN }, (_, n) => async () => n)
  await timeOf(way, fns, Infinity, WARM_UP)
  const child = await timeOf(way, fns, Infinity, DURATION)
  await timeOf(way, fns, LIMIT, WARM_UP)
  return { child, limited: await timeOf(way, fns, LIMIT, DURATION) }
}

function charts(results: Results): Chart[] {
  const comparison = { unit: 'ns', better: 'less', references: ['effect', ASYNCIO] } as const
  return [
    compare(results, 'child', {
      ...comparison,
      title: 'A group of 100 k children that do nothing: time for one',
      goals: [{ row: 'multitask', atMost: 1500 }],
    }),
    compare(results, 'limited', { ...comparison, title: 'The same, 100 at a time' }),
  ]
}

export const question: Question = { contestants: [...Object.keys(groups), ASYNCIO], measure, charts }
