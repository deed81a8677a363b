/**
 * Data races: two accesses to one cell by different threads, at least one a write and at least one plain, and nothing that
 * orders them.
 *
 * All interleavings of whole steps are tried, as if memory were one and the same for all. Real processors reorder plain
 * accesses; but a program without data races cannot tell (JavaScript's memory model promises it: Watt et al. 2020). So
 * races are looked for as such, whatever came out this time: by vector clocks, as ThreadSanitizer does. What an atomic
 * access reads was written before it, and so was all that came before that write.
 */

/** The last accesses to a cell. */
interface History {
  /** What is known to whoever reads it atomically. */
  clock: Int32Array | undefined
  write: Access | undefined
  reads: Access[]
}

interface Access {
  readonly thread: number
  /** The thread's own time at the access. */
  readonly time: number
  readonly isPlain: boolean
}

export interface Race {
  readonly cell: number
  readonly one: number
  readonly other: number
  /** Whether the first, and the second, was a write. */
  readonly oneWrites: boolean
  readonly otherWrites: boolean
}

export class Races {
  readonly #clocks: readonly Int32Array[]
  readonly #cells = new Map<number, History>()
  /** The first that was seen. */
  found: Race | undefined

  constructor(threads: number) {
    this.#clocks = Array.from({ length: threads }, () => new Int32Array(threads))
  }

  /** An access in the order in which they are. `isPlain`: it orders nothing. */
  access(thread: number, cell: number, isWrite: boolean, isPlain: boolean): void {
    const clock = this.#clocks[thread]!
    let history = this.#cells.get(cell)
    if (history === undefined) this.#cells.set(cell, (history = { clock: undefined, write: undefined, reads: [] }))
    clock[thread]!++
    if (!isPlain && history.clock !== undefined) join(clock, history.clock)
    const { write, reads } = history
    const meets = (other: Access): boolean =>
      other.thread !== thread && (isPlain || other.isPlain) && clock[other.thread]! < other.time
    const read = isWrite ? reads.find(meets) : undefined
    const met = write !== undefined && meets(write) ? write : read
    if (met !== undefined) {
      this.found ??= { cell, one: met.thread, other: thread, oneWrites: met !== read, otherWrites: isWrite }
    }
    const access = { thread, time: clock[thread]!, isPlain }
    if (isWrite) {
      history.write = access
      history.reads = []
      if (!isPlain) history.clock = Int32Array.from(clock)
    } else reads.push(access)
  }

  /** What `thread` does from now on comes after all that `other` has done. */
  order(other: number, thread: number): void {
    join(this.#clocks[thread]!, this.#clocks[other]!)
  }
}

function join(clock: Int32Array, other: Int32Array): void {
  for (let thread = 0; thread < clock.length; thread++)
    if (other[thread]! > clock[thread]!) clock[thread] = other[thread]!
}
