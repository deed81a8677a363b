/** The calls that a pool owes a result, each in a slot that its records name. */
import type { WorkItem } from './work-item.ts'
import type { WorkerLink } from './worker-link.ts'

export class Ledger {
  readonly #slots: (WorkItem | undefined)[] = []
  readonly #free: number[] = []
  #serial = 0
  /** Calls that are not settled. */
  owed = 0
  /** Calls that are. */
  settled = 0

  /** Gives the call a slot, and a serial that tells it from earlier calls in the same slot. */
  enter(item: WorkItem): void {
    item.slot = this.#free.pop() ?? this.#slots.length
    item.serial = this.nextSerial()
    this.#slots[item.slot] = item
    this.owed++
  }

  /** Takes the call out. */
  strike(item: WorkItem): void {
    this.#slots[item.slot] = undefined
    this.#free.push(item.slot)
    item.slot = -1
    this.owed--
    this.settled++
  }

  /** The call that a record names, if it is still owed. */
  find(slot: number, serial: number): WorkItem | undefined {
    const item = this.#slots[slot]
    return item?.serial === serial ? item : undefined
  }

  all(): WorkItem[] {
    return this.#slots.filter(item => item !== undefined)
  }

  /** All calls that were given to this worker, in the order in which it will find them. */
  of(link: WorkerLink): WorkItem[] {
    return this.all()
      .filter(item => item.link === link)
      .toSorted((a, b) => (a.position - b.position) | 0)
  }

  nextSerial(): number {
    this.#serial = (this.#serial + 1) | 0
    return this.#serial
  }
}
