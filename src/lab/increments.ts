/** What the threads of `counter` and `lock` do: they add 1 to the same number, again and again. */
import { Barrier, type Lock, SharedValue, task, ThreadPoolExecutor } from '../index.ts'
import { now } from './clock.ts'

type Counter = SharedValue<'i32'>

interface Took {
  readonly began: number
  readonly ended: number
}

/** What came of it. */
export interface Counted {
  readonly expected: number
  readonly counted: number
  /** Nanoseconds for each addition, from the first to the last of all threads. */
  readonly each: number
}

export type Way = 'plain' | 'locked' | 'atomic'

/** `meeting`: all begin together, or there is nothing to lose. */
const add = task(function add(counter: Counter, way: Way, lock: Lock, meeting: Barrier, times: number): Took {
  meeting.waitSync()
  const began = now()
  if (way === 'plain') for (let i = 0; i < times; i++) counter.value += 1
  if (way === 'atomic') for (let i = 0; i < times; i++) counter.add(1)
  if (way === 'locked') for (let i = 0; i < times; i++) lock.withSync(() => (counter.value += 1))
  return { began, ended: now() }
})

/** Threads that count. */
export class Counters {
  readonly #threads = ['T1', 'T2'].map(name => new ThreadPoolExecutor({ maxWorkers: 1, name }))

  /** Has so many threads add 1 so often each, all at the same time, to a counter that is 0. */
  async count(threads: 1 | 2, way: Way, lock: Lock, times: number): Promise<Counted> {
    const counter = new SharedValue('i32')
    const meeting = new Barrier(threads)
    const calls = this.#threads.slice(0, threads).map(thread => thread.submit(add, counter, way, lock, meeting, times))
    const took = await Promise.all(calls)
    const wall = Math.max(...took.map(({ ended }) => ended)) - Math.min(...took.map(({ began }) => began))
    const expected = threads * times
    return { expected, counted: counter.value, each: (wall * 1e6) / expected }
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map(thread => thread.shutdown()))
  }
}
