/** createTask: a task of its own, which belongs to nobody but `run()`. */
import { checkOptions, ofType } from '../options/option-rules.ts'
import { runningScope } from './running.ts'
import { type Task, taskOf } from './task.ts'
import { Course } from './task-course.ts'
import type { TaskFn } from './task-context.ts'
import { checkFunction } from './task-function.ts'

export interface CreateTaskOptions {
  /** For people; the name of the function if there is none. */
  readonly name?: string | undefined
  /** Whether it begins at once, as JavaScript does, and not in a turn of its own, as asyncio does. True by default. */
  readonly eagerStart?: boolean | undefined
}

const rules = { name: ofType('string', 'a string'), eagerStart: ofType('boolean', 'true or false') }

/**
 * Begins `fn(context)` and returns the task. It goes on when the task or the group that began it ends, so somebody has to
 * look at it: a failure that nobody looks at is an unhandled rejection. `run()` cancels what is left over at its end.
 * In a group, `group.spawn` is what you want. Throws TypeError for what is no function, such as a promise.
 */
export function createTask<T>(fn: TaskFn<T>, options: CreateTaskOptions = {}): Task<T> {
  checkFunction(fn, 'createTask')
  const { name, eagerStart = true } = checkOptions(options, rules, 'createTask()')
  const course = new Course(fn, name, runningScope(), undefined, false)
  const promise = eagerStart ? course.begin(fn) : course.postpone(fn)
  if (!eagerStart) queueMicrotask(() => course.start())
  return taskOf(promise, course)
}
