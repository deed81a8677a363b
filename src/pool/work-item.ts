/**
 * A call as the pool keeps it: the future that it owes, and where the call is now.
 *
 *   queued (its bytes are here) ──write──▶ in a worker's ring ──claim by the worker──▶ started ──result──▶ settled
 *        ▲                                        │
 *        └──────────── taken back ────────────────┘   (cancelled, or given to another worker)
 */
import type { BrokenPoolError, CancelledError, TimeoutError } from '../errors.ts'
import type { PackedMessage } from '../wire/pack.ts'
import type { CallOptions, TaskFunction } from '../futures/executor.ts'
import { Future, type FutureOwner } from '../futures/future.ts'
import type { NumberedFunction } from './function-table.ts'
import { interrupt, type Stopper } from './call-control.ts'
import type { SubmitSite } from './submit-site.ts'
import type { WorkerLink } from './worker-link.ts'

/** What a work item asks of its pool. */
export interface ItemKeeper extends Stopper {
  withdraw(item: WorkItem): boolean
  block(item: WorkItem, timeout: number): void
}

export class WorkItem implements FutureOwner {
  readonly #keeper: ItemKeeper
  readonly future: Future<unknown> = new Future(this)
  /** CALL, BATCH or STREAM. */
  readonly kind: number
  readonly fn: TaskFunction
  /** Undefined if the function travels with the arguments. */
  readonly numbered: NumberedFunction | undefined
  readonly options: CallOptions
  /** Where the pool finds it; -1 once it is settled. */
  slot = -1
  serial = 0
  attempt = 1
  /** The record, while it is queued here or may be needed again. */
  record: Int32Array | undefined = undefined
  /** Values that travel by the port, while they may be needed. */
  away: PackedMessage | undefined = undefined
  /** The worker that it was given to. */
  link: WorkerLink | undefined = undefined
  /** Where its record is in that worker's ring. */
  position = 0
  /** Set when the call was asked to stop: what its future gets if it obeys, or is made to. */
  stopping: CancelledError | TimeoutError | BrokenPoolError | undefined = undefined
  /** Where the call was submitted, for the stack of its error. Taken only while the pool is not flooded. */
  site: SubmitSite | undefined = undefined
  /** Takes items of a stream. */
  receiveItems: ((items: unknown[]) => void) | undefined = undefined
  /** Called when the worker says that it starts the call; first with `true` if a module has to be loaded for it. */
  onStarted: ((loading: boolean) => void) | undefined = undefined
  /** Ends it with that error, in the steps of call-control. Set when it is watched. */
  stop: ((error: CancelledError | TimeoutError) => void) | undefined = undefined
  /** Called when an attempt is over and another will follow. */
  onAttemptEnded: (() => void) | undefined = undefined
  /** Called once when the item is settled, to let go of timers and listeners. */
  onSettled: (() => void) | undefined = undefined

  constructor(
    keeper: ItemKeeper,
    kind: number,
    fn: TaskFunction,
    numbered: NumberedFunction | undefined,
    options: CallOptions,
  ) {
    this.#keeper = keeper
    this.kind = kind
    this.fn = fn
    this.numbered = numbered
    this.options = options
  }

  get name(): string {
    return this.options.name ?? (this.fn.name || 'anonymous')
  }

  /**
   * Whether what it sends leaves this thread for good. Such a call cannot be taken back and given to another worker, so
   * it is given only to one that will begin it at once.
   */
  get moves(): boolean {
    return this.away !== undefined && this.away.transfer.length > 0
  }

  /** Whether a worker has begun to run it. */
  get started(): boolean {
    return this.link !== undefined && this.link.hasStarted(this)
  }

  withdraw(): boolean {
    return this.#keeper.withdraw(this)
  }

  interrupt(_future: Future<unknown>, reason: unknown): void {
    interrupt(this, reason, this.#keeper)
  }

  hasStarted(): boolean {
    return this.started
  }

  block(_future: Future<unknown>, timeout: number): void {
    this.#keeper.block(this, timeout)
  }
}
