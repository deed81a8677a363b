/** Queue: what was put first comes out first, for the tasks of one thread. */
import { checkName, type PrimitiveOptions } from '../sync/options.ts'
import { BoundedBuffer } from './bounded-buffer.ts'
import { Deque } from './deque.ts'

/**
 * A queue for the tasks of one thread, which holds values of any kind as they are. Python's `asyncio.Queue`, with the
 * timeouts of `queue.Queue`. Threads share a `SharedQueue` instead.
 */
export class Queue<T> extends BoundedBuffer<T> {
  /**
   * A queue that holds at most so many items; 0 or Infinity: as many as come. `name` is for people.
   * Throws RangeError for a size that is negative, not whole, or NaN.
   */
  constructor(maxSize: number = 0, options: PrimitiveOptions = {}) {
    super('Queue', new Deque(), maxSize, checkName(options, 'a Queue'))
  }
}
