/**
 * A call on the event loop, from its submission to the end of its function.
 *
 *   waiting ──start──▶ running ──▶ (another attempt) ──▶ done
 *      └────── cancel, abort, deadline ──────────────────▶ done
 *
 * Nothing can stop a function on this loop. A call that runs is asked to stop, and its future settles when the function
 * has really ended:
 *
 * - with the CancelledError or the TimeoutError, whatever value it returns. A result that came too late would make
 *   `timeout` mean nothing for functions that do not look at their signal.
 * - with the function's own error if it throws one that has nothing to do with stopping: errors are never swallowed.
 */
import { CancelledError, TimeoutError, UnsupportedError } from '../errors.ts'
import { nextTurn } from '../platform/turns.ts'
import { runAs, type TaskExecutor } from '../worker/current-task.ts'
import type { Waiting } from './backlog.ts'
import { isThenable } from '../options/describe.ts'
import type { CallOptions } from '../futures/executor.ts'
import { Future, type FutureOwner } from '../futures/future.ts'
import { LoopTask, type TaskCall } from './loop-task.ts'
import { onAbort } from '../limits/on-abort.ts'
import { alarm } from '../limits/clock.ts'
import { keepScope } from '../limits/scope.ts'

/** Who lets calls run. */
export interface LoopKeeper {
  readonly executor: TaskExecutor
  /** The call will not be started: it is done. */
  forget(call: LoopCall): void
  /** The call has run, and its place is free. */
  ended(call: LoopCall): void
}

/** One place: the call that took it, and the chain of those to which it was lent. Only the last one can lend it. */
export type Seat = LoopCall[]

type Stop = CancelledError | TimeoutError

export class LoopCall implements FutureOwner, TaskCall, Waiting {
  readonly future: Future<unknown> = new Future<unknown>(this)
  readonly options: CallOptions
  readonly name: string
  waits = false
  /** Its place, while it runs. */
  seat: Seat | undefined = undefined
  /** The running call that submitted it, if that is one of the same executor. */
  readonly parent: LoopCall | undefined
  /** Calls that it submitted and that wait. */
  nested: Set<LoopCall> | undefined = undefined
  readonly #keeper: LoopKeeper
  readonly #work: () => unknown
  /** Calls a function in the scope in which the call was submitted. Who starts it may be in quite another one. */
  readonly #inScope = keepScope()
  #disarms: (() => void)[] | undefined = undefined
  #task: LoopTask | undefined = undefined
  #attempt = 0
  /** Set when somebody asked the call to stop. A timeout ends only an attempt. */
  #isLastAttempt = false
  /** Why the whole call, or its present attempt, was asked to stop. */
  #stop: Stop | undefined = undefined
  /** When the present attempt is too old, by `performance.now()`. */
  #expires = Infinity
  #cancelTimeout: () => void = nothing

  /** `name`: of the function. `work`: calls it. */
  constructor(
    keeper: LoopKeeper,
    parent: LoopCall | undefined,
    name: string,
    work: () => unknown,
    options: CallOptions,
  ) {
    this.#keeper = keeper
    this.parent = parent
    this.name = options.name ?? (name === '' ? 'anonymous' : name)
    this.#work = work
    this.options = options
    this.#armWhole(options)
  }

  /** Runs the function. The keeper is told when it has ended. */
  start(): void {
    this.future.setRunning()
    // The alarm of a deadline that has passed rings in a later turn, which would be too late.
    if (this.#isPastDeadline()) this.#end(() => this.future.setException(this.#lateError()))
    else this.#runAttempt()
  }

  withdraw(): boolean {
    if (this.#task !== undefined) return false
    this.#disarmAll()
    this.#keeper.forget(this)
    return true
  }

  hasStarted(): boolean {
    return this.#task !== undefined
  }

  interrupt(_future: Future<unknown>, reason: unknown): void {
    this.stop(this.#cancelledBy(reason))
  }

  block(_future: Future<unknown>, timeout: number): void {
    if (timeout === 0) throw new TimeoutError(`task ${this.name} is not done`)
    throw new UnsupportedError(
      `cannot block for task ${this.name}: it runs on this event loop, which would stand still`,
    )
  }

  /** Takes the call back, or asks it to stop for good. The first reason stays. */
  stop(error: Stop): void {
    this.#isLastAttempt = true
    this.#stopAttempt(error)
  }

  #stopAttempt(error: Stop): void {
    if (this.#stop !== undefined || this.future.done()) return
    if (this.withdraw()) {
      this.#settleWith(error)
      return
    }
    this.#stop = error
    this.#task?.stop(error)
  }

  #runAttempt(): void {
    // Between two attempts there was no task that could be asked.
    if (this.#stop !== undefined) {
      this.#endAttempt(this.#stop)
      return
    }
    const { timeout = Infinity } = this.options
    this.#attempt++
    const task = new LoopTask(this, this.#attempt, this.#keeper.executor)
    this.#task = task
    if (timeout !== Infinity) {
      this.#expires = performance.now() + timeout
      this.#cancelTimeout = alarm(timeout, () => this.#stopAttempt(this.#timeoutError()))
    }
    let value: unknown
    try {
      const run = (): unknown => runAs(task, this.#work)
      value = this.#inScope === undefined ? run() : this.#inScope(run)
    } catch (error) {
      this.#failed(error)
      return
    }
    if (!isThenable(value)) this.#returned(value)
    else {
      Promise.resolve(value).then(
        result => this.#returned(result),
        (error: unknown) => this.#failed(error),
      )
    }
  }

  #returned(value: unknown): void {
    this.#cancelTimeout()
    // A function that never awaits keeps the timers from firing.
    if (this.#isPastDeadline()) this.stop(this.#lateError())
    else if (performance.now() >= this.#expires) this.#stopAttempt(this.#timeoutError())
    if (this.#stop !== undefined) this.#endAttempt(this.#stop)
    else this.#end(() => this.future.setResult(value))
  }

  #failed(error: unknown): void {
    this.#cancelTimeout()
    this.#endAttempt(this.#stop !== undefined && isOfStopping(error, this.#stop) ? this.#stop : error)
  }

  #endAttempt(error: unknown): void {
    if (this.#isLastAttempt || this.#attempt > (this.options.retries ?? 0)) {
      this.#end(() => (error === this.#stop ? this.#settleWith(this.#stop) : this.future.setException(error)))
      return
    }
    this.#stop = undefined
    // In a later turn: a function that fails at once, for ever, must not stop the loop.
    nextTurn(() => this.#runAttempt())
  }

  #end(settle: () => void): void {
    this.#disarmAll()
    settle()
    this.#keeper.ended(this)
  }

  #settleWith(error: Stop | undefined): void {
    if (error instanceof CancelledError) this.future.setCancelled(error)
    else this.future.setException(error)
  }

  /** What can end the call from its submission on. */
  #armWhole({ signal, deadline }: CallOptions): void {
    if (signal !== undefined) {
      this.#disarmLater(onAbort(signal, () => this.stop(this.#cancelledBy(signal.reason))))
    }
    if (deadline !== undefined && deadline !== Infinity) {
      this.#disarmLater(alarm(deadline - Date.now(), () => this.stop(this.#lateError())))
    }
  }

  #disarmLater(disarm: () => void): void {
    ;(this.#disarms ??= []).push(disarm)
  }

  #disarmAll(): void {
    for (const disarm of this.#disarms?.splice(0) ?? []) disarm()
  }

  #isPastDeadline(): boolean {
    const { deadline } = this.options
    return deadline !== undefined && Date.now() >= deadline
  }

  #cancelledBy(reason: unknown): CancelledError {
    return new CancelledError(`task ${this.name} was cancelled`, { cause: reason })
  }

  #lateError(): TimeoutError {
    return new TimeoutError(`task ${this.name} was not done by its deadline`)
  }

  #timeoutError(): TimeoutError {
    return new TimeoutError(`task ${this.name} ran longer than ${this.options.timeout} ms`)
  }
}

/** Whether a function that was asked to stop threw because of that. */
function isOfStopping(error: unknown, stop: Stop): boolean {
  // A wait of this library in the call hears of it from the scope around it, and throws what the scope was given.
  if (error === stop || (error === stop.cause && error !== undefined)) return true
  const { name, cause } = Object(error) as { name?: unknown; cause?: unknown }
  // Timers, streams and fetch wrap the reason, or lose it, but all call their error by this name.
  return name === 'AbortError' || cause === stop
}

function nothing(): void {}
