/** The reader's end of a generator that runs in a worker. */
import { CancelledError } from '../errors.ts'
import { STREAM } from '../wire/record.ts'
import type { CallOptions, TaskFunction } from '../futures/executor.ts'
import { followScope } from '../futures/follow-scope.ts'
import { GRACE, STREAM_BUFFER_SIZE } from '../futures/options.ts'
import type { Pool } from './pool.ts'
import { alarm } from '../limits/clock.ts'
import type { WorkItem } from './work-item.ts'

export class ItemStream implements AsyncIterableIterator<unknown> {
  readonly #pool: Pool
  readonly #item: WorkItem
  readonly #bufferSize: number
  #items: unknown[] = []
  /** Index of the next item to hand out. */
  #first = 0
  /** Items handed out that the generator was not yet told of. */
  #taken = 0
  /** The reader has left; what still comes is for nobody. */
  #left = false
  #ended = false
  #failure: { readonly error: unknown } | undefined
  /** Readers that wait; more than one only if `next` is called without awaiting. */
  #readers: (() => void)[] = []

  constructor(pool: Pool, fn: TaskFunction, args: readonly unknown[], options: CallOptions) {
    this.#pool = pool
    this.#bufferSize = options.bufferSize ?? STREAM_BUFFER_SIZE
    // Not run again after a failure: the reader has items of the first run.
    this.#item = pool.submit(STREAM, fn, args, { ...options, retries: 0 })
    const { onStarted } = this.#item
    this.#item.onStarted = loading => {
      onStarted?.(loading)
      if (!loading) this.#grant(this.#bufferSize)
    }
    followScope(this.#item.future)
    this.#item.receiveItems = items => this.#receive(items)
    this.#item.future.then(
      () => this.#end(undefined),
      (error: unknown) => this.#end({ error }),
    )
  }

  async next(): Promise<IteratorResult<unknown, undefined>> {
    while (this.#first === this.#items.length) {
      if (this.#failure !== undefined) {
        const { error } = this.#failure
        this.#failure = undefined
        throw error
      }
      if (this.#ended) return { done: true, value: undefined }
      await new Promise<void>(resolve => this.#readers.push(resolve))
    }
    const value = this.#items[this.#first]
    this.#items[this.#first++] = undefined
    if (this.#first === this.#items.length) {
      this.#items = []
      this.#first = 0
    }
    // Told by halves: a message an item would cost more than the items.
    if (++this.#taken * 2 >= this.#bufferSize) {
      this.#grant(this.#taken)
      this.#taken = 0
    }
    return { done: false, value }
  }

  /**
   * Ends the generator where it is, and resolves once its `finally` blocks have run. Rejects with what they throw. A
   * generator that does not get to its next item within the grace period is ended with its worker.
   */
  async return(): Promise<IteratorResult<unknown, undefined>> {
    const wasOver = this.#left || this.#ended
    this.#left = true
    this.#items = []
    this.#first = 0
    this.#failure = undefined
    if (!wasOver && !this.#item.future.cancel()) await this.#leave()
    this.#ended = true
    return { done: true, value: undefined }
  }

  async #leave(): Promise<void> {
    const item = this.#item
    const left = new CancelledError(`the reader of ${item.name} has left`)
    item.link?.credit(item, 0)
    const cancelKill = alarm(item.options.grace ?? GRACE, () => {
      item.stopping ??= left
      this.#pool.kill(item)
    })
    try {
      await item.future
    } catch (error) {
      if (error !== left) throw error
    } finally {
      cancelKill()
      this.#failure = undefined
    }
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return()
  }

  #grant(count: number): void {
    if (this.#item.slot >= 0) this.#item.link?.credit(this.#item, count)
  }

  #receive(items: unknown[]): void {
    if (this.#left) return
    this.#items = this.#first === this.#items.length ? items : [...this.#items.slice(this.#first), ...items]
    this.#first = 0
    this.#wakeReaders()
  }

  #end(failure: { readonly error: unknown } | undefined): void {
    this.#failure = this.#left ? undefined : failure
    this.#ended = true
    this.#wakeReaders()
  }

  #wakeReaders(): void {
    const readers = this.#readers
    this.#readers = []
    for (const wake of readers) wake()
  }
}
