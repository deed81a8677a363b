/**
 * The course of a task: what its promise does not tell, and who is told of its end.
 *
 *   pending ──start──▶ running ──returns──▶ done
 *      │                  ├─────throws────▶ failed
 *      └──────cancel──────┴─throws that it was cancelled─▶ cancelled
 */
import { isThenable } from '../options/describe.ts'
import { CancelScope, type Work } from './cancel-scope.ts'
import { without } from './cancellation.ts'
import { runIn } from './current-scope.ts'
import { observer } from './debug-seam.ts'
import { ScopeContext, type TaskFn } from './task-context.ts'
import { reportUncaught } from './uncaught.ts'

export type TaskState = 'pending' | 'running' | 'done' | 'failed' | 'cancelled'

/** Who has a task, and is told of its end. */
export interface TaskKeeper {
  /** It has called `context.ready(value)`. */
  ready(value: unknown): void
  /** It has failed. Returns whether the keeper will say so; if not, nobody may look at it, and it is reported. */
  failed(course: Course, error: unknown): boolean
  /** It is over, one way or another. `began`: whether it ever ran. */
  ended(course: Course, began: boolean): void
}

let count = 0

/** It is its own scope: of a hundred thousand tasks each object counts. */
export class Course extends CancelScope implements Work {
  readonly name: string
  state: TaskState = 'pending'
  /** The value, the error, or the reason. */
  outcome: unknown = undefined
  /** The task. One that begins at once has none before its function has returned. */
  face: Promise<unknown> | undefined = undefined
  /** Whether a rejection is no news to anybody. */
  silent = false
  readonly #keeper: TaskKeeper | undefined
  #callbacks: ((task: never) => void)[] | undefined = undefined
  /** Begins what is postponed. */
  #begin: (() => void) | undefined = undefined

  constructor(
    fn: Function,
    name: string | undefined,
    parent: CancelScope | undefined,
    keeper: TaskKeeper | undefined,
    shielded: boolean,
  ) {
    super(undefined, parent, shielded)
    count++
    this.name = name ?? (fn.name === '' ? `Task-${count}` : fn.name)
    this.#keeper = keeper
  }

  get kind(): 'task' {
    return 'task'
  }

  get done(): boolean {
    return this.state !== 'running' && this.state !== 'pending'
  }

  /**
   * Calls the function now, unless the task was cancelled before. Returns the promise of what comes of it: the one that
   * `then` makes anyway, so that a task costs no more promises and functions than it has to.
   */
  begin<T>(fn: TaskFn<T>): Promise<T> {
    if (this.reason !== undefined) return rejection(this.#threw(this.reason))
    this.state = 'running'
    let value: T | PromiseLike<T>
    try {
      const context = new ScopeContext(this, this.#keeper)
      value = runIn(this, () => fn(context))
    } catch (error) {
      return rejection(this.#threw(error))
    }
    if (isThenable(value)) {
      return Promise.resolve(value).then(
        result => {
          this.#settle('done', result)
          return result
        },
        (error: unknown) => {
          throw this.#threw(error)
        },
      )
    }
    this.#settle('done', value)
    return Promise.resolve(value)
  }

  /** Keeps the function until `start()`. Returns the promise of what will come of it. */
  postpone<T>(fn: TaskFn<T>): Promise<T> {
    return new Promise(resolve => {
      this.#begin = () => resolve(this.begin(fn))
    })
  }

  /** Begins what was postponed, if it has not begun. */
  start(): void {
    const begin = this.#begin
    this.#begin = undefined
    begin?.()
  }

  /** Cancels it with that very reason. What has not begun is over with that. */
  stop(reason: unknown): void {
    this.cancel(reason)
    this.start()
  }

  addCallback(callback: (task: never) => void): void {
    ;(this.#callbacks ??= []).push(callback)
  }

  /** Returns how often it was there. */
  removeCallback(callback: (task: never) => void): number {
    const before = this.#callbacks?.length ?? 0
    this.#callbacks = this.#callbacks?.filter(each => each !== callback)
    return before - (this.#callbacks?.length ?? 0)
  }

  /** Returns what the promise is to be rejected with. */
  #threw(error: unknown): Error {
    const { reason } = this
    const left = reason === undefined ? { error } : without(reason, error)
    if ('nothing' in left) this.#settle('cancelled', reason)
    else this.#settle('failed', left.error)
    // A reason may be anything; that is said here, once.
    return this.outcome as Error
  }

  #settle(state: 'done' | 'failed' | 'cancelled', outcome: unknown): void {
    const began = this.state !== 'pending'
    if (began) observer?.runs(this)
    this.state = state
    this.outcome = outcome
    if (state !== 'done') {
      // Somebody asked for a cancellation, so it is no news. Whoever awaits the task gets it all the same.
      this.silent = state === 'cancelled' || this.#keeper?.failed(this, outcome) === true
      if (this.silent) this.face?.catch(ignore)
    }
    this.#keeper?.ended(this, began)
    this.close()
    const callbacks = this.#callbacks
    this.#callbacks = undefined
    for (const callback of callbacks ?? []) runCallback(callback as (task: unknown) => void, this.face)
  }
}

/** What a callback throws is reported, and stops no other. */
export function runCallback<T>(callback: (task: T) => void, task: T): void {
  try {
    callback(task)
  } catch (error) {
    reportUncaught(error)
  }
}

export function ignore(): void {}

function rejection(error: Error): Promise<never> {
  return Promise.reject(error)
}
