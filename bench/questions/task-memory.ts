/**
 * Do tasks keep anything of what is over? A million sleeps that were cancelled, and a million groups that followed one
 * signal, where `AbortSignal.any` would leave something behind for each on Node 20 and 22.
 */
import { getEventListeners } from 'node:events'
import { sleep, TaskGroup } from '../../dist/index.js'
import { type Chart, type Row, values } from '../chart.ts'
import { collectGarbage } from '../garbage.ts'
import type { Figures, Question, Results } from '../question.ts'

const MILLION = 1_000_000
/** The groups are run in so many parts, after each of which memory is read. */
const PARTS = 5

async function measure(): Promise<Figures> {
  const figures: Record<string, number> = {}
  await sleepAndCancel(1000)
  figures['sleep 0'] = await heap()
  await sleepAndCancel(MILLION)
  figures['sleep 1'] = await heap()

  const { signal } = new AbortController()
  let most = 0
  for (let part = 0; part <= PARTS; part++) {
    for (let n = 0; n < (part === 0 ? 1000 : MILLION / PARTS); n++) {
      await TaskGroup.run(
        group => {
          group.spawn(async () => n)
          if (n % 1000 === 0) most = Math.max(most, getEventListeners(signal, 'abort').length)
        },
        { signal },
      )
    }
    figures[`group ${part}`] = await heap()
  }
  return { ...figures, most, left: getEventListeners(signal, 'abort').length }
}

/** So many at the same time, in one group. */
async function sleepAndCancel(count: number): Promise<void> {
  await TaskGroup.run(group => {
    for (let n = 0; n < count; n++) group.spawn(() => sleep(1e9))
    group.cancel()
  })
}

async function heap(): Promise<number> {
  await collectGarbage()
  return process.memoryUsage().heapUsed / 1e6
}

function charts(results: Results): Chart[] {
  const { figures, failure } = results.get('multitask')!
  const row = (label: string, figure: string): Row => ({ label, samples: values(figures, figure), failure })
  return [
    {
      title: 'Heap before and after a million sleeps at once, all cancelled; garbage collected',
      unit: 'MB',
      better: 'less',
      references: ['before'],
      goals: [{ row: 'after', atMost: 1.1, of: 'before' }],
      rows: [row('before', 'sleep 0'), row('after', 'sleep 1')],
    },
    {
      title: 'Heap while a million groups, one after the other, follow one signal',
      unit: 'MB',
      better: 'less',
      references: ['before'],
      goals: [{ row: 'after 1000 k', atMost: 1.1, of: 'before' }],
      rows: Array.from({ length: PARTS + 1 }, (_, part) =>
        row(part === 0 ? 'before' : `after ${(part * 1000) / PARTS} k`, `group ${part}`),
      ),
    },
    {
      title: 'Listeners of those groups on that signal',
      unit: 'listeners',
      better: 'less',
      references: [],
      goals: [{ row: 'at most, at a time', atMost: 1 }],
      rows: [row('at most, at a time', 'most'), row('in the end', 'left')],
    },
  ]
}

export const question: Question = { contestants: ['multitask'], mostRounds: 1, measure, charts }
