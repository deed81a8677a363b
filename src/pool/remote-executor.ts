/**
 * An executor of another thread, seen from a worker of that thread.
 *
 * A call goes to the owner as a message, runs in one of its workers, and the outcome comes back the same way. While a
 * task waits for a call of its own executor, it lends its place, so that the two cannot wait for each other.
 */
import { CancelledError, InvalidStateError, UnsupportedError } from '../errors.ts'
import type { ExecutorHandle } from '../wire/executor-handle.ts'
import { definePortable } from '../wire/portable.ts'
import { askParent } from '../worker/requests.ts'
import type { BatchResult, CallOptions, Place, TaskFunction } from '../futures/executor.ts'
import { placeOf } from './executor-registry.ts'
import { ExecutorView } from '../futures/executor-view.ts'
import { Future, type FutureOwner } from '../futures/future.ts'
import { onAbort } from '../limits/on-abort.ts'

/** What a worker asks of an executor; the parent hands it to the place. */
export interface RemoteCall {
  readonly verb: 'submit' | 'batch'
  readonly fn: TaskFunction
  readonly args: readonly never[]
  readonly options: CallOptions
}

/** The owner of such a call in its own thread cannot be asked here, only told. */
class RemoteOwner implements FutureOwner {
  readonly #name: string
  readonly #abandon: (reason: unknown) => void

  constructor(name: string, abandon: (reason: unknown) => void) {
    this.#name = name
    this.#abandon = abandon
  }

  /** Only the other thread knows, so it is told, and the answer is no: the future settles when it has answered. */
  withdraw(): boolean {
    return false
  }

  hasStarted(): boolean {
    return false
  }

  interrupt(_future: Future<unknown>, reason: unknown): void {
    this.#abandon(reason)
  }

  block(): void {
    throw new UnsupportedError(`cannot block for a call of executor "${this.#name}" of another thread: await it`)
  }
}

class RemotePlace implements Place {
  readonly name: string
  readonly width: number
  readonly handle: ExecutorHandle

  constructor(handle: ExecutorHandle) {
    this.handle = handle
    this.name = handle.name
    this.width = handle.width
  }

  submit(fn: TaskFunction, args: readonly unknown[], options: CallOptions): Future<unknown> {
    return this.#ask('submit', fn, args, options)
  }

  batch(fn: TaskFunction, columns: readonly (readonly unknown[])[], options: CallOptions): Future<BatchResult> {
    return this.#ask('batch', fn, columns, options) as Future<BatchResult>
  }

  stream(): AsyncIterableIterator<unknown> {
    throw new UnsupportedError(
      `cannot stream through executor "${this.name}" from inside a worker; call the generator here`,
    )
  }

  shutdown(): Promise<void> {
    return Promise.reject(
      new InvalidStateError(`executor "${this.name}" can only be shut down by the thread that made it`),
    )
  }

  /** The signal stays here: when it aborts, the owner is told, and what becomes of the call there comes back as ever. */
  #ask(verb: RemoteCall['verb'], fn: TaskFunction, args: readonly unknown[], options: CallOptions): Future<unknown> {
    const { signal, onProgress, ...sent } = options
    if (onProgress !== undefined) {
      throw new UnsupportedError(`onProgress does not reach from executor "${this.name}" of another thread`)
    }
    const { answer, abandon } = askParent(this.handle.number, { verb, fn, args, options: sent })
    const future = new Future<unknown>(new RemoteOwner(this.name, abandon))
    const ignoreSignal = signal === undefined ? undefined : onAbort(signal, () => abandon(signal.reason))
    answer
      .finally(() => ignoreSignal?.())
      .then(
        value => future.setResult(value),
        (error: unknown) => {
          if (error instanceof CancelledError) future.setCancelled(error)
          else future.setException(error)
        },
      )
    return future
  }
}

/** The executor that a handle stands for: itself in its own thread, a way to it in the thread's workers. */
export function executorOf(handle: ExecutorHandle): ExecutorView {
  return new ExecutorView(placeOf(handle.number) ?? new RemotePlace(handle))
}

definePortable('executor', data => executorOf(data as ExecutorHandle))
