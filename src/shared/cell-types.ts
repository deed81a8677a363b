/**
 * The types of the cells of shared data: their names, which are those of WebAssembly and of Rust, their sizes, and the
 * values that they take.
 *
 * Typed arrays, and Python's ctypes, change a value that does not fit into one that does: 300 becomes 44 in a byte, NaN
 * becomes 0. Here it is refused where it is set. The check costs nothing that can be measured beside the access itself.
 */
import { describe } from '../options/describe.ts'

interface CellValues {
  i8: number
  u8: number
  i16: number
  u16: number
  i32: number
  u32: number
  i64: bigint
  u64: bigint
  f32: number
  f64: number
  bool: boolean
}

/** What a cell can hold: whole numbers by sign and bits, floating-point numbers, truth. */
export type CellType = keyof CellValues

/** What is read from a cell of a type: bigint for the two of 64 bits, boolean for `bool`, else a number. */
export type CellValue<T extends CellType> = CellValues[T]

/** What can be added to a cell: nothing to a `bool`. */
export type Addend<T extends CellType> = T extends 'bool' ? never : CellValue<T>

/** What can be combined with the bits of a cell: nothing with those of a floating-point number. */
export type Mask<T extends CellType> = T extends 'f32' | 'f64' ? never : CellValue<T>

interface CellViews {
  i8: Int8Array<SharedArrayBuffer>
  u8: Uint8Array<SharedArrayBuffer>
  i16: Int16Array<SharedArrayBuffer>
  u16: Uint16Array<SharedArrayBuffer>
  i32: Int32Array<SharedArrayBuffer>
  u32: Uint32Array<SharedArrayBuffer>
  i64: BigInt64Array<SharedArrayBuffer>
  u64: BigUint64Array<SharedArrayBuffer>
  f32: Float32Array<SharedArrayBuffer>
  f64: Float64Array<SharedArrayBuffer>
  bool: Uint8Array<SharedArrayBuffer>
}

/** The typed array over cells of a type. A `bool` is a byte, 0 or 1. */
export type CellView<T extends CellType> = CellViews[T]

/** In bytes. */
export const sizes: Readonly<Record<CellType, 1 | 2 | 4 | 8>> = {
  i8: 1,
  u8: 1,
  i16: 2,
  u16: 2,
  i32: 4,
  u32: 4,
  i64: 8,
  u64: 8,
  f32: 4,
  f64: 8,
  bool: 1,
}

const limits = {
  i8: [-0x80, 0x7f],
  u8: [0, 0xff],
  i16: [-0x8000, 0x7fff],
  u16: [0, 0xffff],
  i32: [-0x8000_0000, 0x7fff_ffff],
  u32: [0, 0xffff_ffff],
} as const

const bigLimits = {
  i64: [-0x8000_0000_0000_0000n, 0x7fff_ffff_ffff_ffffn],
  u64: [0n, 0xffff_ffff_ffff_ffffn],
} as const

export function isCellType(type: unknown): type is CellType {
  return typeof type === 'string' && Object.hasOwn(sizes, type)
}

/** Throws TypeError. `what` the type is for, such as `a SharedValue`. */
export function checkCellType(type: unknown, what: string): void {
  if (isCellType(type)) return
  throw new TypeError(`the type of ${what} must be one of ${Object.keys(sizes).join(', ')}, not ${describe(type)}`)
}

/** Throws TypeError or RangeError if cells of the type do not take the value. `where`: which of several, for the sentence. */
export function checkValue(type: CellType, value: unknown, where?: string): void {
  if (!fits(type, value)) refuse(type, value, where)
}

/** By the cheapest test for each type; -0 is a whole number. */
function fits(type: CellType, value: unknown): boolean {
  if (type === 'bool') return typeof value === 'boolean'
  if (typeof value === 'number') return numberFits(type, value)
  if (typeof value !== 'bigint') return false
  return (
    (type === 'i64' && BigInt.asIntN(64, value) === value) || (type === 'u64' && BigInt.asUintN(64, value) === value)
  )
}

function numberFits(type: CellType, value: number): boolean {
  switch (type) {
    case 'i8':
      return (value << 24) >> 24 === value
    case 'u8':
      return (value & 0xff) === value
    case 'i16':
      return (value << 16) >> 16 === value
    case 'u16':
      return (value & 0xffff) === value
    case 'i32':
      return (value | 0) === value
    case 'u32':
      return value >>> 0 === value
    default:
      return type === 'f32' || type === 'f64'
  }
}

/** Says why a cell of the type does not take the value. */
export function refuse(type: CellType, value: unknown, where?: string): never {
  const big = type === 'i64' || type === 'u64'
  const wanted = type === 'bool' ? 'boolean' : big ? 'bigint' : 'number'
  const what = `${where === undefined ? '' : `${where}: `}${type.startsWith('u') || type === 'bool' ? 'a' : 'an'} ${type}`
  if (typeof value !== wanted) throw new TypeError(`${what} must be a ${wanted}, not ${describe(value)}`)
  const [least, most] = big ? bigLimits[type] : limits[type as keyof typeof limits]
  const whole = big ? 'a bigint' : 'a whole number'
  throw new RangeError(`${what} must be ${whole} from ${least} to ${most}, not ${describe(value)}`)
}
