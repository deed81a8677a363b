/** Reads what workers write: results, failures, starts, items of streams. */
import { InvalidStateError, TimeoutError, UnsupportedError } from '../errors.ts'
import { parkSync } from '../memory/park.ts'
import type { Doorbell } from '../wire/doorbell.ts'
import * as record from '../wire/record.ts'
import { unpack } from '../wire/unpack.ts'
import { cannotBlock } from './call-control.ts'
import type { Crew } from './crew.ts'
import type { Ledger } from './ledger.ts'
import { reportUncaught } from '../futures/uncaught.ts'
import type { WorkItem } from './work-item.ts'
import type { WorkerLink } from './worker-link.ts'

/** Results read in one turn at most, so that timers and input have their turn too. */
const MOST_IN_A_TURN = 4096

/** Who settles what was read. */
export interface Settler {
  resolve(item: WorkItem, value: unknown): void
  reject(item: WorkItem, error: unknown): void
  /** A worker is known to have ended though the event loop has not said so yet. */
  ended(link: WorkerLink, code: number, error: unknown): void
}

/** Looks at a record whose values do not come, each a little later, before giving up. Only Deno may keep them for so long. */
const MOST_FRUITLESS = 40

export class Receiver {
  readonly #crew: Crew
  readonly #ledger: Ledger
  readonly #settler: Settler

  constructor(crew: Crew, ledger: Ledger, settler: Settler) {
    this.#crew = crew
    this.#ledger = ledger
    this.#settler = settler
  }

  /** Reads what there is, up to a limit. Returns how many records it were. */
  collect(): number {
    let got = 0
    for (const link of this.#crew.links) {
      const before = got
      while (got < MOST_IN_A_TURN && this.#readOne(link)) got++
      if (got > before) link.connection.releaseResults()
    }
    return got
  }

  hasResults(): boolean {
    return this.#crew.links.some(link => link.connection.in.peek() >= 0)
  }

  /** Reads all that a worker that has ended left behind. */
  readLast(link: WorkerLink): void {
    while (link.connection.takeMessage());
    while (this.#readOne(link));
  }

  /** Blocks this thread until the item's future is done. Throws TimeoutError when `timeout` ms are over. */
  blockUntil(item: WorkItem, doorbell: Doorbell, timeout: number, collect: () => number): void {
    if (this.#crew.links.some(({ connection }) => connection.bytesOnly)) throw new UnsupportedError(cannotBlock(item))
    const deadline = performance.now() + timeout
    for (let fruitless = 0; ;) {
      const got = collect()
      if (item.future.done()) return
      if (item.slot < 0) throw new InvalidStateError('the result has to import a module first; await the future')
      const left = deadline - performance.now()
      if (left <= 0) throw new TimeoutError(`task ${item.name} was not done within ${timeout} ms`)
      if (got > 0 || !this.hasResults()) fruitless = 0
      else if (++fruitless > MOST_FRUITLESS) {
        throw new UnsupportedError(
          `the result of task ${item.name} comes through the event loop here; await the future`,
        )
      }
      // A call that waits for this thread's event loop is told that it waits in vain.
      doorbell.sayBlockedFor(timeout === Infinity ? item.serial : 0)
      item.link?.connection.tellNews()
      const { words, index, value } = doorbell.block()
      // As with arming: what came before the doorbell was set has to be looked for, what comes after it notifies.
      const patience = this.hasResults() ? Math.min(left, fruitless) : left
      if (!this.#settleGone() && patience > 0) parkSync(words, index, value, patience)
      doorbell.disarm()
    }
  }

  /** While this thread blocks, the event loop cannot say that a worker has ended; the worker itself can. */
  #settleGone(): boolean {
    const gone = this.#crew.links.filter(link => link.connection.exitCode() !== undefined)
    for (const link of gone) this.#settler.ended(link, link.connection.exitCode() ?? 0, undefined)
    return gone.length > 0
  }

  /** Reads one record. Returns false if there is none, or its values are not here yet. */
  #readOne(link: WorkerLink): boolean {
    const { in: reader, decoder } = link.connection
    const word = reader.peek()
    if (word < 0) return false
    const { words } = reader.cells
    const kindAndFlags = words[word + record.KIND]!
    const kind = kindAndFlags & 0xff
    if (kind === record.KEYS) {
      reader.advance()
      decoder.begin(word, record.HEAD_CELLS)
      decoder.learnName()
      return true
    }
    const item = this.#ledger.find(words[word + record.SLOT]!, words[word + record.SERIAL]!)
    if ((kindAndFlags & record.AWAY) !== 0) return this.#readAway(link, kind, item, words[word + record.SERIAL]!)
    reader.advance()
    // A call that was given up, such as one whose stream was left.
    if (item === undefined) return true
    decoder.begin(word, record.HEAD_CELLS)
    if (kind === record.STARTED) item.onStarted?.(kindAndFlags >>> record.COUNT_SHIFT > 0)
    else if (kind === record.RESULT) this.#settler.resolve(item, decoder.value())
    else if (kind === record.ITEMS) item.receiveItems?.(decoder.value() as unknown[])
    else if (kind === record.PROGRESS) progressed(item, decoder.value())
    else if (kind === record.BATCH) {
      const elapsed = decoder.rawDouble()
      this.#settler.resolve(item, { values: decoder.value() as unknown[], failures: undefined, elapsed })
    }
    return true
  }

  #readAway(link: WorkerLink, kind: number, item: WorkItem | undefined, serial: number): boolean {
    const packed = link.connection.takeValues(serial)
    // Posted before the record was published, so it is here or will be in the next turn.
    if (packed === undefined) return false
    link.connection.in.advance()
    if (item === undefined) return true
    try {
      const values = unpack(packed)
      if (values instanceof Promise) this.#deliverLater(kind, item, values)
      else this.#deliver(kind, item, values)
    } catch (error) {
      this.#settler.reject(item, error)
    }
    return true
  }

  #deliverLater(kind: number, item: WorkItem, values: Promise<unknown>): void {
    const { slot, serial } = item
    values.then(
      arrived => {
        if (this.#ledger.find(slot, serial) === item) this.#deliver(kind, item, arrived)
      },
      (error: unknown) => {
        if (this.#ledger.find(slot, serial) === item) this.#settler.reject(item, error)
      },
    )
  }

  #deliver(kind: number, item: WorkItem, values: unknown): void {
    if (kind === record.FAILURE) this.#settler.reject(item, values)
    else if (kind === record.ITEMS) item.receiveItems?.(values as unknown[])
    else if (kind === record.PROGRESS) progressed(item, values)
    else this.#settler.resolve(item, values)
  }
}

/** What the callback throws must not stop the reading. */
function progressed({ options }: WorkItem, value: unknown): void {
  try {
    options.onProgress?.(value)
  } catch (error) {
    reportUncaught(error)
  }
}
