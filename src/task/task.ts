/**
 * Task: the promise of a function that runs on this event loop, as asyncio's.
 *
 * It is a real promise, so that it can be awaited, raced and gathered. What is added is a name, a state that can be read
 * without waiting, and `cancel()`, which asks: the signal of its context aborts, every wait of this library in it ends,
 * and the task is done when its function is.
 */
import { markFutureLike } from '../completion/future-like.ts'
import { InvalidStateError } from '../errors.ts'
import { describe } from '../options/describe.ts'
import { labelOf } from './cancel-scope.ts'
import { reasonOf } from './cancellation.ts'
import { type Course, ignore, runCallback, type TaskState } from './task-course.ts'

const COURSE: unique symbol = Symbol('course')

/** What a task has of its own. Not a private field: those come from a constructor, and none is run: see `taskOf`. */
interface Holder {
  [COURSE]: Course
}

export class Task<T> extends Promise<T> {
  private constructor() {
    super(() => {})
    throw new TypeError('a Task is made by createTask() or by a TaskGroup')
  }

  /** What it was called, or the name of its function. */
  get name(): string {
    return courseOf(this).name
  }

  /** `pending` as long as it waits for its turn to begin. */
  get state(): TaskState {
    return courseOf(this).state
  }

  /**
   * Asks the task to stop: aborts its signal, ends every wait of this library in it. It is cancelled when its function has
   * thrown that; a function that goes on regardless and returns a value is done. One that has not begun never runs.
   * `reason`: an error, or a text for the message of a CancelledError; of several only the first counts.
   * Returns whether the task was there to be asked: false if it is over.
   */
  cancel(reason?: unknown): boolean {
    const course = courseOf(this)
    if (course.done) return false
    course.stop(reasonOf(reason, `the ${labelOf(course)} was cancelled`, course.name))
    return true
  }

  /** Whether it ended because it was cancelled. */
  cancelled(): boolean {
    return this.state === 'cancelled'
  }

  /** Whether it is over. */
  done(): boolean {
    return courseOf(this).done
  }

  /** The value, or throws the error. Never waits: throws InvalidStateError if the task is not over. */
  result(): T {
    const { state, outcome } = seen(this)
    if (state === 'done') return outcome as T
    throw outcome
  }

  /** The error, or undefined if there is a value. Throws InvalidStateError if not over, the reason if cancelled. */
  exception(): unknown {
    const { state, outcome } = seen(this)
    if (state === 'cancelled') throw outcome
    return state === 'failed' ? outcome : undefined
  }

  /**
   * Calls `callback` with this task when it is over, in the order of registration, in the turn in which it ends; at once
   * if it is over already. What a callback throws is reported as an uncaught error and stops no other.
   */
  addDoneCallback(callback: (task: Task<T>) => void): void {
    if (typeof callback !== 'function') throw new TypeError(`a callback must be a function, not ${describe(callback)}`)
    if (this.done()) runCallback(callback, this)
    else courseOf(this).addCallback(callback)
  }

  /** Takes back all that `addDoneCallback` registered of this function. Returns how often that was. */
  removeDoneCallback(callback: (task: Task<T>) => void): number {
    return courseOf(this).removeCallback(callback)
  }

  override get [Symbol.toStringTag](): string {
    return 'Task'
  }
}

/*
 * `await` and `then` look at `constructor`: with any other value than Promise they allocate a second promise and take
 * two turns more. What `then` returns is therefore a plain promise: a continuation can neither be cancelled nor read.
 */
void Object.defineProperty(Task.prototype, 'constructor', { value: Promise, configurable: true, writable: true })

/**
 * Makes a task of a promise. Not by a constructor: a class that extends Promise has to be given functions that resolve
 * it, which would be a quarter of the memory of a task, though the promise that `then` makes is there already.
 */
export function taskOf<T>(promise: Promise<T>, course: Course): Task<T> {
  const task = Object.setPrototypeOf(promise, Task.prototype) as Task<T> & Holder
  task[COURSE] = course
  course.face = task
  if (course.silent) task.catch(ignore)
  return task
}

markFutureLike<Task<unknown>>(Task.prototype, {
  hasFailed: task => courseOf(task).state === 'failed',
  stop: (task, reason) => {
    const course = courseOf(task)
    if (course.done) return false
    course.stop(reason)
    return true
  },
})

export function courseOf(task: Task<unknown>): Course {
  return (task as Task<unknown> & Holder)[COURSE]
}

function show(this: Task<unknown>): string {
  return `Task ${JSON.stringify(this.name)} { ${this.state} }`
}

void Object.defineProperty(Task.prototype, Symbol.for('nodejs.util.inspect.custom'), { value: show })

/** Somebody looks at the outcome: an error in it is no longer an unhandled rejection. */
function seen(task: Task<unknown>): Course {
  const course = courseOf(task)
  if (!course.done) throw new InvalidStateError(`the ${labelOf(course)} is ${course.state}, not done: await it`)
  if (course.state === 'failed') task.catch(ignore)
  return course
}
