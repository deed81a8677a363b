/**
 * The atomics of views other than Int32Array, behind the hook of atomics.ts: for shared data, whose cells are as large as
 * its user wants them.
 *
 * Atomics know whole numbers only. What stands in a cell is called its bits here: a bigint for cells of 8 bytes, else a
 * number. Which of the two it is, is known to whoever made the view.
 */
import { type Bits, hook, type TypedArray } from './atomics.ts'

export type { Bits } from './atomics.ts'

/** Views whose cells can be changed atomically. */
export type BitsArray = Exclude<TypedArray, Float32Array | Float64Array>

export function loadBits(cells: BitsArray, index: number): Bits {
  if (hook !== undefined) return hook.perform('load', cells, index)
  return Atomics.load(cells as Int32Array, index)
}

export function storeBits(cells: BitsArray, index: number, value: Bits): void {
  if (hook !== undefined) hook.perform('store', cells, index, value)
  else Atomics.store(cells as Int32Array, index, value as number)
}

export function exchangeBits(cells: BitsArray, index: number, value: Bits): Bits {
  if (hook !== undefined) return hook.perform('exchange', cells, index, value)
  return Atomics.exchange(cells as Int32Array, index, value as number)
}

/** Returns the bits that were there; the exchange happened if those are `expected`. */
export function compareExchangeBits(cells: BitsArray, index: number, expected: Bits, value: Bits): Bits {
  if (hook !== undefined) return hook.perform('compareExchange', cells, index, expected, value)
  return Atomics.compareExchange(cells as Int32Array, index, expected as number, value as number)
}

/** Adds, round the circle if need be, and returns what was there. */
export function addBits(cells: BitsArray, index: number, value: Bits): Bits {
  if (hook !== undefined) return hook.perform('add', cells, index, value)
  return Atomics.add(cells as Int32Array, index, value as number)
}

/** Subtracts, round the circle if need be, and returns what was there. */
export function subBits(cells: BitsArray, index: number, value: Bits): Bits {
  if (hook !== undefined) return hook.perform('sub', cells, index, value)
  return Atomics.sub(cells as Int32Array, index, value as number)
}

export function andBits(cells: BitsArray, index: number, value: Bits): Bits {
  if (hook !== undefined) return hook.perform('and', cells, index, value)
  return Atomics.and(cells as Int32Array, index, value as number)
}

export function orBits(cells: BitsArray, index: number, value: Bits): Bits {
  if (hook !== undefined) return hook.perform('or', cells, index, value)
  return Atomics.or(cells as Int32Array, index, value as number)
}

export function xorBits(cells: BitsArray, index: number, value: Bits): Bits {
  if (hook !== undefined) return hook.perform('xor', cells, index, value)
  return Atomics.xor(cells as Int32Array, index, value as number)
}
