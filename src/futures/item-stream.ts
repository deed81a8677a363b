/** The reader's end of a generator that runs in a worker. */
import { STREAM } from '../wire/record.ts'
import type { CallOptions, TaskFunction } from './executor.ts'
import { GRACE, STREAM_BUFFER_SIZE } from './options.ts'
import type { Pool } from './pool.ts'
import { alarm } from './time-limit.ts'
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

  /** Ends the generator where it is, and resolves once its `finally` blocks have run. Rejects with what they throw. */
  async return(): Promise<IteratorResult<unknown, undefined>> {
    this.#items = []
    this.#first = 0
    if (!this.#ended && !this.#item.future.cancel()) {
      const { link } = this.#item
      link?.credit(this.#item, 0)
      const cancel = alarm(this.#item.options.grace ?? GRACE, () => this.#pool.kill(this.#item))
      try {
        await this.#item.future
      } finally {
        cancel()
        this.#failure = undefined
      }
    }
    this.#failure = undefined
    this.#ended = true
    return { done: true, value: undefined }
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
    if (this.#ended) return
    this.#items = this.#first === this.#items.length ? items : [...this.#items.slice(this.#first), ...items]
    this.#first = 0
    this.#wakeReaders()
  }

  #end(failure: { readonly error: unknown } | undefined): void {
    this.#failure = this.#ended ? undefined : failure
    this.#ended = true
    this.#wakeReaders()
  }

  #wakeReaders(): void {
    const readers = this.#readers
    this.#readers = []
    for (const wake of readers) wake()
  }
}
