/**
 * The format of small values in ring records.
 *
 * Each value begins with a cell of two words: the tag in the low byte of the first, above it the number of the key if
 * the value is a property; the second word holds a small number (the integer itself, a length, a count).
 */
export const INT = 1
export const DOUBLE = 2
export const FALSE = 3
export const TRUE = 4
export const UNDEFINED = 5
export const NULL = 6
/** Characters below 256, one byte each. */
export const LATIN1 = 7
/** Any characters, two bytes each; lone surrogates stay what they are. */
export const UTF16 = 8
/** An array of numbers, one double each. */
export const NUMBERS = 9
export const ARRAY = 10
export const OBJECT = 11
export const DATE = 12
/** The second word is the index in `VIEW_TYPES`; a cell with the length in bytes follows, then the bytes. */
export const VIEW = 13

export const KEY_SHIFT = 8
/** Keys beyond this many are not numbered: an object used as a dictionary goes by the port. */
export const MOST_KEYS = 4096

/** Longer strings, arrays and views are quicker by native clone. */
export const LONGEST_STRING = 8192
export const LONGEST_VIEW = 16384
/** Objects in one value, beyond which looking for shared references pairwise costs too much. */
export const MOST_OBJECTS = 16

/** What all types of views have, but for DataView. */
export interface View extends ArrayBufferView {
  readonly BYTES_PER_ELEMENT: number
  readonly length: number
  /** A copy of some elements, in memory of its own. */
  slice(start: number, end: number): View
  set(view: ArrayLike<unknown>, at: number): void
}

type ViewType = new (buffer: ArrayBufferLike) => View

export const VIEW_TYPES: readonly ViewType[] = [
  Uint8Array,
  Int8Array,
  Uint8ClampedArray,
  Uint16Array,
  Int16Array,
  Uint32Array,
  Int32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
]
