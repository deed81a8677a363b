/** The results of a map between their coming and their reading. */

export interface Outbox {
  /** Whether the next result to read is there. */
  readonly ready: boolean
  /** Keeps a place for the result of the next input. */
  reserve(): void
  /** There is no such input: gives the last place back. */
  unreserve(): void
  /** `index`: which input it is the result of. */
  put(index: number, value: unknown): void
  /** The next result; only if `ready`. */
  take(): unknown
  /** All that is there and has not been taken. */
  rest(): unknown[]
}

const EMPTY: unique symbol = Symbol('no result yet')

/** So many that were taken are cut off at once: one by one would cost a move of all others each time. */
const CUT = 1024

/** By the order of the inputs: each has a place from the moment at which it is read. */
export class InOrder implements Outbox {
  #values: unknown[] = []
  #next = 0
  /** The input that the first place belongs to. */
  #first = 0

  get ready(): boolean {
    return this.#next < this.#values.length && this.#values[this.#next] !== EMPTY
  }

  reserve(): void {
    this.#values.push(EMPTY)
  }

  unreserve(): void {
    this.#values.pop()
  }

  put(index: number, value: unknown): void {
    this.#values[index - this.#first] = value
  }

  take(): unknown {
    const value = this.#values[this.#next]
    // What was read is not to be held.
    this.#values[this.#next++] = undefined
    if (this.#next >= CUT && this.#next * 2 > this.#values.length) {
      this.#values = this.#values.slice(this.#next)
      this.#first += this.#next
      this.#next = 0
    }
    return value
  }

  rest(): unknown[] {
    return this.#next === 0 ? this.#values : this.#values.slice(this.#next)
  }
}

/** As they were completed. */
export class AsCompleted implements Outbox {
  #values: unknown[] = []
  #next = 0

  get ready(): boolean {
    return this.#next < this.#values.length
  }

  reserve(): void {}

  unreserve(): void {}

  put(_index: number, value: unknown): void {
    this.#values.push(value)
  }

  take(): unknown {
    const value = this.#values[this.#next]
    this.#values[this.#next++] = undefined
    if (this.#next === this.#values.length) {
      this.#values = []
      this.#next = 0
    } else if (this.#next >= CUT && this.#next * 2 > this.#values.length) {
      this.#values = this.#values.slice(this.#next)
      this.#next = 0
    }
    return value
  }

  rest(): unknown[] {
    return this.#next === 0 ? this.#values : this.#values.slice(this.#next)
  }
}
