/**
 * World: the memory that threads under the checker share. It is memory as any other, but that it forgets: what a step has
 * done that is not to be, and at the end of a schedule all of it.
 */
import type { Bits, Operation, TypedArray } from '../memory/atomics.ts'
import { performNow } from '../memory/perform.ts'
import { CellNumbers, type Footprint } from './footprint.ts'

export class World {
  readonly numbers: CellNumbers = new CellNumbers()
  /** In ms. It goes on only when somebody lets his time run out. */
  time = 0
  // What was in each cell before it was changed, in the order of the changes.
  readonly #cells: TypedArray[] = []
  readonly #indexes: number[] = []
  readonly #values: Bits[] = []
  readonly #copies = new Map<SharedArrayBuffer, Uint8Array>()

  cellOf(cells: TypedArray, index: number): number {
    return this.numbers.of(cells.buffer, cells.byteOffset + index * cells.BYTES_PER_ELEMENT)
  }

  perform(operation: Operation, cells: TypedArray, index: number, a?: Bits, b?: Bits): Bits {
    if (changes(operation)) {
      this.#cells.push(cells)
      this.#indexes.push(index)
      this.#values.push(cells[index]!)
    }
    return performNow(operation, cells, index, a, b)
  }

  /** A moment to which it can go back. */
  get mark(): number {
    return this.#cells.length
  }

  /** Whether anything is different from what it was then. */
  isChangedSince(mark: number): boolean {
    for (let at = mark; at < this.#cells.length; at++) if (this.#isChanged(mark, at)) return true
    return false
  }

  /** Adds the cells that are different to what a step writes. */
  addChanges(mark: number, footprint: Footprint): void {
    for (let at = mark; at < this.#cells.length; at++) {
      if (this.#isChanged(mark, at)) footprint.addWrite(this.cellOf(this.#cells[at]!, this.#indexes[at]!))
    }
  }

  /** Makes everything as it was then. */
  undo(mark: number): void {
    for (let at = this.#cells.length - 1; at >= mark; at--) {
      const cells = this.#cells[at] as Int32Array
      cells[this.#indexes[at]!] = this.#values[at] as number
    }
    this.#cells.length = mark
    this.#indexes.length = mark
    this.#values.length = mark
  }

  /** Keeps a copy of a buffer that is changed by more than hooked operations. */
  keep(buffer: SharedArrayBuffer): Uint8Array {
    const copy = new Uint8Array(buffer).slice()
    if (!this.#copies.has(buffer)) this.#copies.set(buffer, copy)
    return copy
  }

  /** Makes everything as it was in the beginning. */
  reset(mark: number): void {
    this.undo(mark)
    for (const [buffer, copy] of this.#copies) new Uint8Array(buffer).set(copy)
    this.#copies.clear()
    this.time = 0
  }

  /** Whether the cell of a change, the first one of it, has another value now. */
  #isChanged(mark: number, at: number): boolean {
    const cells = this.#cells[at]!
    const index = this.#indexes[at]!
    if (Object.is(cells[index], this.#values[at])) return false
    for (let earlier = mark; earlier < at; earlier++) {
      // What counts is the value before the first change.
      if (this.#cells[earlier] === cells && this.#indexes[earlier] === index) return false
    }
    return true
  }
}

export function changes(operation: Operation): boolean {
  return operation !== 'load' && operation !== 'read' && operation !== 'notify'
}
