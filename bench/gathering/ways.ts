/** The ways to call many functions and wait for all of their results; each is given a limit of how many run at once. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Effect } from 'effect'
import pLimit from 'p-limit'
import pMap from 'p-map'
import PQueue from 'p-queue'
import { gather, TaskGroup } from '../../dist/index.js'
import type { Figures } from '../question.ts'

export type Fn = () => Promise<number>
export type Way = (fns: readonly Fn[], limit: number) => Promise<unknown>

export const PROMISE_ALL = 'Promise.all'
export const LANES = 'hand-written lanes'

/** The one that runs elsewhere. It needs `python3`. */
export const ASYNCIO = 'asyncio'

export const gathers: Readonly<Record<string, Way>> = {
  multitask: (fns, limit) => gather(fns, limit === Infinity ? {} : { limit }),
  [PROMISE_ALL]: (fns, limit) => (limit === Infinity ? Promise.all(fns.map(fn => fn())) : inLanes(fns, limit)),
  [LANES]: inLanes,
  'p-map': (fns, limit) => pMap(fns, fn => fn(), { concurrency: limit }),
  'p-limit': (fns, limit) => Promise.all(fns.map(pLimit(limit))),
  'p-queue': (fns, limit) => new PQueue({ concurrency: limit }).addAll(fns),
  effect: inEffect,
}

export const groups: Readonly<Record<string, Way>> = {
  multitask: (fns, limit) =>
    TaskGroup.run(
      group => {
        for (const fn of fns) group.spawn(fn)
      },
      { limit },
    ),
  effect: inEffect,
}

/** As one would write it by hand: so many loops, each of which calls the next. */
async function inLanes(fns: readonly Fn[], limit: number): Promise<unknown> {
  const results: unknown[] = fns.map(() => undefined)
  let next = 0
  const lane = async (): Promise<void> => {
    for (let index = next++; index < fns.length; index = next++) results[index] = await fns[index]!()
  }
  await Promise.all(Array.from({ length: Math.min(limit, fns.length) }, lane))
  return results
}

function inEffect(fns: readonly Fn[], limit: number): Promise<unknown> {
  const concurrency = limit === Infinity ? 'unbounded' : limit
  return Effect.runPromise(
    Effect.all(
      fns.map(fn => Effect.promise(fn)),
      { concurrency },
    ),
  )
}

export async function askPython(question: 'gather' | 'group', ...numbers: readonly number[]): Promise<Figures> {
  const script = fileURLToPath(new URL('asyncio_tasks.py', import.meta.url))
  const { stdout } = await promisify(execFile)('python3', [script, question, ...numbers.map(String)])
  return JSON.parse(stdout) as Figures
}

/** ns a function, the mean of as many runs as fit into so many ms, its garbage included. */
export async function timeOf(way: Way, fns: readonly Fn[], limit: number, duration: number): Promise<number> {
  const began = performance.now()
  let runs = 0
  for (; performance.now() - began < duration; runs++) await way(fns, limit)
  return ((performance.now() - began) / (runs * fns.length)) * 1e6
}
