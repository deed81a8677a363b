/** The experiments that there are, in the order in which they make sense. Each is loaded when it runs. */
import type { Experiment } from './stage.ts'

export interface Listed {
  readonly name: string
  /** In one line. */
  readonly summary: string
  readonly load: () => Promise<Experiment>
}

export const experiments: readonly Listed[] = [
  {
    name: 'interleavings',
    summary: 'every order in which the steps of two threads can come',
    load: async () => (await import('./interleavings.ts')).interleavings,
  },
  {
    name: 'counter',
    summary: 'two threads count without a lock: what is lost, and why',
    load: async () => (await import('./counter.ts')).counter,
  },
  {
    name: 'lock',
    summary: 'the same with a lock: nothing is lost, and what that costs',
    load: async () => (await import('./lock.ts')).lock,
  },
  {
    name: 'cpu',
    summary: 'calculating on one thread, two, two with a GIL, two processes',
    load: async () => (await import('./cpu.ts')).cpu,
  },
  {
    name: 'io',
    summary: 'waiting on the same: here the GIL does not matter',
    load: async () => (await import('./io.ts')).io,
  },
  {
    name: 'tasks',
    summary: 'four tasks on one event loop: who runs when, and who waits',
    load: async () => (await import('./tasks.ts')).tasks,
  },
  {
    name: 'blocking',
    summary: 'one task blocks the event loop: how late the rest is; the cure',
    load: async () => (await import('./blocking.ts')).blocking,
  },
]
