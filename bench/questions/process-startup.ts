/** How long until the first result of a fresh process, beside a bare fork that sends one message? */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { type Chart, compare } from '../chart.ts'
import { contestants, openProcesses } from '../processes/pools.ts'
import type { Figures, Question, Results } from '../question.ts'
import { median } from '../statistics.ts'
import { time } from '../timing.ts'

const BARE = 'bare fork'
const RIVALS = ['tinypool', 'workerpool', 'jest-worker']
const AGAIN = 5

async function measure(contestant: string): Promise<Figures> {
  // The libraries themselves are loaded before.
  if (RIVALS.includes(contestant)) await import(contestant)
  const start = contestant === BARE ? bareFork : () => firstResult(contestant)
  const first = await time(start)
  const later: number[] = []
  for (let i = 0; i < AGAIN; i++) later.push(await time(start))
  return { first, later: median(later) }
}

async function firstResult(contestant: string): Promise<void> {
  await (await openProcesses(contestant, 1))('noop')()
}

async function bareFork(): Promise<void> {
  await once(fork(fileURLToPath(new URL('../workers/hello.mjs', import.meta.url))), 'message')
}

function charts(results: Results): Chart[] {
  const goals = [{ row: 'multitask', atMost: 1.3, of: BARE }]
  const comparison = { unit: 'ms', better: 'less', references: [BARE], goals } as const
  return [
    compare(results, 'first', { ...comparison, title: 'From opening a pool of one process to its first result' }),
    compare(results, 'later', { ...comparison, title: `The same, in a program that has done it before` }),
  ]
}

export const question: Question = { contestants: [...contestants, BARE], measure, charts }
