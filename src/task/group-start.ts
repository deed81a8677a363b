/**
 * A child that says when it is ready, and until then belongs to whoever began it (trio's `nursery.start`).
 *
 * Before that its failure is the failure of the call, not of the group, and what cancels the caller cancels it.
 */
import { InvalidStateError } from '../errors.ts'
import { labelOf } from './cancel-scope.ts'
import { openScope } from './current-scope.ts'
import type { GroupCore } from './group-core.ts'
import { courseOf } from './task.ts'
import type { Course, TaskKeeper } from './task-course.ts'
import type { TaskContext } from './task-context.ts'

/** What the function of `group.start()` is given. */
export interface StartContext<V> extends Omit<TaskContext, 'ready'> {
  /** Says that it is ready, once: `start()` resolves to the value, and the task goes on as a child of the group. */
  ready(value: V): void
}

export class Handover<V> implements TaskKeeper {
  readonly #core: GroupCore
  readonly #resolve: (value: V) => void
  readonly #reject: (error: unknown) => void
  #isStarting = true
  #leaveCaller: () => void = nothing

  constructor(core: GroupCore, resolve: (value: V) => void, reject: (error: unknown) => void) {
    this.#core = core
    this.#resolve = resolve
    this.#reject = reject
  }

  begin(fn: (context: StartContext<V>) => unknown, name: string | undefined, shielded: boolean): void {
    const caller = openScope()
    const course = courseOf(this.#core.begin(fn, name, shielded, this))
    if (!this.#isStarting || caller === undefined) return
    const what = `the ${labelOf(course)} to be ready`
    this.#leaveCaller = caller.onCancel(reason => course.stop(reason), what)
  }

  failed(course: Course, error: unknown): boolean {
    if (!this.#isStarting) return this.#core.failed(course, error)
    this.#started()
    this.#reject(error)
    return true
  }

  ended(course: Course, began: boolean): void {
    if (this.#isStarting) {
      this.#started()
      const unready = new InvalidStateError(`the ${labelOf(course)} ended without ready()`)
      this.#reject(course.state === 'cancelled' ? course.outcome : unready)
    }
    this.#core.ended(course, began)
  }

  ready(value: unknown): void {
    if (!this.#isStarting) throw new InvalidStateError('ready() was called before')
    this.#started()
    this.#resolve(value as V)
  }

  #started(): void {
    this.#isStarting = false
    this.#leaveCaller()
  }
}

function nothing(): void {}
