/** SimpleQueue: a queue without limit and without end, for the tasks of one thread. */
import { summary } from '../sync/inspect.ts'
import { checkName, type PrimitiveOptions, type WaitOptions } from '../sync/options.ts'
import { BoundedBuffer } from './bounded-buffer.ts'
import { Deque } from './deque.ts'
import { furnish } from './furniture.ts'
import { items } from './sentences.ts'

export interface SimpleQueueStatistics {
  /** How many items it holds. */
  readonly size: number
  /** How many tasks wait for an item. */
  readonly getters: number
}

/** What remains of a `Queue` that is never full and never shut down, and whose items nobody counts. */
export class SimpleQueue<T> {
  static {
    furnish(SimpleQueue, queue => {
      const { size, getters } = queue.statistics()
      return summary('SimpleQueue', queue.name, items(size), getters === 0 ? undefined : `${getters} getting`)
    })
  }

  readonly name: string
  readonly #buffer: BoundedBuffer<T>

  /** A queue that is empty. `name` is for people. */
  constructor(options: PrimitiveOptions = {}) {
    this.name = checkName(options, 'a SimpleQueue')
    this.#buffer = new BoundedBuffer('SimpleQueue', new Deque(), 0, this.name)
  }

  /** Puts an item. There is always room, so there is nothing to await. */
  put(item: T): void {
    this.#buffer.tryPut(item)
  }

  /**
   * Takes the next item, when there is one. Tasks get items in the order in which they asked.
   * Rejects with QueueEmpty when the time is up, and with the signal's reason. No item is lost then.
   */
  get(options?: WaitOptions): Promise<T> {
    return this.#buffer.get(options)
  }

  /** Takes the next item if there is one. Throws QueueEmpty if there is none. */
  tryGet(): T {
    return this.#buffer.tryGet()
  }

  /** How many items it holds. */
  get size(): number {
    return this.#buffer.size
  }

  get empty(): boolean {
    return this.#buffer.empty
  }

  statistics(): SimpleQueueStatistics {
    const { size, getters } = this.#buffer.statistics()
    return Object.freeze({ size, getters })
  }

  /** Takes items for as long as the loop goes on. Loops share the items; leaving one loses none. */
  [Symbol.asyncIterator](): AsyncIterableIterator<T> {
    return this.#buffer[Symbol.asyncIterator]()
  }
}
