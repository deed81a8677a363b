/**
 * Deque: what was put first comes out first.
 *
 * A list of blocks, filled at one end and emptied at the other, as in Node's own queue of ticks. Nothing is ever moved,
 * and what a burst took is given back block by block. (An array's `shift` moves all that is behind, from some thousand
 * items on; a ring moves all when it grows, and either keeps what it grew to or moves all again.)
 */
import type { Store } from './bounded-buffer.ts'

const LENGTH = 256

interface Block<T> {
  /** What was taken is undefined: the block would keep it alive. */
  readonly items: (T | undefined)[]
  next: Block<T> | undefined
}

export class Deque<T> implements Store<T> {
  size = 0
  #first: Block<T> = { items: [], next: undefined }
  #last: Block<T> = this.#first
  /** Where the next item is, in the first block. */
  #start = 0
  /** Where the next one goes, in the last block. */
  #end = 0

  add(item: T): void {
    if (this.#end === LENGTH) {
      this.#last = this.#last.next = { items: [], next: undefined }
      this.#end = 0
    }
    this.#last.items[this.#end++] = item
    this.size++
  }

  take(): T {
    const { items } = this.#first
    const item = items[this.#start]
    items[this.#start++] = undefined
    if (--this.size === 0) {
      // It was in the last block, which is filled from its beginning again.
      this.#start = 0
      this.#end = 0
    } else if (this.#start === LENGTH) {
      this.#first = this.#first.next as Block<T>
      this.#start = 0
    }
    return item as T
  }

  clear(): void {
    this.#first = { items: [], next: undefined }
    this.#last = this.#first
    this.#start = 0
    this.#end = 0
    this.size = 0
  }
}
