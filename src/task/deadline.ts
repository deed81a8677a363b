/** The moment at which a scope is cancelled, if it is still open then. */
import { InvalidStateError } from '../errors.ts'
import { alarm, now } from '../limits/clock.ts'
import { type CancelScope, labelOf } from './cancel-scope.ts'
import { cancellation } from './cancellation.ts'

export class Deadline {
  /** By the clock of the library. */
  at: number = Infinity
  /** The same as from `Date.now()`. */
  date: number = Infinity
  /** How many ms there were, when it was set last. */
  limit: number = 0
  /** Why the scope was cancelled, if it was because of this deadline. */
  reason: unknown = undefined
  readonly #scope: CancelScope
  #expired = false
  #silence: () => void = nothing

  /** `left`: ms from now. */
  constructor(scope: CancelScope, left: number, date: number = Date.now() + left) {
    this.#scope = scope
    scope.deadline = this
    this.#arm(left, date)
  }

  /** Whether it has passed while the scope was open, whatever came of that. */
  get expired(): boolean {
    if (!this.#scope.closed && now() >= this.at) this.#expired = true
    return this.#expired
  }

  /** Puts it off, or forward. Throws InvalidStateError if it has passed, or the scope is over. */
  move(left: number, date: number = Date.now() + left): void {
    const { closed, reason, work } = this.#scope
    if (closed || reason !== undefined) {
      const state = closed ? 'is over' : this.expired ? 'has expired' : 'is cancelled'
      throw new InvalidStateError(`cannot reschedule the ${labelOf(work)}: it ${state}`)
    }
    this.#expired = false
    this.#silence()
    this.#arm(left, date)
  }

  /** The scope is about to close. */
  stop(): void {
    void this.expired
    this.#silence()
  }

  /** Looks at the clock itself, for work that keeps the alarms from ringing. */
  look(): void {
    if (now() >= this.at) this.#ring()
  }

  #arm(left: number, date: number): void {
    this.limit = Math.round(left)
    this.at = now() + left
    this.date = date
    // With no time at all not even the first wait may begin, so the alarm would come too late.
    if (left <= 0) this.#ring()
    else this.#silence = alarm(left, () => this.#ring())
  }

  /**
   * When two scopes are late at once it is the outer one that is: the inner one lets it through. Its alarm may come
   * second, in the same millisecond.
   */
  #ring(): void {
    const late = deadlinesFrom(this.#scope).filter(({ at }) => at <= Math.max(now(), this.at))
    for (const deadline of late) deadline.#expired = true
    const outermost = late.at(-1)
    if (outermost !== undefined) outermost.#cancel()
  }

  #cancel(): void {
    if (this.#scope.reason !== undefined) return
    this.reason = cancellation(`the time of the ${labelOf(this.#scope.work)} is up`, 'timeout')
    this.#scope.cancel(this.reason)
  }
}

/** The nearest deadline that cancels the scope, as from `Date.now()`; Infinity if there is none. */
export function nearestDate(scope: CancelScope): number {
  return Math.min(...deadlinesFrom(scope).map(({ date }) => date))
}

/** Cancels the scope if it, or one around it, is late. It is called in hot loops. */
export function lookAtClock(scope: CancelScope): void {
  let each: CancelScope | undefined = scope
  for (; each !== undefined; each = each.shielded ? undefined : each.parent) each.deadline?.look()
}

/** The deadlines that cancel the scope, from its own to the outermost. */
function deadlinesFrom(scope: CancelScope): Deadline[] {
  const deadlines: Deadline[] = []
  let each: CancelScope | undefined = scope
  for (; each !== undefined; each = each.shielded ? undefined : each.parent) {
    if (each.deadline !== undefined && !each.closed) deadlines.push(each.deadline)
  }
  return deadlines
}

function nothing(): void {}
