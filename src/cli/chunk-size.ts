/**
 * How many inputs travel together.
 *
 * The way to a worker and back costs tens of microseconds, which tiny calls have to share. Long chunks would delay
 * results and leave one worker with work at the end while the others have none. Two milliseconds are far from both.
 */

const TARGET = 2
/** Bounds what is lost from sight when a worker dies, and the memory of a chunk. */
const LARGEST = 1000
/** One measurement may be wrong: the size grows by steps, and shrinks at once. */
const GROWTH = 4

export class ChunkSize {
  readonly #fixed: boolean
  #size: number

  constructor(size: number | 'auto') {
    this.#fixed = size !== 'auto'
    this.#size = size === 'auto' ? 1 : size
  }

  get size(): number {
    return this.#size
  }

  /** `length` inputs took `elapsed` ms. */
  measured(length: number, elapsed: number): void {
    if (this.#fixed || length === 0) return
    const wanted = Math.min(LARGEST, Math.max(1, Math.floor((TARGET * length) / Math.max(elapsed, 0.001))))
    this.#size = wanted < this.#size ? wanted : Math.max(this.#size, Math.min(wanted, length * GROWTH))
  }
}
