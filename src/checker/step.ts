/** A step of more than one operation, while it is tried: it will count as a whole, or not at all. */
import type { Bits, Operation, TypedArray } from '../memory/atomics.ts'
import { Footprint } from './footprint.ts'
import type { Races } from './races.ts'
import { changes, type World } from './world.ts'

/** Stands for a buffer as a whole. No cell is there. */
const WHOLE = -1

export class Step {
  readonly label: string
  readonly footprint: Footprint = new Footprint()
  readonly logLength: number
  /** Somebody's time has run out in it. */
  isLate = false
  readonly #world: World
  readonly #mark: number
  readonly #time: number
  readonly #accesses: { readonly cell: number; readonly isWrite: boolean; readonly isPlain: boolean }[] = []
  readonly #copies = new Map<SharedArrayBuffer, Uint8Array>()

  constructor(world: World, logLength: number, label: string) {
    this.#world = world
    this.logLength = logLength
    this.label = label
    this.#mark = world.mark
    this.#time = world.time
  }

  perform(operation: Operation, cells: TypedArray, index: number, a?: Bits, b?: Bits): Bits {
    const world = this.#world
    const result = world.perform(operation, cells, index, a, b)
    const cell = world.cellOf(cells, index)
    this.footprint.addRead(cell)
    const isWrite = changes(operation) && (operation !== 'compareExchange' || result === a)
    this.#accesses.push({ cell, isWrite, isPlain: operation === 'read' || operation === 'write' })
    return result
  }

  /** What it touches is changed by more than hooked operations. */
  keep(buffer: SharedArrayBuffer): void {
    if (this.#copies.has(buffer)) return
    this.#copies.set(buffer, this.#world.keep(buffer))
    this.footprint.addRead(this.#world.numbers.of(buffer, WHOLE))
  }

  get hasEffect(): boolean {
    return this.#world.isChangedSince(this.#mark)
  }

  /** All of it has been done: the cells that it has changed are those that it writes. */
  complete(): void {
    this.#world.addChanges(this.#mark, this.footprint)
    if (this.#copies.size === 0 || !this.hasEffect) return
    for (const buffer of this.#copies.keys()) this.footprint.addWrite(this.#world.numbers.of(buffer, WHOLE))
  }

  /** Takes it back. */
  undo(): void {
    this.#world.undo(this.#mark)
    this.#world.time = this.#time
    for (const [buffer, copy] of this.#copies) new Uint8Array(buffer).set(copy)
  }

  tellRaces(races: Races, thread: number): void {
    for (const { cell, isWrite, isPlain } of this.#accesses) races.access(thread, cell, isWrite, isPlain)
  }
}
