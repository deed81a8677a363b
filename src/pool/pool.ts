/**
 * The pool: calls in, futures out.
 *
 * A call is encoded at submit (so later changes of its arguments do not matter) and written into a worker's ring, or
 * queued if all workers have enough. Until its worker claims it, it can be taken back: to be cancelled, or given to another.
 *
 * Who settles a future: the result in the ring; else the end of its worker, which is always reported; else the end of
 * the pool, which waits for both. No future waits for anything else.
 */
import { type BrokenPoolError, CancelledError, CannotSendError, type TimeoutError } from '../errors.ts'
import { Doorbell } from '../wire/doorbell.ts'
import { cannotPost } from '../wire/pack.ts'
import { Admission, type PoolSettings } from './admission.ts'
import { dropIfOver, isOfStopping, mayRetry, sayWhatGoesOn, type Stopper, watch } from './call-control.ts'
import { CallEncoder, namedForCaller, renew } from './call-encoder.ts'
import { CallQueue } from './call-queue.ts'
import type { Crew } from './crew.ts'
import type { CallOptions, TaskFunction } from '../futures/executor.ts'
import { FunctionTable } from './function-table.ts'
import { Ledger } from './ledger.ts'
import { afterDeath } from './obituary.ts'
import { Poller } from './poller.ts'
import { Receiver } from './receiver.ts'
import { shareOut } from './share-out.ts'
import { SubmitSites, withSite } from './submit-site.ts'
import { type ItemKeeper, WorkItem } from './work-item.ts'
import type { WorkerLink } from './worker-link.ts'
import { WorkerRequests } from './worker-requests.ts'

export class Pool implements ItemKeeper, Stopper {
  readonly doorbell: Doorbell = new Doorbell()
  readonly encoder: CallEncoder
  readonly crew: Crew
  readonly #functions = new FunctionTable()
  readonly #queue = new CallQueue()
  readonly #receiver: Receiver
  readonly #poller: Poller
  readonly ledger: Ledger = new Ledger()
  /** What its workers ask of this thread. */
  readonly requests: WorkerRequests = new WorkerRequests()
  readonly #admission: Admission
  readonly #sites = new SubmitSites()
  /** A ring had no room for a call that waits. */
  #crowded = false
  #broken: BrokenPoolError | undefined
  #whenDone: (() => void)[] = []

  constructor(settings: PoolSettings, crew: (pool: Pool) => Crew) {
    this.encoder = new CallEncoder(settings.bytesOnly)
    this.#admission = new Admission(settings, () => this.ledger.owed)
    this.crew = crew(this)
    this.#receiver = new Receiver(this.crew, this.ledger, this)
    this.#poller = new Poller(this.doorbell, {
      collect: () => this.#collect(),
      hasResults: () => this.#receiver.hasResults(),
      maySpin: settings.maySpin,
      resting: () => this.#rest(),
      busy: () => this.ledger.owed > 0,
      unbalanced: () => this.crew.unbalanced || this.#crowded,
      crowded: () => this.#crowded,
    })
  }

  // ── calls in ──

  /**
   * Takes a call. `args`: its arguments, or the columns of a batch. `inLine`: it may wait however many do.
   * Throws ShutDownError and CannotSendError here; what becomes of the call later goes through its future.
   */
  submit(kind: number, fn: TaskFunction, args: readonly unknown[], options: CallOptions, inLine = false): WorkItem {
    this.#admission.assertOpen()
    if (this.#broken === undefined && this.crew.begin()) this.#poller.lookAgain()
    const item = new WorkItem(this, kind, fn, this.#functions.lookUp(fn), options)
    const refusal = this.#broken ?? (inLine ? undefined : this.#admission.refusal())
    if (refusal !== undefined) {
      item.future.setException(refusal)
      return item
    }
    this.ledger.enter(item)
    let given
    try {
      this.encoder.encode(item, args)
      item.site = this.#sites.next()
      if (dropIfOver(item, this)) return item
      watch(item, this)
      // With priorities, calls stay here until a worker is free: what lies in a ring cannot be overtaken.
      if (options.priority !== undefined) this.crew.window = 1
      given = this.#queue.length === 0 && this.#give(item, this.encoder.words, this.encoder.cells)
      // The encoder writes over it with the next call.
      if (!given || (options.retries ?? 0) > 0) this.encoder.keep(item)
    } catch (error) {
      this.#release(item)
      throw error
    }
    if (!given) this.#queue.push(item)
    this.#poller.start()
    return item
  }

  /** Resolves when a call more would not exceed `maxQueue`, or when the pool takes no more at all. */
  room(): Promise<void> {
    return this.#admission.room()
  }

  /** Gives waiting calls to workers that have room. */
  feed(): void {
    for (;;) {
      const item = this.#queue.peek()
      if (item === undefined) return
      // It is in the queue no more when it is settled.
      if (dropIfOver(item, this)) continue
      try {
        if (!this.#give(item, item.record!, item.record!.length >> 1)) return
      } catch (error) {
        this.reject(item, error)
      }
      this.#queue.shift()
      if (item.link !== undefined && (item.options.retries ?? 0) === 0) item.record = undefined
    }
  }

  /** A core has become free for one worker more. */
  spread(): void {
    this.feed()
    if (this.#queue.length === 0) shareOut(this)
  }

  /** Puts a call that was taken back, or whose worker ended before it started, in front of the others. */
  requeue(item: WorkItem, record: Int32Array): void {
    item.record = record
    item.link = undefined
    // A new name: its values may lie in the port of the very worker that it is given to again.
    item.serial = this.ledger.nextSerial()
    renew(record, item)
    this.#queue.pushFront(item)
  }

  // ── results out ──

  resolve(item: WorkItem, value: unknown): void {
    // A value that came too late would make `timeout` mean nothing for functions that never look at their signal.
    if (item.stopping !== undefined) {
      this.reject(item, item.stopping)
      return
    }
    this.#release(item)
    item.future.setResult(value)
  }

  reject(item: WorkItem, error: unknown): void {
    const stop = item.stopping
    // An error of its own that a function throws on the way out is not swallowed.
    const outcome = stop !== undefined && isOfStopping(error, stop) ? stop : error
    if (mayRetry(item)) {
      this.#retry(item)
      return
    }
    this.#release(item)
    if (outcome === stop && stop instanceof CancelledError) item.future.setCancelled(stop)
    // The error of a broken pool is the same for all its calls.
    else item.future.setException(outcome === this.#broken ? outcome : withSite(outcome, item.site))
  }

  /** Nothing can run any more: all calls fail, now and later. */
  break(error: BrokenPoolError): void {
    this.#broken ??= error
    for (const item of this.ledger.all()) this.reject(item, (item.stopping ??= this.#broken))
    for (const link of this.crew.links.slice()) link.stop(error)
    this.#admission.close()
  }

  // ── taking back, stopping ──

  withdraw(item: WorkItem): boolean {
    if (item.link !== undefined && !item.link.takeBack(item)) return false
    this.#release(item)
    return true
  }

  drop(item: WorkItem, error: CancelledError | TimeoutError): boolean {
    if (item.link !== undefined && !item.link.takeBack(item)) return false
    item.stopping = error
    this.reject(item, error)
    return true
  }

  ask(item: WorkItem, error: unknown): void {
    item.link?.cancel(item, error)
  }

  kill(item: WorkItem): void {
    if (item.slot >= 0) item.link?.stopFor(item, sayWhatGoesOn(item.stopping))
  }

  /** A worker's thread has ended, for whatever reason. */
  ended(link: WorkerLink, code: number, error: unknown): void {
    this.#receiver.readLast(link)
    const items = this.ledger.of(link)
    this.crew.remove(link)
    this.requests.ended(link)
    afterDeath(this, link, items, code, error)
    this.feed()
    this.#poller.lookAgain()
    this.#finishIfDone()
  }

  /** A worker has rung the doorbell. */
  wake(): void {
    this.#poller.wake()
  }

  // ── the end ──

  /** Takes no more calls. Resolves when those that there are have ended, and the workers with them. */
  shutdown(cancelFutures: boolean): Promise<void> {
    this.#admission.shutDown()
    if (cancelFutures) for (const item of this.ledger.all()) item.future.cancel()
    return new Promise(resolve => {
      this.#whenDone.push(resolve)
      // Whoever waits for the end has to hear of it.
      for (const link of this.crew.links) link.keepAlive(true)
      this.#finishIfDone()
    })
  }

  /** Blocks this thread until the item's future is done or the time is up. */
  block(item: WorkItem, timeout: number): void {
    this.#poller.takeOver()
    try {
      this.#receiver.blockUntil(item, this.doorbell, timeout, () => this.#collect())
    } finally {
      this.doorbell.sayBlockedFor(0)
      this.#poller.start()
    }
  }

  #collect(): number {
    const got = this.#receiver.collect()
    this.crew.look(got)
    this.#crowded = false
    this.feed()
    for (const link of this.crew.links) {
      if (link.outstanding === 0 && !link.closing && this.crew.rest(link)) shareOut(this)
    }
    return got
  }

  /** The loop may sleep now: whoever owes something keeps the program alive, and nobody else. */
  #rest(): void {
    this.#sites.replenish(this.ledger.owed)
    this.crew.look(0)
    for (const link of this.crew.links) {
      link.keepAlive(this.#whenDone.length > 0 || link.outstanding > 0)
      if (link.outstanding === 0) this.crew.giveToken(link)
    }
    this.crew.watchIdle()
    this.#finishIfDone()
  }

  #finishIfDone(): void {
    if (!this.#admission.isShutDown || this.ledger.owed > 0) return
    this.crew.dismiss()
    if (this.crew.links.length > 0) return
    for (const resolve of this.#whenDone.splice(0)) resolve()
  }

  #give(item: WorkItem, words: Int32Array, cells: number): boolean {
    const link = this.crew.choose(item.moves)
    if (link === undefined) return false
    try {
      this.#crowded = !link.give(item, words, cells)
      return !this.#crowded
    } catch (error) {
      throw error instanceof CannotSendError ? error : namedForCaller(cannotPost(error, 'call'), item)
    }
  }

  #retry(item: WorkItem): void {
    item.onAttemptEnded?.()
    item.stopping = undefined
    if (item.link !== undefined) item.link.outstanding--
    item.attempt++
    this.requeue(item, item.record!)
    this.feed()
  }

  #release(item: WorkItem): void {
    this.ledger.strike(item)
    item.record = undefined
    item.away = undefined
    item.onSettled?.()
    if (item.link !== undefined && --item.link.outstanding === 0) this.crew.settledAll(item.link)
    this.#admission.announce()
    // It may have been settled by a timer or an import while the poller slept: somebody has to let the program end.
    if (this.ledger.owed === 0) this.#poller.lookAgain()
    if (this.#admission.isShutDown) this.#finishIfDone()
  }
}
