/** What the suites of executors share: an executor and a gate for each case, and nothing left running after it. */
import { test } from 'node:test'
import type { Executor } from 'multitask'
import { Gate, type Words } from '../fixtures/gate.ts'

export interface SuiteOptions {
  readonly maxWorkers?: number
}

export interface MakeExecutor {
  (options?: SuiteOptions): Executor
  /** Where the tasks share no memory with the test. */
  readonly words?: () => Words
}

/** Long enough for threads on a slow machine. It is there to end what hangs, and decides nothing. */
export const LIMIT = 30_000

/** A gate for the tasks of such an executor. */
export function newGate(make: MakeExecutor): Gate<Words> {
  return new Gate<Words>(make.words?.())
}

/** Returns a `test` whose cases get an executor with so many workers. */
export function executorCases(suite: string, make: MakeExecutor) {
  return (
    claim: string,
    maxWorkers: number,
    body: (executor: Executor, gate: Gate<Words>) => Promise<void> | void,
  ): void => {
    void test(`${suite}: ${claim}`, { timeout: LIMIT }, async () => {
      const executor = make({ maxWorkers })
      const gate = newGate(make)
      try {
        await body(executor, gate)
      } finally {
        gate.open()
        await executor.shutdown({ cancelFutures: true })
      }
    })
  }
}

/** All items, and the error that ended them. */
export async function read<T>(items: AsyncIterable<T>): Promise<{ values: T[]; error: unknown }> {
  const values: T[] = []
  try {
    for await (const item of items) values.push(item)
  } catch (error) {
    return { values, error }
  }
  return { values, error: undefined }
}

/** 0, 1, 2 … without end. `read` says how many were taken, `closed` whether the reader has left. */
export class Naturals implements IterableIterator<number> {
  read = 0
  closed = false

  next(): IteratorResult<number> {
    return { done: false, value: this.read++ }
  }

  [Symbol.iterator](): this {
    return this
  }

  return(): IteratorResult<number> {
    this.closed = true
    return { done: true, value: undefined }
  }
}
