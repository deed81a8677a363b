/** LifoQueue: what was put last comes out first, for the tasks of one thread. */
import { checkName, type PrimitiveOptions } from '../sync/options.ts'
import { BoundedBuffer, type Store } from './bounded-buffer.ts'

class Stack<T> implements Store<T> {
  readonly #items: T[] = []

  get size(): number {
    return this.#items.length
  }

  add(item: T): void {
    this.#items.push(item)
  }

  take(): T {
    return this.#items.pop() as T
  }

  clear(): void {
    this.#items.length = 0
  }
}

/** As `Queue`, but `get` gives the item that was put last. */
export class LifoQueue<T> extends BoundedBuffer<T> {
  /**
   * A queue that holds at most so many items; 0 or Infinity: as many as come. `name` is for people.
   * Throws RangeError for a size that is negative, not whole, or NaN.
   */
  constructor(maxSize: number = 0, options: PrimitiveOptions = {}) {
    super('LifoQueue', new Stack(), maxSize, checkName(options, 'a LifoQueue'))
  }
}
