/** The items of a generator that runs on this event loop, beside its reader. */
import { CancelledError } from '../errors.ts'
import { currentTask } from '../worker/current-task.ts'
import { describe } from '../options/describe.ts'
import type { CallOptions } from '../futures/executor.ts'
import type { Future } from '../futures/future.ts'
import type { LoopCall } from './loop-call.ts'
import { followScope } from '../futures/follow-scope.ts'
import { GRACE, STREAM_BUFFER_SIZE } from '../futures/options.ts'
import { StreamBuffer } from './stream-buffer.ts'
import { alarm } from '../limits/clock.ts'

type AnyIterable = Iterable<unknown> | AsyncIterable<unknown>

export class LoopStream implements AsyncIterableIterator<unknown, undefined> {
  readonly #buffer: StreamBuffer<unknown>
  readonly #grace: number
  #call: LoopCall | undefined = undefined
  #left = false

  constructor({ bufferSize = STREAM_BUFFER_SIZE, grace = GRACE }: CallOptions) {
    this.#buffer = new StreamBuffer(bufferSize)
    this.#grace = grace
  }

  /** `call`: the one that does `run`. */
  open(call: LoopCall): void {
    this.#call = call
    followScope(call.future)
    call.future.then(
      () => this.#buffer.end(),
      (error: unknown) => this.#buffer.fail(error),
    )
  }

  /** Runs the generator to its end, or until the task is asked to stop. */
  async run(generate: () => unknown): Promise<void> {
    const { signal } = currentTask()
    const wake = (): void => this.#buffer.wakeMaker()
    signal.addEventListener('abort', wake)
    try {
      const items = await generate()
      checkIterable(items)
      // Leaving this loop ends the generator: its `finally` runs.
      for await (const item of items) {
        this.#buffer.push(item)
        await this.#buffer.room()
        if (signal.aborted) break
      }
    } finally {
      signal.removeEventListener('abort', wake)
    }
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<IteratorResult<unknown, undefined>> {
    return this.#buffer.next()
  }

  /**
   * Ends the generator, and resolves when it has ended. One that is in the middle of an item is asked to stop, and waited
   * for no longer than `grace`. Rejects with what its `finally` throws.
   */
  async return(): Promise<IteratorResult<unknown, undefined>> {
    if (!this.#left) {
      this.#left = true
      this.#buffer.close()
      const future = this.#call?.future
      // An error that came before was there to be read.
      if (future !== undefined && !future.done()) {
        this.#call?.stop(new CancelledError('the reader of the stream has left'))
        await this.#ending(future)
      }
    }
    return { done: true, value: undefined }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return()
  }

  async #ending(future: Future<unknown>): Promise<void> {
    let cancelAlarm: (() => void) | undefined
    const graceOver = new Promise<void>(resolve => (cancelAlarm = alarm(this.#grace, resolve)))
    try {
      await Promise.race([future, graceOver])
    } catch (error) {
      if (!future.cancelled()) throw error
    } finally {
      cancelAlarm?.()
    }
  }
}

function checkIterable(items: unknown): asserts items is AnyIterable {
  if (Symbol.asyncIterator in Object(items) || Symbol.iterator in Object(items)) return
  throw new TypeError(`stream needs a generator function, but this one returned ${describe(items)}`)
}
