/**
 * Every error class of multitask. Each has a stable `name` and a stable `code`,
 * so that it can be told apart across copies of the package and across threads.
 * Messages have one form: the fact, the value, and the cure only where it is certain.
 */

/** The base of all errors that this library makes. */
export class MultitaskError extends Error {
  /** A constant such as `ERR_TIMEOUT`, which stays when messages change. */
  readonly code: string
  constructor(code: string, name: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    // Not enumerable, as on the built-in errors: it is no part of what a user puts into an error.
    Object.defineProperty(this, 'name', { value: name, configurable: true, writable: true })
    Object.defineProperty(this, 'code', { value: code, configurable: true, writable: true })
  }
}

/**
 * The work was cancelled: by `future.cancel()`, an aborted signal, or a shutdown.
 * `cause` holds the signal's reason, if there was one. Unlike a TimeoutError, somebody asked for it.
 */
export class CancelledError extends MultitaskError {
  constructor(message = 'the task was cancelled', options?: ErrorOptions) {
    super('ERR_CANCELLED', 'CancelledError', message, options)
  }
}

/** The time given to a wait or to a task is up. A task that timed out has really ended. */
export class TimeoutError extends MultitaskError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_TIMEOUT', 'TimeoutError', message, options)
  }
}

/** The operation does not fit the state that the object is in, such as the result of a future that is not done. */
export class InvalidStateError extends MultitaskError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_INVALID_STATE', 'InvalidStateError', message, options)
  }
}

/** A bounded queue has no room, and the caller chose not to wait for it. */
export class QueueFull extends MultitaskError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_QUEUE_FULL', 'QueueFull', message, options)
  }
}

/** The executor takes no more work because it was shut down. *You* did this; a BrokenPoolError is what befell it. */
export class ShutDownError extends MultitaskError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_SHUT_DOWN', 'ShutDownError', message, options)
  }
}

/** The pool can start no worker: its initializer failed, or its workers die before they are ready. `cause` says why. */
export class BrokenPoolError extends MultitaskError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_BROKEN_POOL', 'BrokenPoolError', message, options)
  }
}

/** The worker that ran the task ended before the task did. Only tasks that had started get this error. */
export class WorkerDiedError extends MultitaskError {
  /** The exit code of the worker, if the runtime tells it. */
  readonly exitCode: number | undefined
  constructor(message: string, options?: ErrorOptions & { exitCode?: number | undefined }) {
    super('ERR_WORKER_DIED', 'WorkerDiedError', message, options)
    this.exitCode = options?.exitCode
  }
}

/** A value or a function cannot leave this thread. `path` leads to the part that cannot. */
export class CannotSendError extends MultitaskError {
  /** The way from what was sent to what cannot be, such as `fn › state.conn.sock`. */
  readonly path: string
  /** What is wrong with it, in a clause that begins with `it`. */
  readonly reason: string
  /** What to do instead, where that is certain. */
  readonly hint: string | undefined
  constructor(path: string, reason: string, hint?: string, options?: ErrorOptions) {
    super(
      'ERR_CANNOT_SEND',
      'CannotSendError',
      `cannot send ${path}: ${reason}${hint === undefined ? '' : `\n  hint: ${hint}`}`,
      options,
    )
    this.path = path
    this.reason = reason
    this.hint = hint
  }
}

/** The worker could not load the module or the export that a function or class is named by. `cause` is the loader's error. */
export class CannotLoadError extends MultitaskError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_CANNOT_LOAD', 'CannotLoadError', message, options)
  }
}

/** This runtime, or this thread, cannot do it, whatever the arguments. */
export class UnsupportedError extends MultitaskError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_UNSUPPORTED', 'UnsupportedError', message, options)
  }
}

/** A thread ended while it held the lock, so what the lock protects may be half changed. Nobody is given it any more. */
export class BrokenLockError extends MultitaskError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_BROKEN_LOCK', 'BrokenLockError', message, options)
  }
}

/** The barrier was aborted, reset, or left by one of its parties, so that the round cannot be completed. */
export class BrokenBarrierError extends MultitaskError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_BROKEN_BARRIER', 'BrokenBarrierError', message, options)
  }
}

/** The wait would never end: those who wait wait for each other, or for nobody. */
export class DeadlockError extends MultitaskError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_DEADLOCK', 'DeadlockError', message, options)
  }
}

/** A queue has no item, and the caller chose not to wait for one, or waited long enough. */
export class QueueEmpty extends MultitaskError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_QUEUE_EMPTY', 'QueueEmpty', message, options)
  }
}

/** The queue was shut down: it takes no more items, and has no more to give. */
export class QueueShutDown extends MultitaskError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_QUEUE_SHUT_DOWN', 'QueueShutDown', message, options)
  }
}

/** The other end of the pipe is closed, or its thread has ended, and every message that it sent was received. */
export class EndOfFileError extends MultitaskError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_END_OF_FILE', 'EndOfFileError', message, options)
  }
}

/** The other end of the pipe is closed, or its thread has ended: nobody will receive what is sent. */
export class BrokenPipeError extends MultitaskError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_BROKEN_PIPE', 'BrokenPipeError', message, options)
  }
}

/** Whether an error is one that is looked for: a class of which it is an instance, or a test. */
export type ErrorTest = (abstract new (...args: never[]) => unknown) | ((error: unknown) => boolean)

/**
 * Tasks of a group failed, and perhaps its body. `errors` has each error once, in the order in which they came, that of the
 * body last; `cause` is the one that brought the group down. It is one even for a single error: what is thrown must not
 * depend on how many happened to fail.
 */
export class TaskGroupError extends AggregateError {
  /** `ERR_TASK_GROUP` */
  readonly code: string
  constructor(errors: Iterable<unknown>, message: string, options?: ErrorOptions) {
    super(errors, message, options)
    this.code = 'ERR_TASK_GROUP'
    Object.defineProperty(this, 'name', { value: 'TaskGroupError', configurable: true, writable: true })
    Object.defineProperty(this, 'code', { value: this.code, configurable: true, writable: true })
  }

  /** All errors, those of groups within the group too. */
  flatten(): unknown[] {
    return this.errors.flatMap((error: unknown) => (error instanceof TaskGroupError ? error.flatten() : [error]))
  }

  /** The first error of that class, or that passes the test, in the order of `flatten()`. */
  find<T>(type: abstract new (...args: never[]) => T): T | undefined
  find(test: (error: unknown) => boolean): unknown
  find(test: ErrorTest): unknown {
    return this.flatten().find(error => passes(test, error))
  }

  /** Those errors that pass and those that do not, each as a group of the same shape, or undefined if there are none. */
  split(test: ErrorTest): [passed: TaskGroupError | undefined, others: TaskGroupError | undefined] {
    const passed: unknown[] = []
    const others: unknown[] = []
    for (const error of this.errors) {
      if (error instanceof TaskGroupError) {
        const [inside, outside] = error.split(test)
        if (inside !== undefined) passed.push(inside)
        if (outside !== undefined) others.push(outside)
      } else (passes(test, error) ? passed : others).push(error)
    }
    return [this.#with(passed), this.#with(others)]
  }

  #with(errors: readonly unknown[]): TaskGroupError | undefined {
    return errors.length === 0 ? undefined : new TaskGroupError(errors, this.message, { cause: this.cause })
  }
}

function passes(test: ErrorTest, error: unknown): boolean {
  const isClass = test === Error || test.prototype instanceof Error
  return isClass ? error instanceof test : (test as (error: unknown) => boolean)(error)
}
