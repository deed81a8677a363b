/** A worker as its pool sees it: what it was given, what it has started, what it still owes. */
import { alarm } from '../limits/clock.ts'
import type { ThreadHandle } from '../platform/threads.ts'
import type { ParentEnd } from '../wire/ends.ts'
import { pack } from '../wire/pack.ts'
import { CLAIMED, STATE, WAITING, WITHDRAWN } from '../wire/record.ts'
import type { WorkItem } from './work-item.ts'

/**
 * The most calls that a worker is given ahead. They can be taken back as long as they have not started, so the number
 * only has to be large enough that a worker with tiny calls never runs dry between two turns of the parent's loop.
 */
export const WINDOW = 1024

/** Milliseconds after which a call that waits in a worker behind another is back if it was asked for. */
const RECALL = 5

/** Records that a worker may miss while it sleeps before a look at whether it does, and a notify, are worth their price. */
const RECORDS_PER_NOTIFY = 256

export class WorkerLink {
  readonly name: string
  readonly connection: ParentEnd
  readonly handle: ThreadHandle
  /** Calls given to it and not settled. */
  outstanding = 0
  /** Calls given to it, ever. */
  given = 0
  /** The initializer is done. A worker that dies before that never could have worked. */
  ready = false
  /** It takes no more calls: it was asked to end, or is being stopped. */
  closing = false
  /** It is to be replaced as soon as it has no calls. */
  usedUp = false
  /** Why it was stopped, if this side did it. */
  stopReason: unknown = undefined
  /** When it settled its last call, as of performance.now(); only kept where there is an idle timeout. */
  idleSince = 0
  /** It had nothing to do for a whole turn of the parent's loop. */
  idleTurns = 0
  /** Holds one of the process's CPU tokens. */
  holdsToken = false
  /** Called when its thread has ended. */
  readonly ended: (() => void)[] = []
  readonly #known: boolean[] = []
  #referenced = true
  /** Records written since the last look at the end of a burst. */
  #unannounced = 0
  readonly #announce = (): void => {
    this.#unannounced = 0
    this.connection.wakeForRecord()
  }

  constructor(name: string, connection: ParentEnd, handle: ThreadHandle) {
    this.name = name
    this.connection = connection
    this.handle = handle
  }

  /**
   * Writes the item's record into the ring and wakes the worker if it sleeps. Returns false if there is no room now.
   * Throws what the port throws if the values cannot be cloned; then nothing was written.
   */
  give(item: WorkItem, words: Int32Array, cells: number): boolean {
    const { numbered, away } = item
    if (numbered !== undefined && this.#known[numbered.number] !== true) {
      this.connection.post({ type: 'define', fn: numbered.number, node: numbered.node })
      this.#known[numbered.number] = true
    }
    let position: number
    if (away === undefined) {
      position = this.connection.write(words, 0, cells)
      if (position < 0) return false
    } else {
      // The values have to be in the port when the worker finds the record, and must not be there if it never does.
      if (!this.connection.out.hasRoom(cells)) return false
      this.connection.post({ type: 'values', serial: item.serial, packed: away.packed }, away.transfer, away.large)
      position = this.connection.out.write(words, 0, cells)
    }
    item.link = this
    item.position = position
    this.given++
    if (++this.outstanding === 1) this.connection.wakeForRecord()
    else this.#wakeSoon()
    return true
  }

  /**
   * A worker that has had calls and sleeps again is faster than this thread, which is in the middle of a burst. To see
   * whether it sleeps costs a load, and a notify as much as some calls: so both are done once for a few of them, and for
   * what there is when the burst ends.
   */
  #wakeSoon(): void {
    if (++this.#unannounced === 1) queueMicrotask(this.#announce)
    else if (this.#unannounced % RECORDS_PER_NOTIFY === 0) this.connection.wakeForRecord()
  }

  hasStarted({ position, serial }: WorkItem): boolean {
    const { out } = this.connection
    if (this.connection.isBehind(serial)) return false
    // A record is overwritten only after the worker has stepped over it.
    return out.overwritten(position) || out.stateOf(position) === CLAIMED
  }

  /** Takes a call back. Returns false if the worker was quicker. */
  takeBack(item: WorkItem): boolean {
    const { out } = this.connection
    if (out.overwritten(item.position) || !out.claim(item.position, WAITING, WITHDRAWN)) return false
    this.outstanding--
    item.link = undefined
    return true
  }

  /** The bytes of a record that was taken back, before anything else is written. */
  recordOf(item: WorkItem): Int32Array {
    const record = this.connection.recordOf(item.position, item.serial)
    record[STATE] = WAITING
    return record
  }

  /** Asks a call that has started to stop. */
  cancel(item: WorkItem, error: unknown): void {
    const { packed, transfer } = pack(error, 'reason', {
      lenient: true,
      bytesOnly: this.connection.bytesOnly,
    })
    this.connection.post({ type: 'cancel', slot: item.slot, serial: item.serial, reason: packed }, transfer)
    this.connection.countCancel(item.serial)
    this.connection.wakeForMessage()
  }

  /** Tells the generator behind a stream that its reader takes `count` items more; 0 ends it. */
  credit(item: WorkItem, count: number): void {
    this.connection.post({ type: 'credit', slot: item.slot, serial: item.serial, count })
    this.connection.wakeForMessage()
  }

  /** Sets whether the worker keeps the program alive. */
  keepAlive(alive: boolean): void {
    if (alive === this.#referenced) return
    this.#referenced = alive
    if (alive) this.handle.ref()
    else this.handle.unref()
  }

  /** Asks the worker to end when what it has started is done. */
  retire(): void {
    if (this.closing) return
    this.closing = true
    this.connection.post({ type: 'retire' })
    this.connection.wakeForMessage()
  }

  /** Stops the worker because of one of its calls. */
  stopFor(item: WorkItem, reason: unknown): void {
    const { serial } = item
    // If another runs, it is not that one's fault: this one was asked for, and will be back in a moment.
    if (this.connection.isBehind(serial)) {
      alarm(RECALL, () => {
        if (item.link === this && item.serial === serial && item.slot >= 0) this.stopFor(item, reason)
      })
    } else this.stop(reason)
  }

  /** Stops the worker where it is. */
  stop(reason: unknown): void {
    this.closing = true
    this.stopReason ??= reason
    this.handle.terminate()
  }
}
