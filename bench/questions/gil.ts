/** What does a GIL do to two threads that calculate, and what to two that wait? Cores used: CPU time by wall time. */
import { Thread } from '../../dist/index.js'
import { Gil } from '../../dist/gil/index.js'
import { type Chart, values } from '../chart.ts'
import { calculate, rest } from '../gil-tasks.ts'
import type { Figures, Question, Results } from '../question.ts'

const ROUNDS = 500_000_000
const RESTS = 5

async function measure(): Promise<Figures> {
  // The first threads load what the others find.
  await during(() => new Thread(calculate, [undefined, 1000]))
  const one = await during(() => new Thread(calculate, [undefined, ROUNDS]))
  const free = await duringTwo(() => new Thread(calculate, [undefined, ROUNDS]))
  const gil = new Gil()
  const locked = await duringTwo(() => new Thread(calculate, [gil, ROUNDS]))
  const resting = await duringTwo(() => new Thread(rest, [new Gil(), RESTS]))
  const restingFree = await duringTwo(() => new Thread(rest, [undefined, RESTS]))
  return {
    'one thread': one.wall,
    'two threads': free.wall,
    'two threads, GIL': locked.wall,
    'cores, two threads': free.cores,
    'cores, two threads, GIL': locked.cores,
    'forced switches': gil.statistics().forced,
    'waiting, GIL': resting.wall,
    'waiting, no GIL': restingFree.wall,
  }
}

interface Took {
  readonly wall: number
  readonly cores: number
}

function during(thread: () => Thread): Promise<Took> {
  return took([thread()])
}

function duringTwo(thread: () => Thread): Promise<Took> {
  return took([thread(), thread()])
}

async function took(threads: readonly Thread[]): Promise<Took> {
  const before = process.cpuUsage()
  const began = performance.now()
  for (const thread of threads) thread.start()
  for (const thread of threads) await thread.join()
  const wall = performance.now() - began
  const { user, system } = process.cpuUsage(before)
  return { wall, cores: (user + system) / 1000 / wall }
}

function charts(results: Results): Chart[] {
  const { figures, failure } = results.get('multitask')!
  const row = (label: string) => ({ label, samples: values(figures, label), failure })
  return [
    {
      title: 'The same work in each thread, with and without a GIL',
      unit: 'ms',
      better: 'less',
      references: ['one thread'],
      goals: [],
      rows: ['one thread', 'two threads', 'two threads, GIL', 'waiting, no GIL', 'waiting, GIL'].map(row),
    },
    {
      title: 'Cores used',
      unit: '×',
      better: 'more',
      references: [],
      goals: [
        { row: 'cores, two threads', atLeast: 1.85 },
        { row: 'cores, two threads, GIL', atMost: 1.1 },
      ],
      rows: ['cores, two threads', 'cores, two threads, GIL'].map(row),
    },
  ]
}

export const question: Question = { contestants: ['multitask'], measure, charts }
