/**
 * The workers of a pool: which of them gets the next call, when one is started, when one may go.
 *
 * An idle worker comes first, the one with the lowest number, so that few stay warm. Then a new one, while the pool and
 * the process's CPU budget allow. Then the worker with the fewest calls, which it runs one after the other.
 */
import { cpuBudget } from './cpu-budget.ts'
import { GRACE } from '../futures/options.ts'
import { alarm } from '../limits/clock.ts'
import { nextTurn } from '../platform/turns.ts'
import type { StartedWorker } from './worker-kind.ts'
import { WINDOW, WorkerLink } from './worker-link.ts'

/** Turns of the parent's loop for which a worker without calls still counts as in use. */
const TURNS_IN_USE = 4

/** Results read at once from which on it can be told whether the workers keep up. */
const BURST = 16

/** Milliseconds for which none is started after one could not be, as long as others work. */
const PAUSE = 200

export interface CrewOptions {
  readonly name: string
  readonly maxWorkers: number
  readonly minWorkers: number
  readonly maxTasksPerWorker: number
  readonly idleTimeout: number
  /** Whether the size was left to the library, which then shares the cores among all such pools. */
  readonly budgeted: boolean
  /** Whether the first worker is started before it is known that there is a call for it. */
  readonly startsEarly: boolean
  /** Starts the thread of a worker. Throws if there can be none. */
  readonly start: (name: string, link: () => WorkerLink) => StartedWorker
  /** Called when a token of the budget may be free. */
  readonly retry: () => void
}

function isFree({ outstanding, closing }: WorkerLink): boolean {
  return outstanding === 0 && !closing
}

export class Crew {
  readonly links: WorkerLink[] = []
  /**
   * The workers answer faster than this thread can ask. Then those that sleep are left asleep as long as another keeps
   * up: to wake a thread costs this one as much as some calls.
   */
  concentrated = false
  /** The most calls that one worker is given ahead. */
  window: number = WINDOW
  readonly #options: CrewOptions
  #started = 0
  #pausedUntil = 0
  #stopLooking: (() => void) | undefined

  constructor(options: CrewOptions) {
    this.#options = options
  }

  /**
   * The worker for the next call; undefined if all have enough. Throws if there is none and none can be started.
   * `first`: the call must not wait behind another in its worker.
   */
  choose(first: boolean): WorkerLink | undefined {
    let best: WorkerLink | undefined
    let working = 0
    for (const link of this.links) {
      if (link.closing) continue
      working++
      if (this.#isUsedUp(link) || link.outstanding >= this.window) continue
      if (link.outstanding === 0) {
        if (best !== undefined && this.concentrated) continue
        if (this.#takeToken(link)) return link
      } else if (!first && (best === undefined || link.outstanding < best.outstanding)) {
        best = link
      }
    }
    const mayStart = working < this.#options.maxWorkers && (working === 0 || performance.now() >= this.#pausedUntil)
    if (mayStart && (!this.#options.budgeted || cpuBudget.take(this.#options.retry))) {
      return this.#startOne(best)
    }
    return best
  }

  /**
   * Starts a worker if there is none, and returns whether. It comes up while its first call is looked at, which takes half
   * as long. If that turns out to be none, it rests.
   */
  begin(): boolean {
    return this.#options.startsEarly && this.links.length === 0 && this.choose(false) !== undefined
  }

  /** Whether a worker is free while calls wait behind another. */
  get unbalanced(): boolean {
    return (
      !this.concentrated &&
      this.links.some(isFree) &&
      this.links.some(({ outstanding, ready }) => outstanding > (ready ? 1 : 0))
    )
  }

  /**
   * Looks how the workers keep up, now that `got` results have been read; 0 if this thread is about to sleep. When that
   * ends a concentration, nobody has to wait behind a long call while a worker is free.
   */
  look(got: number): void {
    const before = this.concentrated
    let left = 0
    for (const { outstanding } of this.links) left += outstanding
    this.concentrated = got >= BURST && left * 4 <= got
    if (before && this.unbalanced) nextTurn(this.#options.retry)
  }

  /** Workers that have calls, or had some a few turns ago. */
  get inUse(): number {
    let count = 0
    for (const link of this.links) if (link.outstanding > 0 || link.idleTurns < TURNS_IN_USE) count++
    return count
  }

  /** A worker has no calls in this turn. Returns whether it has had none for exactly one whole turn now. */
  rest(link: WorkerLink): boolean {
    if (++link.idleTurns !== 2) return false
    this.giveToken(link)
    return true
  }

  /** The worker's core is free for another pool. */
  giveToken(link: WorkerLink): void {
    if (!link.holdsToken) return
    link.holdsToken = false
    cpuBudget.give()
  }

  /** A worker has settled its last call: it goes if it has run as many as it may. */
  settledAll(link: WorkerLink): void {
    link.idleTurns = 0
    if (this.#isUsedUp(link)) this.retire(link)
  }

  /** Whether the worker gets no more calls, and goes when those that it has are settled. */
  #isUsedUp(link: WorkerLink): boolean {
    return link.usedUp || link.given >= this.#options.maxTasksPerWorker
  }

  /**
   * A worker could not be started, or never got ready, and others work. What it lacked may be there again later; until
   * then nobody may try without a rest.
   */
  pause(): void {
    this.#pausedUntil = performance.now() + PAUSE
    // Those that work may take long, and others wait.
    const timer = setTimeout(this.#options.retry, PAUSE)
    if (typeof timer === 'object') timer.unref()
  }

  /** Asks a worker to end, and stops it if it does not. */
  retire(link: WorkerLink): void {
    if (link.closing) return
    link.retire()
    const cancel = alarm(GRACE, () => link.stop(undefined))
    link.ended.push(cancel)
  }

  /** A worker's thread has ended. */
  remove(link: WorkerLink): void {
    const at = this.links.indexOf(link)
    if (at >= 0) this.links.splice(at, 1)
    this.giveToken(link)
    for (const f of link.ended) f()
    link.connection.close()
  }

  /** Lets workers go that have been idle for too long; looks again as long as there are any. */
  watchIdle(): void {
    const { idleTimeout, minWorkers } = this.#options
    if (idleTimeout === Infinity || this.#stopLooking !== undefined) return
    const now = performance.now()
    for (const link of this.links) if (link.outstanding === 0 && link.idleSince === 0) link.idleSince = now
    const timer = setTimeout(() => {
      this.#stopLooking = undefined
      const late = performance.now() - idleTimeout
      let kept = this.links.filter(link => !link.closing).length
      for (const link of this.links.toReversed()) {
        if (link.outstanding > 0) link.idleSince = 0
        else if (kept > minWorkers && link.idleSince !== 0 && link.idleSince <= late) {
          kept--
          this.retire(link)
        }
      }
      if (kept > minWorkers) this.watchIdle()
    }, idleTimeout)
    timer.unref()
    this.#stopLooking = () => clearTimeout(timer)
  }

  /** All workers may go. */
  dismiss(): void {
    this.#stopLooking?.()
    // Deno says that a thread has ended while it is being ended.
    for (const link of this.links.slice()) this.retire(link)
  }

  #takeToken(link: WorkerLink): boolean {
    if (this.#options.budgeted && !link.holdsToken) {
      if (!cpuBudget.take(this.#options.retry)) return false
      link.holdsToken = true
    }
    link.idleTurns = 0
    link.idleSince = 0
    return true
  }

  /** Starts a worker. If the system gives no more threads, `fallback` has to do. */
  #startOne(fallback: WorkerLink | undefined): WorkerLink | undefined {
    const name = `${this.#options.name}-${this.#started}`
    let link: WorkerLink | undefined
    try {
      const { connection, handle } = this.#options.start(name, () => link!)
      link = new WorkerLink(name, connection, handle)
    } catch (error) {
      if (this.#options.budgeted) cpuBudget.give()
      if (fallback === undefined && this.links.length === 0) throw error
      this.pause()
      return fallback
    }
    this.#started++
    link.holdsToken = this.#options.budgeted
    this.links.push(link)
    return link
  }
}
