/**
 * The order of things that have one, as Python's `<` finds it: numbers, strings, dates, and arrays as Python's tuples.
 *
 * What has none is an error. JavaScript's own `<` would compare anything with anything, by way of strings, and a queue
 * sorted by that is sorted by nothing.
 */
import { describe } from '../options/describe.ts'

/**
 * Below 0, 0 or above 0. Numbers and bigints compare by value, strings by their UTF-16 code units, dates by time, arrays
 * by the first elements that differ, or else by length. Throws TypeError and RangeError for what has no order.
 */
export function naturalOrder(a: unknown, b: unknown): number {
  if (isNumeric(a) && isNumeric(b)) return orderOf(ordered(a), ordered(b))
  if (typeof a === 'string' && typeof b === 'string') return orderOf(a, b)
  if (Array.isArray(a) && Array.isArray(b)) return orderOfArrays(a, b)
  if (a instanceof Date && b instanceof Date) return orderOf(timeOf(a), timeOf(b))
  throw new TypeError(`cannot compare ${describe(a)} with ${describe(b)} without a compare function`)
}

function orderOfArrays(a: readonly unknown[], b: readonly unknown[]): number {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index++) {
    // What is the same needs no order, so that [priority, job] may hold any job; as in Python.
    if (a[index] === b[index]) continue
    const order = naturalOrder(a[index], b[index])
    if (order !== 0) return order
  }
  return a.length - b.length
}

function orderOf<T extends string | number | bigint>(a: T, b: T): number {
  if (a < b) return -1
  return a > b ? 1 : 0
}

function isNumeric(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint'
}

function ordered(value: number | bigint): number | bigint {
  if (Number.isNaN(value)) throw new RangeError('NaN has no place in an order')
  return value
}

function timeOf(date: Date): number {
  const time = date.getTime()
  if (Number.isNaN(time)) throw new RangeError('an invalid Date has no place in an order')
  return time
}
