/** What a function on the event loop sees as `currentTask()`: one run of its call. */
import type { CurrentTask, TaskExecutor } from '../worker/current-task.ts'
import type { CallOptions } from '../futures/executor.ts'
import { reportUncaught } from '../futures/uncaught.ts'

/** What a run knows of its call. */
export interface TaskCall {
  readonly name: string
  readonly options: CallOptions
}

export class LoopTask implements CurrentTask {
  readonly name: string
  readonly attempt: number
  readonly executor: TaskExecutor
  /** The call that this is a run of, for who wants to know it again. */
  readonly call: object
  readonly #options: CallOptions
  /** Made when it is first asked for: most tasks never look. */
  #controller: AbortController | undefined = undefined
  #stop: { readonly error: unknown } | undefined = undefined

  constructor(call: TaskCall, attempt: number, executor: TaskExecutor) {
    this.call = call
    this.name = call.name
    this.attempt = attempt
    this.executor = executor
    this.#options = call.options
  }

  get deadline(): number | undefined {
    return this.#options.deadline
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#stop !== undefined) this.#controller.abort(this.#stop.error)
    }
    return this.#controller.signal
  }

  throwIfCancelled(): void {
    if (this.#stop !== undefined) throw this.#stop.error
  }

  progress(value: unknown): void {
    // An error in the callback is the caller's, not the task's.
    try {
      this.#options.onProgress?.(value)
    } catch (error) {
      reportUncaught(error)
    }
  }

  /** Asks the task to stop. */
  stop(error: unknown): void {
    this.#stop = { error }
    this.#controller?.abort(error)
  }
}
