/**
 * Times that users give, in milliseconds.
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
