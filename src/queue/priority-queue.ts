/** PriorityQueue: the smallest item comes out first, for the tasks of one thread. */
import { checkOptions, ofType } from '../options/option-rules.ts'
import type { PrimitiveOptions } from '../sync/options.ts'
import { BoundedBuffer } from './bounded-buffer.ts'
import { type Compare, Heap } from './heap.ts'
import { naturalOrder } from './natural-order.ts'

export interface PriorityQueueOptions<T> extends PrimitiveOptions {
  /**
   * Below 0 if `a` comes before `b`, above 0 if it comes after it, 0 if neither does, as for `toSorted`. Default: numbers and
   * bigints by value, strings by their UTF-16 code units, dates by time, arrays by their first elements that differ.
   */
  readonly compare?: Compare<T> | undefined
}

/**
 * As `Queue`, but `get` gives the smallest item, and among equals the one that was put first. (Python promises nothing
 * about equals.) What `compare` throws comes out of `put`, and the item is not put.
 */
export class PriorityQueue<T> extends BoundedBuffer<T> {
  /**
   * A queue that holds at most so many items; 0 or Infinity: as many as come. `name` is for people.
   * Throws RangeError for a size that is negative, not whole, or NaN.
   */
  constructor(maxSize: number = 0, options: PriorityQueueOptions<T> = {}) {
    const rules = { name: ofType('string', 'a string'), compare: ofType('function', 'a function') }
    const { name = '', compare = naturalOrder } = checkOptions(options, rules, 'a PriorityQueue')
    super('PriorityQueue', new Heap(compare), maxSize, name)
  }
}
