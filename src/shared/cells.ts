/**
 * Cells of one type in shared memory: plain and atomic access by index.
 *
 * Atomics know whole numbers only. A floating-point number is changed atomically through the whole number that has the
 * same bits: load, compute, and exchange if nobody was faster, else once more (as std::atomic<double> does it). Nobody
 * waits for anybody in that loop: who has to go round again does so because another one has come through.
 *
 * Indexes are not checked here.
 */
import { hook, type TypedArray } from '../memory/atomics.ts'
import {
  addBits,
  andBits,
  type Bits,
  type BitsArray,
  compareExchangeBits,
  exchangeBits,
  loadBits,
  orBits,
  storeBits,
  subBits,
  xorBits,
} from '../memory/typed-atomics.ts'
import { type CellType, type CellValue, type CellView, checkValue } from './cell-types.ts'

/** How a value is told by the bits of a whole number of its size. */
interface Format {
  readonly bits: 'u8' | 'i32' | 'i64'
  encode(value: never): Bits
  decode(bits: Bits): unknown
}

const single = new Float32Array(1)
const singleBits = new Int32Array(single.buffer)
const double = new Float64Array(1)
const doubleBits = new BigInt64Array(double.buffer)

const formats: Partial<Record<CellType, Format>> = {
  bool: { bits: 'u8', encode: (value: boolean) => (value ? 1 : 0), decode: bits => bits !== 0 },
  f32: {
    bits: 'i32',
    encode(value: number) {
      single[0] = value
      return singleBits[0]!
    },
    decode(bits) {
      singleBits[0] = bits as number
      return single[0]
    },
  },
  f64: {
    bits: 'i64',
    encode(value: number) {
      double[0] = value
      return doubleBits[0]!
    },
    decode(bits) {
      doubleBits[0] = bits as bigint
      return double[0]
    },
  },
}

/** What can be done with cells, wherever their memory is. */
export type CellAccess<T extends CellType> = Pick<Cells<T>, keyof Cells<T>>

export class Cells<T extends CellType> {
  readonly type: T
  readonly view: CellView<T>
  readonly #bits: BitsArray
  /** Undefined where the value is its own bits. */
  readonly #format: Format | undefined
  readonly #isFloat: boolean

  /** `viewOf` makes, or has, the typed array over the same memory. */
  constructor(type: T, viewOf: (type: Exclude<CellType, 'bool'>) => CellView<CellType>) {
    this.type = type
    this.#format = formats[type]
    this.view = viewOf(type === 'bool' ? 'u8' : type) as CellView<T>
    this.#bits = (this.#format === undefined ? this.view : viewOf(this.#format.bits)) as BitsArray
    this.#isFloat = type === 'f32' || type === 'f64'
  }

  read(index: number): CellValue<T> {
    const { view } = this
    if (hook !== undefined) {
      const found = hook.perform('read', view, index)
      return (this.type === 'bool' ? found !== 0 : found) as CellValue<T>
    }
    return readCell(this.type, view, index) as CellValue<T>
  }

  write(index: number, value: CellValue<T>): void {
    const { view } = this
    checkValue(this.type, value)
    if (hook !== undefined) hook.perform('write', view, index, bitsOf(value))
    else writeCell(this.type, view, index, value)
  }

  /** Reads all cells from `start` up to `end`. */
  slice(start: number, end: number): CellValue<T>[] {
    const values: CellValue<T>[] = []
    for (let index = start; index < end; index++) values.push(this.read(index))
    return values
  }

  /** Writes all cells from `start` up to `end`. */
  fill(value: CellValue<T>, start: number, end: number): void {
    const { type, view } = this
    checkValue(type, value)
    if (hook !== undefined) {
      for (let index = start; index < end; index++) hook.perform('write', view, index, bitsOf(value))
      return
    }
    // As different as views are, their `fill` takes what they hold.
    ;(view as Uint8Array).fill((type === 'bool' ? Number(value) : value) as number, start, end)
  }

  load(index: number): CellValue<T> {
    return this.#decode(loadBits(this.#bits, index))
  }

  store(index: number, value: CellValue<T>): void {
    storeBits(this.#bits, index, this.#encode(value))
  }

  exchange(index: number, value: CellValue<T>): CellValue<T> {
    return this.#decode(exchangeBits(this.#bits, index, this.#encode(value)))
  }

  compareExchange(index: number, expected: CellValue<T>, value: CellValue<T>): CellValue<T> {
    const before = this.#encode(expected)
    const after = this.#encode(value)
    if (!this.#isFloat) return this.#decode(compareExchangeBits(this.#bits, index, before, after))
    for (;;) {
      const bits = loadBits(this.#bits, index)
      const found = this.#decode(bits)
      // There are two zeros and many NaNs: numbers are compared, not bits.
      if (found !== expected && !(Number.isNaN(found) && Number.isNaN(expected))) return found
      if (compareExchangeBits(this.#bits, index, bits, after) === bits) return found
    }
  }

  /** Adds and returns what was there. Whole numbers go round the circle, as those of the machine do. */
  add(index: number, value: CellValue<T>): CellValue<T> {
    const bits = this.#addend(value)
    if (this.#isFloat) return this.#replace(index, found => (found as number) + (value as number))
    return this.#decode(addBits(this.#bits, index, bits))
  }

  sub(index: number, value: CellValue<T>): CellValue<T> {
    const bits = this.#addend(value)
    if (this.#isFloat) return this.#replace(index, found => (found as number) - (value as number))
    return this.#decode(subBits(this.#bits, index, bits))
  }

  and(index: number, value: CellValue<T>): CellValue<T> {
    return this.#decode(andBits(this.#bits, index, this.#mask(value)))
  }

  or(index: number, value: CellValue<T>): CellValue<T> {
    return this.#decode(orBits(this.#bits, index, this.#mask(value)))
  }

  xor(index: number, value: CellValue<T>): CellValue<T> {
    return this.#decode(xorBits(this.#bits, index, this.#mask(value)))
  }

  /** Replaces the value by what `f` makes of it, and returns that. */
  update(index: number, f: (value: CellValue<T>) => CellValue<T>): CellValue<T> {
    for (;;) {
      const bits = loadBits(this.#bits, index)
      const value = f(this.#decode(bits))
      if (compareExchangeBits(this.#bits, index, bits, this.#encode(value)) === bits) return value
    }
  }

  /** As `update`, for `f` of our own; returns what was there. */
  #replace(index: number, f: (value: CellValue<T>) => number): CellValue<T> {
    for (;;) {
      const bits = loadBits(this.#bits, index)
      const found = this.#decode(bits)
      if (compareExchangeBits(this.#bits, index, bits, this.#encode(f(found) as CellValue<T>)) === bits) return found
    }
  }

  #addend(value: CellValue<T>): Bits {
    if (this.type === 'bool') throw new TypeError('a bool is not added to: set it with exchange() or store()')
    return this.#encode(value)
  }

  #mask(value: CellValue<T>): Bits {
    if (this.#isFloat) throw new TypeError(`the bits of an ${this.type} cannot be combined: it is no whole number`)
    return this.#encode(value)
  }

  #encode(value: CellValue<T>): Bits {
    checkValue(this.type, value)
    return this.#format === undefined ? (value as Bits) : this.#format.encode(value as never)
  }

  #decode(bits: Bits): CellValue<T> {
    return (this.#format === undefined ? bits : this.#format.decode(bits)) as CellValue<T>
  }
}

/*
 * Why a branch for each type, where `view[index]` would do: that one access would meet eleven kinds of arrays, and
 * engines are fast only at accesses that meet few (on V8 13 ns to read and 70 ns to write, against 7 and 10).
 */

/** As it stands in the view. */
function bitsOf(value: number | bigint | boolean): Bits {
  return typeof value === 'boolean' ? Number(value) : value
}

function readCell(type: CellType, view: TypedArray, index: number): unknown {
  switch (type) {
    case 'i8':
      return (view as Int8Array)[index]
    case 'u8':
      return (view as Uint8Array)[index]
    case 'i16':
      return (view as Int16Array)[index]
    case 'u16':
      return (view as Uint16Array)[index]
    case 'i32':
      return (view as Int32Array)[index]
    case 'u32':
      return (view as Uint32Array)[index]
    case 'i64':
      return (view as BigInt64Array)[index]
    case 'u64':
      return (view as BigUint64Array)[index]
    case 'f32':
      return (view as Float32Array)[index]
    case 'f64':
      return (view as Float64Array)[index]
    default:
      return (view as Uint8Array)[index] !== 0
  }
}

function writeCell(type: CellType, view: TypedArray, index: number, value: unknown): void {
  switch (type) {
    case 'i8':
      ;(view as Int8Array)[index] = value as number
      break
    case 'u8':
      ;(view as Uint8Array)[index] = value as number
      break
    case 'i16':
      ;(view as Int16Array)[index] = value as number
      break
    case 'u16':
      ;(view as Uint16Array)[index] = value as number
      break
    case 'i32':
      ;(view as Int32Array)[index] = value as number
      break
    case 'u32':
      ;(view as Uint32Array)[index] = value as number
      break
    case 'i64':
      ;(view as BigInt64Array)[index] = value as bigint
      break
    case 'u64':
      ;(view as BigUint64Array)[index] = value as bigint
      break
    case 'f32':
      ;(view as Float32Array)[index] = value as number
      break
    case 'f64':
      ;(view as Float64Array)[index] = value as number
      break
    case 'bool':
      ;(view as Uint8Array)[index] = value === true ? 1 : 0
      break
  }
}
