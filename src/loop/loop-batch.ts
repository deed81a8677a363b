/** The calls of a batch on the event loop, one after the other. */
import { currentTask } from '../worker/current-task.ts'
import { isThenable } from '../options/describe.ts'
import type { BatchResult } from '../futures/executor.ts'

/** Rejects only if the task is asked to stop; what the calls throw is in the result. */
export async function runBatch(
  fn: (...args: readonly unknown[]) => unknown,
  columns: readonly (readonly unknown[])[],
): Promise<BatchResult> {
  const began = performance.now()
  const task = currentTask()
  const values: unknown[] = []
  const failures: { index: number; error: unknown }[] = []
  const [first = [], ...others] = columns
  for (const [index, input] of first.entries()) {
    task.throwIfCancelled()
    try {
      let value = others.length === 0 ? fn(input) : fn(input, ...others.map(column => column[index]))
      if (isThenable(value)) value = await value
      values.push(value)
    } catch (error) {
      failures.push({ index, error })
      values.push(undefined)
    }
  }
  return { values, failures: failures.length === 0 ? undefined : failures, elapsed: performance.now() - began }
}
