/**
 * The batches of a map between their sending and their reading, in the order in which they are to be read.
 *
 * What is at the head and has its result can be read. An error ends the queue: nothing behind it will ever be read,
 * so it is dropped as soon as the error is known, not when it is reached.
 */
import type { BatchResult } from './executor.ts'
import type { Future } from './future.ts'

/** One batch. Without a future it was never sent: its result was known before. */
export interface Slot {
  readonly length: number
  readonly future: Future<unknown> | undefined
  result: BatchResult | undefined
}

export class ResultQueue {
  /** Inputs whose results have not been read. */
  items = 0
  readonly #unordered: boolean
  /** In order of the inputs; or, unordered, first those that have results in the order in which they came. */
  #slots: Slot[] = []
  #settled = 0
  /** Length of the batch that the reader is reading; 0 when it is through. */
  #reading = 0
  #ended = false
  #reader: ((result: BatchResult | undefined) => void) | undefined = undefined

  constructor(unordered: boolean) {
    this.#unordered = unordered
  }

  /** Batches whose results have not been read. */
  get batches(): number {
    return this.#slots.length + (this.#reading > 0 ? 1 : 0)
  }

  /** Whether the reader has nothing to read: it is not slow, what it waits for is. */
  get readerWaits(): boolean {
    return this.#reader !== undefined
  }

  /** Whether nothing more can be added. */
  get ended(): boolean {
    return this.#ended
  }

  /** Whether nothing is left to read. */
  get drained(): boolean {
    return this.#ended && this.#slots.length === 0
  }

  add(length: number, future: Future<unknown>): Slot {
    const slot = { length, future, result: undefined }
    this.#slots.push(slot)
    this.items += length
    return slot
  }

  /** The batch has come back. */
  settle(slot: Slot, result: BatchResult): void {
    let index = this.#slots.indexOf(slot)
    // Dropped before.
    if (index === -1) return
    slot.result = result
    if (this.#unordered) {
      this.#slots.splice(index, 1)
      index = this.#settled++
      this.#slots.splice(index, 0, slot)
    }
    if (result.failures !== undefined) this.#endBehind(index)
    this.#serve()
  }

  /** Something else than a call failed. The error comes out behind what was already added. */
  addError(error: unknown): void {
    if (this.#ended) return
    this.#slots.push({ length: 0, future: undefined, result: failed(error) })
    this.end()
  }

  /** Ends the queue now: what has come back can still be read, then the error comes out. */
  cut(error: unknown): void {
    if (this.drained) return
    const waiting = this.#slots.findIndex(slot => slot.result === undefined)
    // All that there will ever be has come back.
    if (waiting === -1 && this.#ended) return
    this.#endBehind((waiting === -1 ? this.#slots.length : waiting) - 1)
    this.#slots.push({ length: 0, future: undefined, result: failed(error) })
    this.#serve()
  }

  /** Nothing more will be added. */
  end(): void {
    this.#ended = true
    this.#serve()
  }

  /** Drops everything. */
  clear(): void {
    this.#endBehind(-1)
    this.#serve()
  }

  /** The next batch to read, undefined at the end. Not to be called again before it has resolved. Never rejects. */
  next(): Promise<BatchResult | undefined> {
    return new Promise(resolve => {
      this.#reader = resolve
      this.#serve()
    })
  }

  /** The reader is through with the batch that it got. */
  release(): void {
    this.items -= this.#reading
    this.#reading = 0
  }

  #serve(): void {
    const [head] = this.#slots
    if (this.#reader === undefined || (head === undefined ? !this.#ended : head.result === undefined)) return
    const reader = this.#reader
    this.#reader = undefined
    if (head !== undefined) {
      this.#slots.shift()
      if (this.#unordered) this.#settled--
      this.#reading = head.length
    }
    reader(head?.result)
  }

  #endBehind(index: number): void {
    this.#ended = true
    for (const slot of this.#slots.splice(index + 1)) {
      this.items -= slot.length
      slot.future?.cancel()
    }
    this.#settled = Math.min(this.#settled, this.#slots.length)
  }
}

/** A batch that is nothing but a value. */
export function succeeded(value: unknown): BatchResult {
  return { values: [value], failures: undefined, elapsed: 0 }
}

/** A batch that is nothing but an error. */
export function failed(error: unknown): BatchResult {
  return { values: [], failures: [{ index: 0, error }], elapsed: 0 }
}
