/** Runs the calls of a batch, one after the other, and answers them together. */
import { isThenable } from './thenable.ts'
import type { AnyFunction } from './functions.ts'
import type { BatchOutcome, Results } from './results.ts'
import type { RunningTask } from './running-task.ts'

/** Returns a promise if one of the calls returned one; it resolves when the batch is answered. */
export function runBatch(
  fn: AnyFunction,
  columns: readonly (readonly unknown[])[],
  task: RunningTask,
  results: Results,
): Promise<void> | undefined {
  const batch = new Batch(fn, columns, task)
  const waiting = batch.run()
  if (waiting === undefined) {
    results.batch(task, batch.outcome())
    return undefined
  }
  return finish(batch, waiting, task, results)
}

async function finish(batch: Batch, first: PromiseLike<unknown>, task: RunningTask, results: Results): Promise<void> {
  let waiting: PromiseLike<unknown> | undefined = first
  while (waiting !== undefined) {
    await batch.settle(waiting)
    waiting = batch.run()
  }
  results.batch(task, batch.outcome())
}

class Batch {
  readonly #fn: AnyFunction
  readonly #columns: readonly (readonly unknown[])[]
  readonly #task: RunningTask
  readonly #values: unknown[] = []
  readonly #failures: { index: number; error: unknown }[] = []
  readonly #began = performance.now()

  constructor(fn: AnyFunction, columns: readonly (readonly unknown[])[], task: RunningTask) {
    this.#fn = fn
    this.#columns = columns
    this.#task = task
  }

  /** Runs calls up to the first that returns a promise, which is returned; undefined when all are done. */
  run(): PromiseLike<unknown> | undefined {
    const fn = this.#fn
    const task = this.#task
    const [column, ...others] = this.#columns
    const values = this.#values
    const length = column!.length
    while (values.length < length) {
      const index = values.length
      try {
        task.throwIfCancelledAt(index)
        const value = others.length === 0 ? fn(column![index]) : fn(...this.#columns.map(each => each[index]))
        if (isThenable(value)) return value
        values.push(value)
      } catch (error) {
        this.#fail(error)
      }
    }
    return undefined
  }

  async settle(waiting: PromiseLike<unknown>): Promise<void> {
    try {
      this.#values.push(await waiting)
    } catch (error) {
      this.#fail(error)
    }
  }

  outcome(): BatchOutcome {
    return { values: this.#values, failures: this.#failures, elapsed: performance.now() - this.#began }
  }

  #fail(error: unknown): void {
    this.#failures.push({ index: this.#values.length, error })
    this.#values.push(undefined)
  }
}
