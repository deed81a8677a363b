/**
 * Steps: an algorithm that waits more than once, written once, and driven in one of two ways.
 *
 * It is a generator that yields each of its waits, and is resumed with what the wait came to, or with the error that
 * ended it. `awaitSteps` awaits each on the event loop, `blockSteps` blocks the thread. The caller's time limit is one
 * deadline for all of them. A step of which `late` is undefined is one that nothing may end: how a condition takes its
 * lock again, also when the task that waits has been cancelled.
 */
import { throwIfInterrupted } from '../limits/interruption.ts'
import { now } from '../limits/clock.ts'
import { type BlockOptions, checkBlock, checkWait, type WaitOptions } from './options.ts'
import { type Attempt, FIRM, type Late, type WaitQueue } from './wait-queue.ts'

/** One wait. */
export interface Step<T> {
  readonly queue: WaitQueue
  readonly attempt: Attempt<T>
  /** What it comes to when the time is up. It is given the whole time that the caller had. */
  readonly late: Late<T> | undefined
  /** The identity of the thread that has what is waited for, or 0. */
  readonly holder: () => number
}

export type Steps<T> = Generator<Step<unknown>, T, unknown>

/** A wait as a part of steps: `yield* step({ … })` is what it came to. */
export function* step<T>(wait: Step<T>): Steps<T> {
  return (yield wait) as T
}

/** Runs steps, awaiting at each. They begin at once. Rejects with what they throw. */
export async function awaitSteps<T>(steps: Steps<T>, options: WaitOptions = {}): Promise<T> {
  const { timeout } = checkWait(options)
  const { signal } = options
  throwIfInterrupted(signal)
  const deadline = now() + timeout
  let next = steps.next()
  while (next.done !== true) {
    const { queue, attempt, late } = next.value
    let outcome: unknown
    try {
      if (late === undefined) outcome = await queue.wait(attempt, FIRM, neverLate)
      else outcome = await queue.wait(attempt, { timeout: Math.max(0, deadline - now()), signal }, () => late(timeout))
    } catch (error) {
      next = steps.throw(error)
      continue
    }
    next = steps.next(outcome)
  }
  return next.value
}

/** Runs steps, blocking this thread at each. Throws what they throw. */
export function blockSteps<T>(steps: Steps<T>, options: BlockOptions = {}): T {
  const { timeout } = checkBlock(options)
  const deadline = now() + timeout
  let next = steps.next()
  while (next.done !== true) {
    const { queue, attempt, late, holder } = next.value
    let outcome: unknown
    try {
      if (late === undefined) outcome = queue.block(attempt, undefined, neverLate, holder)
      else outcome = queue.block(attempt, { timeout: Math.max(0, deadline - now()) }, () => late(timeout), holder)
    } catch (error) {
      next = steps.throw(error)
      continue
    }
    next = steps.next(outcome)
  }
  return next.value
}

function neverLate(): never {
  throw new Error('a wait without a time limit was late. This is a bug in multitask.')
}
