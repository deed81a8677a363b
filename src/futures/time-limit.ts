/**
 * Times that users give, in milliseconds, and timers that keep to them.
 *
 * There is one rule: missing or Infinity waits for ever, 0 polls, negative or NaN is a RangeError.
 */
import { describe } from './describe.ts'

/** The time limit as a number, Infinity for none. Throws TypeError and RangeError with the name and the value. */
export function checkTimeout(value: unknown, name: string = 'timeout'): number {
  if (value === undefined) return Infinity
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number of milliseconds, not ${describe(value)}`)
  // NaN fails every comparison, so it is refused here too.
  if (!(value >= 0)) throw new RangeError(`${name} must be 0 or more milliseconds, not ${value}`)
  return value
}

/** A timer longer than this fires at once, on every runtime. */
const LONGEST_TIMER = 0x7fffffff

/** Calls `ring` in `milliseconds`, never if that is Infinity. Returns what takes it back. */
export function alarm(milliseconds: number, ring: () => void): () => void {
  if (milliseconds === Infinity) return nothing
  let timer: ReturnType<typeof setTimeout>
  const arm = (left: number): void => {
    timer =
      left > LONGEST_TIMER
        ? setTimeout(() => arm(left - LONGEST_TIMER), LONGEST_TIMER)
        : setTimeout(ring, Math.max(0, left))
  }
  arm(milliseconds)
  return () => clearTimeout(timer)
}

function nothing(): void {}
