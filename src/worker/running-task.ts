/** A call that this worker has started: what its function sees as `currentTask()`. */
import { CancelledError } from '../errors.ts'
import type { WorkerEnd } from '../wire/ends.ts'
import type { CurrentTask, TaskExecutor } from './current-task.ts'
import type { AnyFunction } from './functions.ts'
import type { CallName, Results } from './results.ts'

/** What the parent sends along only for calls that need it. */
export interface CallDetails {
  readonly name?: string | undefined
  readonly deadline?: number | undefined
}

/** What all tasks of a worker have in common. */
export interface TaskContext {
  readonly connection: WorkerEnd
  readonly results: Results
  readonly executor: TaskExecutor
}

/** Calls of a batch for one certain look at whether the parent has asked it to stop. */
const CALLS_A_LOAD = 32

export class RunningTask implements CurrentTask, CallName {
  readonly slot: number
  readonly serial: number
  attempt = 1
  /** The parent wants to know when it starts. */
  tellsStart = false
  fn: AnyFunction | undefined
  details: CallDetails | undefined
  /** Calls of this worker's own executor that the task waits for. While there are any, its place is lent. */
  waitingFor = 0
  /** Items that the reader of a stream will still take. They may be granted before the generator is there. */
  credits = 0
  /** The reader of the stream has gone. */
  readerLeft = false
  /** Called when one of the two has changed. */
  onCredit: (() => void) | undefined
  readonly executor: TaskExecutor
  readonly #connection: WorkerEnd
  readonly #results: Results
  /** Made when it is first asked for: most tasks never look. */
  #controller: AbortController | undefined
  #reason: { readonly error: unknown } | undefined

  constructor({ connection, results, executor }: TaskContext, slot: number, serial: number) {
    this.#connection = connection
    this.#results = results
    this.executor = executor
    this.slot = slot
    this.serial = serial
  }

  get name(): string {
    return this.details?.name ?? (this.fn?.name || 'anonymous')
  }

  get deadline(): number | undefined {
    return this.details?.deadline
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    if (this.cancelled && !this.#controller.signal.aborted) this.#controller.abort(this.#reason?.error)
    return this.#controller.signal
  }

  throwIfCancelled(): void {
    if (this.cancelled) throw this.#reason?.error
  }

  /** The same before the call of a batch with this index. A load for each call would take longer than tiny calls do. */
  throwIfCancelledAt(index: number): void {
    if (index % CALLS_A_LOAD === 0 || this.#connection.seemsCancelled) this.throwIfCancelled()
    else if (this.#reason !== undefined) throw this.#reason.error
  }

  progress(value: unknown): void {
    this.#results.progress(this, value)
  }

  /** Whether the parent has asked the task to stop; sees it in a busy loop too. */
  get cancelled(): boolean {
    this.#connection.lookForCancels()
    if (this.#reason === undefined && this.#connection.wasCancelled(this.serial)) this.cancel(new CancelledError())
    return this.#reason !== undefined
  }

  /** The reader takes `count` items more; 0 says that it has gone. */
  grant(count: number): void {
    if (count === 0) this.readerLeft = true
    this.credits += count
    this.onCredit?.()
  }

  /** The parent asks the task to stop. The first reason stays. */
  cancel(reason: unknown): void {
    if (this.#reason !== undefined) return
    this.#reason = { error: reason ?? new CancelledError() }
    this.#controller?.abort(this.#reason.error)
  }
}
