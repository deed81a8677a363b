/**
 * How many items a second go through a queue between the tasks of one thread?
 *
 * How often somebody really waits is up to how each runs its tasks: after a put that found room, a task of asyncio goes
 * on, and one that awaits a promise lets the others run. So the last two figures compare whole programs.
 */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Chart, compare } from '../chart.ts'
import type { Figures, Question, Results } from '../question.ts'
import { queues } from '../queues/passing.ts'

/** Items a run; runs are repeated for so many ms, after a warm-up that does not count. */
const ITEMS = 20_000
const WARM_UP = 300
const DURATION = 500

/** The one that runs elsewhere. It needs `python3`. */
const ASYNCIO = 'asyncio'

async function measure(contestant: string): Promise<Figures> {
  if (contestant === ASYNCIO) return measurePython()
  const { queue } = await queues[contestant as keyof typeof queues]()
  return {
    alone: await rate(() => queue.alternate(ITEMS)),
    pair: await rate(() => queue.pass(ITEMS, { tasks: 1, room: 1000, first: 'take' })),
    crowd: await rate(() => queue.pass(ITEMS, { tasks: 10, room: 1, first: 'put' })),
  }
}

async function measurePython(): Promise<Figures> {
  const script = fileURLToPath(new URL('../queues/asyncio_queue.py', import.meta.url))
  const { stdout } = await promisify(execFile)('python3', [script, ...[ITEMS, WARM_UP, DURATION].map(String)])
  return JSON.parse(stdout) as Figures
}

async function rate(work: () => Promise<void>): Promise<number> {
  await run(work, WARM_UP)
  return run(work, DURATION)
}

/** Items a second. */
async function run(work: () => Promise<void>, duration: number): Promise<number> {
  const began = performance.now()
  let runs = 0
  for (; performance.now() - began < duration; runs++) await work()
  return (runs * ITEMS) / ((performance.now() - began) / 1000)
}

function charts(results: Results): Chart[] {
  const comparison = { unit: 'items/s', better: 'more', references: ['effect', ASYNCIO] } as const
  return [
    compare(results, 'alone', {
      ...comparison,
      title: 'A queue in one thread: one task puts and takes, and never has to wait',
      goals: [{ row: 'multitask', atLeast: 5e6 }],
    }),
    compare(results, 'pair', {
      ...comparison,
      title: 'A consumer, then a producer, room for 1000 (with multitask every get waits)',
    }),
    compare(results, 'crowd', {
      ...comparison,
      title: '10 producers, then 10 consumers, room for 1 (with multitask 9 of 10 puts wait)',
    }),
  ]
}

export const question: Question = { contestants: [...Object.keys(queues), ASYNCIO], measure, charts }
