/**
 * run: the frame of a program, as `asyncio.run`: its main task, and all that it leaves behind.
 *
 * A task that was begun by `createTask` belongs to nobody else. When the main task is over, what is left is cancelled and
 * waited for, so that nothing goes on that nobody knows of. Ctrl-C cancels all of it in the same way, and again ends the
 * program at once.
 */
import { InvalidStateError } from '../errors.ts'
import { throwIfInterrupted } from '../limits/interruption.ts'
import { abortSignal, checkOptions, duration, ofType, type Rules } from '../options/option-rules.ts'
import { exitBy, onStopSignal, type StopSignal } from '../platform/signals.ts'
import { CancelScope, type Work } from './cancel-scope.ts'
import { cancellation } from './cancellation.ts'
import { Deadline } from './deadline.ts'
import { debugTasks } from './debug.ts'
import { type LeakOptions, leakRules } from './group-options.ts'
import { holdLoop } from './hold-loop.ts'
import { letInspect } from './inspectable.ts'
import { watchLeaks } from './leak-watch.ts'
import { runningScope, setRunning } from './running.ts'
import { emptied } from './scope-end.ts'
import { taskOf } from './task.ts'
import { Course } from './task-course.ts'
import type { TaskFn } from './task-context.ts'
import { checkFunction } from './task-function.ts'
import { judge } from './timeout.ts'
import { closeUnjoined } from './unjoined-groups.ts'

export interface RunOptions extends LeakOptions {
  /** Of the main task; the name of its function if there is none. */
  readonly name?: string | undefined
  /** Cancels the program; then its reason is thrown. */
  readonly signal?: AbortSignal | undefined
  /** In ms; when it is up, the program is cancelled and a TimeoutError is thrown. */
  readonly timeout?: number | undefined
  /** Whether SIGINT and SIGTERM cancel the program. True by default. */
  readonly signals?: boolean | undefined
  /** Whether `multitask ps` may ask the program for its tree of tasks: see docs/cli.md. False by default. */
  readonly inspectable?: boolean | undefined
  /** Whether debug mode is on while it runs: see `debugTasks`. By default as `MULTITASK_DEBUG` in the environment says. */
  readonly debug?: boolean | undefined
}

const flag = ofType('boolean', 'true or false')

const rules: Rules<RunOptions> = {
  ...leakRules,
  name: ofType('string', 'a string'),
  signal: abortSignal,
  timeout: duration,
  signals: flag,
  inspectable: flag,
  debug: flag,
}

/**
 * Runs `main(context)` and keeps the program alive until it is over; then cancels the tasks that are left over, and waits
 * for them. Returns what `main` returned or throws its error. After a SIGINT or SIGTERM that ended it, throws a
 * CancelledError that names the signal. Throws InvalidStateError if a `run()` goes on in this thread.
 */
export async function run<T>(main: TaskFn<T>, options: RunOptions = {}): Promise<T> {
  checkFunction(main, 'run')
  const {
    name,
    signal,
    timeout = Infinity,
    signals = true,
    inspectable = false,
    debug,
  } = checkOptions(options, rules, 'run()')
  if (runningScope() !== undefined)
    throw new InvalidStateError('run() is running in this thread: inside of it, use await')
  throwIfInterrupted(signal)
  const debugBefore = debug === undefined ? undefined : debugTasks(debug)
  const program = new Program(name ?? main.name)
  if (signals) program.heedSignals()
  try {
    if (inspectable) program.letInspect()
    return await program.run(main, signal, timeout, options)
  } finally {
    program.end()
    if (debugBefore !== undefined) debugTasks(debugBefore)
  }
}

class Program implements Work {
  readonly kind = 'run'
  readonly name: string
  readonly #scope: CancelScope
  readonly #letGo: () => void
  #ignoreSignals: () => void = nothing
  #endInspection: () => void = nothing
  #signal: StopSignal | undefined = undefined

  constructor(name: string) {
    this.name = name
    this.#scope = new CancelScope(this, undefined)
    setRunning(this.#scope)
    this.#letGo = holdLoop()
  }

  heedSignals(): void {
    this.#ignoreSignals = onStopSignal(signal => {
      if (this.#scope.reason === undefined) this.#signal = signal
      this.#scope.cancel(cancellation(`the program was asked to end by ${signal}`, 'signal'))
    })
  }

  letInspect(): void {
    this.#endInspection = letInspect()
  }

  async run<T>(main: TaskFn<T>, signal: AbortSignal | undefined, timeout: number, leaks: LeakOptions): Promise<T> {
    const scope = this.#scope
    if (signal !== undefined) scope.follow(signal)
    const deadline = timeout === Infinity ? undefined : new Deadline(scope, timeout)
    const endWatch = watchLeaks(scope, leaks, nothing)
    const course = new Course(main, this.name, scope, undefined, false)
    const task = taskOf(course.begin(main), course)
    try {
      return await task
    } catch (error) {
      if (this.#signal !== undefined && task.cancelled()) exitBy(this.#signal)
      throw scope.reason === undefined ? error : judge(error, scope, deadline, signal, 'run() was ')
    } finally {
      scope.cancel(cancellation('the main task is over', 'end-of-run', { task: task.name }))
      closeUnjoined(scope)
      await emptied(scope)
      endWatch()
    }
  }

  end(): void {
    this.#scope.close()
    setRunning(undefined)
    this.#letGo()
    this.#ignoreSignals()
    this.#endInspection()
  }
}

function nothing(): void {}
