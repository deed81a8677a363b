/**
 * TaskGroup: tasks that end together, as asyncio's TaskGroup and trio's nursery.
 *
 * Whatever happens, the group ends when all its children have. If one of them fails, or the body does, the others are
 * cancelled and waited for, and a TaskGroupError has all the errors, those of their cleaning up among them.
 *
 * The first form takes the body as a function, because only a caller sees how it ended: `await using` cannot tell a
 * body that is done from one that threw (tc39/proposal-explicit-resource-management#49). So the second form, as in Java
 * and Swift, cancels what is still there unless it was joined.
 */
import { GroupCore } from './group-core.ts'
import { checkSpawn, type GroupOptions, type SpawnOptions } from './group-options.ts'
import { Handover, type StartContext } from './group-start.ts'
import { runIn } from './current-scope.ts'
import type { Task } from './task.ts'
import { Course } from './task-course.ts'
import type { TaskFn } from './task-context.ts'
import { checkFunction } from './task-function.ts'
import { groupJoined, groupOpened } from './unjoined-groups.ts'

export class TaskGroup implements AsyncDisposable {
  readonly #core: GroupCore
  #joined: Promise<void> | undefined = undefined

  private constructor(options: GroupOptions) {
    this.#core = new GroupCore(options)
  }

  /**
   * Runs `body(group)` and waits for it and for all tasks that were spawned in the group.
   * Returns what the body returned, or undefined if `group.cancel()` interrupted it. Throws a TaskGroupError if anything
   * failed; the reason, if the group was cancelled from outside; a TimeoutError if its time was up.
   */
  static async run<T>(body: (group: TaskGroup) => T | PromiseLike<T>, options: GroupOptions = {}): Promise<T> {
    checkFunction(body, 'TaskGroup.run')
    const group = new TaskGroup(options)
    const core = group.#core
    let value: T | undefined
    try {
      value = await runIn(core.scope, () => body(group))
    } catch (error) {
      core.bodyFailed(error)
    }
    await core.drained()
    core.throwOutcome()
    return value as T
  }

  /**
   * A group for `await using`. `await group.join()` waits for its tasks; to leave without that cancels them and waits.
   * What stands between is not in its scope: give `group.signal` to what has to end with it.
   */
  static open(options: GroupOptions = {}): TaskGroup {
    const group = new TaskGroup(options)
    groupOpened(group.#core, group)
    return group
  }

  /** Aborted when the group is cancelled, from outside, by itself or by a failure. */
  get signal(): AbortSignal {
    return this.#core.scope.signal
  }

  /** '' if it has none. */
  get name(): string {
    return this.#core.name
  }

  /** The tasks that are not over, at this moment. */
  get tasks(): ReadonlySet<Task<unknown>> {
    const tasks = new Set<Task<unknown>>()
    for (let scope = this.#core.scope.first; scope !== undefined; scope = scope.next) {
      if (scope instanceof Course && scope.face !== undefined) tasks.add(scope.face as Task<unknown>)
    }
    return tasks
  }

  /**
   * Begins `fn(context)` as a child and returns its task. It begins at once, or when there is a place in the group.
   * Its failure is the group's; nobody has to look at the task. Throws TypeError for what is no function, such as a
   * promise, and InvalidStateError if the group is over or is shutting down.
   */
  spawn<T>(fn: TaskFn<T>, options?: SpawnOptions): Task<Awaited<T>> {
    checkFunction(fn, 'spawn')
    const { name, shield = false } = options === undefined ? plain : checkSpawn(options)
    return this.#core.begin(fn, name, shield) as Task<Awaited<T>>
  }

  /**
   * Begins `fn(context)` as a child and waits until it calls `context.ready(value)`, as a server does that listens.
   * Resolves to the value. Rejects with the error of `fn` if it fails before that; then it is no failure of the group.
   */
  start<V = void>(fn: (context: StartContext<V>) => unknown, options?: SpawnOptions): Promise<V> {
    return new Promise((resolve, reject) => {
      checkFunction(fn, 'start')
      const { name, shield = false } = options === undefined ? plain : checkSpawn(options)
      new Handover<V>(this.#core, resolve, reject).begin(fn, name, shield)
    })
  }

  /**
   * Ends the group early: cancels its tasks and its body. That is no error: if nothing fails meanwhile, the group ends as
   * usual. May be called again, and after the end. `reason`: an error, or a text for the message of a CancelledError.
   */
  cancel(reason?: unknown): void {
    this.#core.cancel(reason)
  }

  /** Waits for all tasks, for a group of `open()`. Throws as `run` does. The group takes no tasks after it. */
  join(): Promise<void> {
    groupJoined(this.#core)
    return (this.#joined ??= this.#join())
  }

  /** Cancels what was not joined, and waits. Throws the errors of tasks, but nothing because of the cancellation. */
  async [Symbol.asyncDispose](): Promise<void> {
    // Whoever joins hears of the errors there.
    if (this.#joined !== undefined) return this.#core.drained()
    groupJoined(this.#core)
    this.#core.leave()
    await this.#core.drained()
    this.#core.throwErrors()
  }

  async #join(): Promise<void> {
    await this.#core.drained()
    this.#core.throwOutcome()
  }
}

/** What `console.log` shows, on Node, Bun and Deno. */
function show(this: TaskGroup): string {
  const { size } = this.tasks
  const label = this.name === '' ? 'TaskGroup' : `TaskGroup ${JSON.stringify(this.name)}`
  return `${label} { ${size} ${size === 1 ? 'task' : 'tasks'} }`
}

void Object.defineProperty(TaskGroup.prototype, Symbol.for('nodejs.util.inspect.custom'), { value: show })

const plain: SpawnOptions = {}
