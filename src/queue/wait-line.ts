/**
 * WaitLine: the tasks of this thread that wait for one thing, the one that asked first before the others.
 *
 * Who gives something takes the first out of the line and settles its promise at once. So what was given belongs to
 * that task before anybody else runs: a newcomer finds nothing, and a signal that aborts in the same turn comes too late
 * to lose it. (asyncio wakes its waiters to try again, and has to mend what goes wrong in between.)
 *
 * sync/wait-queue.ts does this for what threads share. Here nobody can come from outside, so there is nothing to try
 * and nothing to look for: a line is a list, linked both ways so that who gives up leaves its middle in one step.
 */
import { onInterruption } from '../limits/interruption.ts'
import { currentScope } from '../limits/scope.ts'

/** A task that waits, or the loop that reads for it. */
export class Waiter<Brings, Gets> {
  /** What it wants to put; undefined for those who want to get. */
  readonly item: Brings
  readonly resolve: (value: Gets) => void
  readonly reject: (reason: Error) => void
  next: Waiter<Brings, Gets> | undefined = undefined
  previous: Waiter<Brings, Gets> | undefined = undefined
  /** Takes back what would have ended the wait. */
  settle: () => void = nothing

  constructor(item: Brings, resolve: (value: Gets) => void, reject: (reason: Error) => void) {
    this.item = item
    this.resolve = resolve
    this.reject = reject
  }
}

export class WaitLine<Brings, Gets> {
  length = 0
  #first: Waiter<Brings, Gets> | undefined = undefined
  #last: Waiter<Brings, Gets> | undefined = undefined
  readonly #begins: () => void
  readonly #ends: () => void

  /** `begins` is called when the first one enters, `ends` when the last one has left. */
  constructor(begins: () => void = nothing, ends: () => void = nothing) {
    this.#begins = begins
    this.#ends = ends
  }

  /**
   * Waits at the end of the line, until it is taken out or until the time is up, the signal aborts, or the scope of the
   * caller is cancelled. `late` makes the error for a time that is up.
   */
  enter(
    waiter: Waiter<Brings, Gets>,
    timeout: number,
    signal: AbortSignal | undefined,
    late: (timeout: number) => Error,
  ): void {
    waiter.previous = this.#last
    if (this.#last === undefined) this.#first = waiter
    else this.#last.next = waiter
    this.#last = waiter
    if (++this.length === 1) this.#begins()
    if (timeout !== Infinity || signal !== undefined || currentScope() !== undefined) {
      this.#watch(waiter, timeout, signal, late)
    }
  }

  /** Takes out the one that waits longest. */
  shift(): Waiter<Brings, Gets> | undefined {
    const waiter = this.#first
    if (waiter !== undefined) this.leave(waiter)
    return waiter
  }

  /** Takes out one that waits. */
  leave(waiter: Waiter<Brings, Gets>): void {
    if (waiter.previous === undefined) this.#first = waiter.next
    else waiter.previous.next = waiter.next
    if (waiter.next === undefined) this.#last = waiter.previous
    else waiter.next.previous = waiter.previous
    if (--this.length === 0) this.#ends()
    waiter.settle()
  }

  /** Ends all the waits, each with an error of its own. */
  fail(reason: () => Error): void {
    for (let waiter = this.shift(); waiter !== undefined; waiter = this.shift()) waiter.reject(reason())
  }

  /** Apart from `enter`, which most pass without making the closures. */
  #watch(
    waiter: Waiter<Brings, Gets>,
    timeout: number,
    signal: AbortSignal | undefined,
    late: (timeout: number) => Error,
  ): void {
    const stop = (reason: unknown): void => {
      this.leave(waiter)
      // Mostly an error; a signal can be aborted with anything.
      waiter.reject(reason as Error)
    }
    waiter.settle = onInterruption(timeout, signal, () => stop(late(timeout)), stop)
  }
}

/** Whether the scope of the caller is cancelled: then nothing may be begun. */
export function isCancelled(): boolean {
  return currentScope()?.reason !== undefined
}

function nothing(): void {}
