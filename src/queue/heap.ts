/**
 * Heap: the smallest comes out first, and among equals the one that was put first.
 *
 * The binary heap of J. W. J. Williams, in two arrays: the items, and when each was put. Python's heapq says nothing
 * about equals; here a turn decides, because a queue in which jobs of one priority overtake each other surprises.
 *
 * To compare may throw, as may everything that users write. So each operation first finds out where things go, and moves
 * them only then: an item that cannot be compared is not in the heap, and the heap is as it was.
 */
import { describe } from '../options/describe.ts'
import type { Store } from './bounded-buffer.ts'

/** Below 0 if `a` comes before `b`, above 0 if it comes after it, 0 if neither does. May throw. */
export type Compare<T> = (a: T, b: T) => number

export class Heap<T> implements Store<T> {
  readonly #compare: Compare<T>
  readonly #items: T[] = []
  /** When each item was put; parallel to the items. */
  readonly #turns: number[] = []
  #turn = 0

  constructor(compare: Compare<T>) {
    this.#compare = compare
  }

  get size(): number {
    return this.#items.length
  }

  add(item: T): void {
    // Whatever has no order, such as NaN or an item without its priority, shows against itself: at its own put, not at
    // that of the next one.
    this.#order(item, item)
    let place = this.size
    while (place > 0 && this.#order(item, this.#items[parentOf(place)] as T) < 0) place = parentOf(place)
    for (let hole = this.size; hole > place; hole = parentOf(hole)) this.#move(parentOf(hole), hole)
    this.#items[place] = item
    this.#turns[place] = this.#turn++
  }

  take(): T {
    const last = this.size - 1
    const place = this.#descend(last)
    let item = this.#items.pop() as T
    let turn = this.#turns.pop() as number
    if (last === 0) {
      this.#turn = 0
      return item
    }
    // From its place upwards, each makes room for the one below; the first of all is left over.
    for (let hole = place; ; hole = parentOf(hole)) {
      const above = this.#items[hole] as T
      const turnAbove = this.#turns[hole] as number
      this.#items[hole] = item
      this.#turns[hole] = turn
      item = above
      turn = turnAbove
      if (hole === 0) return item
    }
  }

  clear(): void {
    this.#items.length = 0
    this.#turns.length = 0
    this.#turn = 0
  }

  /** Where the last one belongs once the first is gone. */
  #descend(last: number): number {
    let place = 0
    for (;;) {
      let child = 2 * place + 1
      if (child >= last) return place
      if (child + 1 < last && this.#isBefore(child + 1, child)) child++
      if (this.#isBefore(last, child)) return place
      place = child
    }
  }

  /** The later one has to be smaller to be before the earlier one; so a comparator that never says 0 keeps turns too. */
  #isBefore(a: number, b: number): boolean {
    const isLater = (this.#turns[a] as number) > (this.#turns[b] as number)
    if (isLater) return this.#order(this.#items[a] as T, this.#items[b] as T) < 0
    return this.#order(this.#items[b] as T, this.#items[a] as T) >= 0
  }

  #order(a: T, b: T): number {
    const order: unknown = this.#compare(a, b)
    if (typeof order === 'number' && !Number.isNaN(order)) return order
    throw new TypeError(
      `compare must return a number, not ${describe(order)}, which it did for ${describe(a)} and ${describe(b)}`,
    )
  }

  #move(from: number, to: number): void {
    this.#items[to] = this.#items[from] as T
    this.#turns[to] = this.#turns[from] as number
  }
}

function parentOf(place: number): number {
  return (place - 1) >> 1
}
