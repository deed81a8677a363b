/**
 * The life of a group, whichever way it was entered: open, then draining, then over.
 *
 *   open ──body ends, or join()──▶ draining ──the last child leaves──▶ over
 *
 * The group is over when nothing is open in its scope: no child, and no timeout or shield that somebody in it has begun
 * and not awaited. While it drains, children may still have children; that is how a crawler works.
 */
import { InvalidStateError } from '../errors.ts'
import { throwIfInterrupted } from '../limits/interruption.ts'
import { CancelScope, labelOf, type Work } from './cancel-scope.ts'
import { cancellation, reasonOf, without } from './cancellation.ts'
import { openScope } from './current-scope.ts'
import { Deadline } from './deadline.ts'
import { GroupErrors } from './group-errors.ts'
import { checkGroup, type GroupOptions } from './group-options.ts'
import { childrenOf, watchLeaks } from './leak-watch.ts'
import { Places } from './places.ts'
import { throwReason } from './scope-end.ts'
import { type Task, taskOf } from './task.ts'
import { Course, type TaskKeeper } from './task-course.ts'
import type { TaskFn } from './task-context.ts'

export class GroupCore implements TaskKeeper, Work {
  readonly kind = 'group'
  readonly name: string
  readonly scope: CancelScope
  readonly #options: GroupOptions
  readonly #errors = new GroupErrors()
  readonly #places: Places | undefined
  readonly #endWatch: () => void
  #drained: Promise<void> | undefined = undefined
  #over = false
  /** It was made by `open()`, so nobody but the user ends it. */
  isOpen = false

  /** Throws the reason if the signal is aborted or the scope of the caller is cancelled: then nothing is begun. */
  constructor(options: GroupOptions) {
    const { name = '', signal, timeout = Infinity, deadline = Infinity, limit = Infinity } = checkGroup(options)
    throwIfInterrupted(signal)
    this.name = name
    this.#options = options
    this.scope = new CancelScope(this, openScope())
    if (signal !== undefined) this.scope.follow(signal)
    const left = Math.min(timeout, deadline - Date.now())
    if (left !== Infinity) void new Deadline(this.scope, left)
    const places = limit === Infinity ? undefined : new Places(limit)
    this.#places = places
    if (places !== undefined) this.scope.listen(() => places.dismiss())
    this.#endWatch = watchLeaks(this.scope, options, () => options.abandon === true && this.#abandon())
  }

  get label(): string {
    return labelOf(this)
  }

  /** Begins a child. Throws InvalidStateError if the group takes no more. */
  begin<T>(fn: TaskFn<T>, name: string | undefined, shielded: boolean, keeper: TaskKeeper = this): Task<T> {
    this.#checkOpen()
    const course = new Course(fn, name, this.scope, keeper, shielded)
    if (this.#places === undefined) return taskOf(course.begin(fn), course)
    const promise = course.postpone(fn)
    this.#places.admit(course)
    return taskOf(promise, course)
  }

  failed(course: Course, error: unknown): boolean {
    // It was abandoned. Nobody else will tell.
    if (this.#over) return false
    this.#errors.add(error)
    if (this.#options.supervise !== true) {
      this.scope.cancel(
        cancellation(`the ${labelOf(course)} beside it failed`, 'sibling', { task: course.name, cause: error }),
      )
    }
    return true
  }

  /** Nobody waits for that, except in `start()`. */
  ready(): void {}

  ended(_course: Course, began: boolean): void {
    if (began) this.#places?.left()
  }

  bodyFailed(error: unknown): void {
    const { reason } = this.scope
    const left = reason === undefined ? { error } : without(reason, error)
    if ('nothing' in left) return
    this.#errors.addOfBody(left.error)
    this.scope.cancel(cancellation(`the body of the ${this.label} failed`, 'body', { cause: left.error }))
  }

  cancel(reason: unknown): void {
    this.scope.cancel(reasonOf(reason, `the ${this.label} was cancelled`))
  }

  /** It was left without waiting for its children. */
  leave(): void {
    this.scope.cancel(cancellation(`the ${this.label} was left without join()`, 'left'))
  }

  /** Resolves when the last child has left. From then on the group takes no more. */
  drained(): Promise<void> {
    this.#drained ??= new Promise(resolve => {
      const end = (): void => {
        this.#over = true
        this.#endWatch()
        this.scope.close()
        resolve()
      }
      if (this.scope.first === undefined) end()
      else this.scope.whenEmpty = end
    })
    return this.#drained
  }

  /** Whether it was begun to wait for its end. */
  get isJoined(): boolean {
    return this.#drained !== undefined
  }

  /** Nobody will join it any more, and it is cancelled. What fails in it all the same is an unhandled rejection. */
  expire(): void {
    void this.drained().then(() => this.throwErrors())
  }

  /** Throws the errors of the children and of the body, if there were any. */
  throwErrors(): void {
    const outcome = this.#errors.outcome(this.label, this.#options.errors ?? 'group')
    if (outcome !== undefined) throw outcome.error
  }

  /**
   * Throws what the group comes to if it is no value: errors before all else; the reason of what is around it, which
   * still holds and would end the next wait anyway; and that the time was up. Its own `cancel()` is no error.
   */
  throwOutcome(): void {
    this.throwErrors()
    throwReason(this.scope, this.#options)
  }

  #checkOpen(): void {
    const { reason } = this.scope
    // With the reason as its cause, so that it counts as a part of the cancellation, not as one more error.
    const because = reason === undefined ? {} : { cause: reason }
    if (this.#over) throw new InvalidStateError(`the ${this.label} is over: it takes no more tasks`, because)
    if (reason !== undefined) {
      throw new InvalidStateError(`the ${this.label} is shutting down: it takes no more tasks`, { cause: reason })
    }
  }

  #abandon(): void {
    for (const child of childrenOf(this.scope)) child.moveTo(undefined)
  }
}
