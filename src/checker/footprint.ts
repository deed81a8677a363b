/**
 * What a step reads and what it writes, as sets of cells.
 *
 * Two steps are independent if neither writes what the other reads or writes: then it makes no difference which comes
 * first, and no schedule has to be tried for it. The sets are bits, a number for each cell that was met.
 */

/** The bits of a set, 32 a number. */
type Bitset = number[]

export class Footprint {
  readonly reads: Bitset = []
  readonly writes: Bitset = []

  addRead(cell: number): void {
    addBit(this.reads, cell)
  }

  addWrite(cell: number): void {
    addBit(this.writes, cell)
  }

  /** Whether a step that writes this touches what the other step has seen. */
  changes(other: Footprint): boolean {
    return meet(this.writes, other.reads) || meet(this.writes, other.writes)
  }

  /** Whether it matters in which order the two are done. */
  conflicts(other: Footprint): boolean {
    return this.changes(other) || meet(this.reads, other.writes)
  }
}

function addBit(set: Bitset, bit: number): void {
  const word = bit >>> 5
  while (set.length <= word) set.push(0)
  set[word]! |= 1 << (bit & 31)
}

function meet(one: Bitset, other: Bitset): boolean {
  const length = Math.min(one.length, other.length)
  for (let word = 0; word < length; word++) if ((one[word]! & other[word]!) !== 0) return true
  return false
}

const NOWHERE = { buffer: new ArrayBuffer(0), byte: 0 }

/** Numbers the cells that are met: the bytes of buffers at which a number stands. */
export class CellNumbers {
  readonly #buffers = new Map<ArrayBufferLike, Map<number, number>>()
  /** Where each cell is; a cell that stands for something else is nowhere. */
  readonly #places: { readonly buffer: ArrayBufferLike; readonly byte: number }[] = []
  #last: ArrayBufferLike | undefined
  #lastCells: Map<number, number> = new Map()

  of(buffer: ArrayBufferLike, byte: number): number {
    const cells = buffer === this.#last ? this.#lastCells : this.#cellsOf(buffer)
    let cell = cells.get(byte)
    if (cell === undefined) {
      cell = this.#places.push({ buffer, byte }) - 1
      cells.set(byte, cell)
    }
    return cell
  }

  /** A cell that stands for something else, such as who sleeps on a word. */
  make(): number {
    return this.#places.push(NOWHERE) - 1
  }

  placeOf(cell: number): { readonly buffer: ArrayBufferLike; readonly byte: number } {
    return this.#places[cell]!
  }

  #cellsOf(buffer: ArrayBufferLike): Map<number, number> {
    let cells = this.#buffers.get(buffer)
    if (cells === undefined) this.#buffers.set(buffer, (cells = new Map()))
    this.#last = buffer
    this.#lastCells = cells
    return cells
  }
}
