/** What every contestant can do, so that a question is asked of all in the same words. */
import type * as tasks from './tasks.mjs'

export type Task = keyof typeof tasks

/** Runs a task with one value, or with none if it is undefined. */
export type Call = (value?: unknown) => PromiseLike<unknown>

/** A pool is never closed: its process ends with the measurement. */
export interface Pool {
  /** Looks a task up once, so that what is measured is the call. */
  readonly call: (task: Task) => Call
  /** Sends bytes to a worker that sends them back, moved both ways; undefined where there is no such thing. */
  readonly move: Call | undefined
  /** Runs a task over many values; undefined where users have to write that themselves. */
  readonly map: ((task: Task, values: readonly number[]) => PromiseLike<unknown[]>) | undefined
}

export interface Contestant {
  /** Opens a pool of as many threads. */
  readonly open: (threads: number) => Pool | Promise<Pool>
}

export const contestants = {
  multitask: () => import('./contestants/multitask.ts'),
  postMessage: () => import('./contestants/post-message.ts'),
  piscina: () => import('./contestants/piscina.ts'),
  'piscina tuned': () => import('./contestants/piscina-tuned.ts'),
  tinypool: () => import('./contestants/tinypool.ts'),
  workerpool: () => import('./contestants/workerpool.ts'),
  poolifier: () => import('./contestants/poolifier.ts'),
  comlink: () => import('./contestants/comlink.ts'),
  'jest-worker': () => import('./contestants/jest-worker.ts'),
  multithreading: () => import('./contestants/multithreading.ts'),
  threads: () => import('./contestants/threads.ts'),
} satisfies Record<string, () => Promise<Contestant>>

export type ContestantName = keyof typeof contestants

export const everybody = Object.keys(contestants) as ContestantName[]

export async function open(contestant: string, threads: number): Promise<Pool> {
  const { open: openPool }: Contestant = await contestants[contestant as ContestantName]()
  return openPool(threads)
}
