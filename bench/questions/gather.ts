/**
 * What does it cost to call 100 000 trivial functions and to have all their results: at once, 100 at a time, and in memory
 * while all of them wait?
 */
import { type Chart, compare } from '../chart.ts'
import { collectGarbage } from '../garbage.ts'
import { askPython, ASYNCIO, gathers, LANES, PROMISE_ALL, timeOf } from '../gathering/ways.ts'
import type { Figures, Question, Results } from '../question.ts'

const CALLS = 100_000
const LIMIT = 100
const WARM_UP = 500
const DURATION = 1500

async function measure(contestant: string): Promise<Figures> {
  if (contestant === ASYNCIO) return askPython('gather', CALLS, LIMIT, DURATION)
  const way = gathers[contestant]!
  const fns = Array.from({ length: CALLS }, (_, n) => async () => n)
  const figures: Record<string, number> = {}
  if (contestant !== LANES) {
    await timeOf(way, fns, Infinity, WARM_UP)
    figures['all'] = await timeOf(way, fns, Infinity, DURATION)
    figures['bytes'] = await bytesOf(contestant)
  }
  if (contestant !== PROMISE_ALL) {
    await timeOf(way, fns, LIMIT, WARM_UP)
    figures['limited'] = await timeOf(way, fns, LIMIT, DURATION)
  }
  return figures
}

/** Of heap for each function that waits. */
async function bytesOf(contestant: string): Promise<number> {
  let open!: () => void
  const gate = new Promise<void>(resolve => (open = resolve))
  const fns = Array.from({ length: CALLS }, (_, n) => async () => {
    await gate
    return n
  })
  await collectGarbage()
  const before = process.memoryUsage().heapUsed
  const running = gathers[contestant]!(fns, Infinity)
  // Some begin them in a later turn.
  await new Promise(resolve => setTimeout(resolve, 100))
  await collectGarbage()
  const bytes = process.memoryUsage().heapUsed - before
  open()
  await running
  return bytes / CALLS
}

function charts(results: Results): Chart[] {
  return [
    compare(results, 'all', {
      title: '100 k trivial functions at once, for all results: time for one',
      unit: 'ns',
      better: 'less',
      references: [PROMISE_ALL, ASYNCIO],
      goals: [{ row: 'multitask', atMost: 1.5, of: PROMISE_ALL }],
    }),
    compare(results, 'limited', {
      title: 'The same, 100 at a time',
      unit: 'ns',
      better: 'less',
      references: [LANES, ASYNCIO],
      goals: [
        { row: 'multitask', atMost: 300 },
        { row: 'multitask', atMost: 1, of: 'p-map' },
        { row: 'multitask', atMost: 1, of: 'effect' },
      ],
    }),
    compare(results, 'bytes', {
      title: '100 k functions that wait: heap for one',
      unit: 'B',
      better: 'less',
      references: [PROMISE_ALL],
      goals: [{ row: 'multitask', atMost: 1.5, of: PROMISE_ALL }],
    }),
  ]
}

export const question: Question = { contestants: [...Object.keys(gathers), ASYNCIO], measure, charts }
