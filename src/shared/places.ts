/** Places in arrays, which are counted from 0, or from the end if they are negative, as `at` of an Array does. */
import { describe } from '../options/describe.ts'

/** The place of one item. Throws RangeError if there is none. */
export function placeOf(index: number, length: number): number {
  const place = index < 0 ? index + length : index
  if (place >= 0 && place < length && Number.isInteger(place)) return place
  throw new RangeError(`there is no item ${describe(index)} among ${length}`)
}

/** The place where a part of an array begins or ends; beyond its ends, that is its end. */
export function boundOf(index: number, length: number): number {
  const place = Math.trunc(index) || 0
  return place < 0 ? Math.max(0, place + length) : Math.min(place, length)
}

/** Throws TypeError or RangeError if an array cannot be so long. */
function checkLength(length: unknown, owner: string): void {
  if (typeof length !== 'number')
    throw new TypeError(`a ${owner} is made from a length or from values, not ${describe(length)}`)
  if (!Number.isSafeInteger(length) || length < 0) {
    throw new RangeError(`the length of a ${owner} must be a whole number from 0, not ${length}`)
  }
}

/** The values that an array is made from, or undefined if it is made from a length. Throws for anything else. */
export function valuesOf<V>(lengthOrValues: number | Iterable<V>, owner: string): V[] | undefined {
  if (typeof lengthOrValues === 'object' && lengthOrValues !== null && Symbol.iterator in lengthOrValues) {
    return [...lengthOrValues]
  }
  checkLength(lengthOrValues, owner)
  return undefined
}
