/**
 * Struct: what all records have in common, whatever their fields are: atomic access by the name of a field, and the lock.
 * The fields themselves are properties of the class that `sharedStruct` makes.
 */
import { addPrimitive } from '../memory/primitives.ts'
import type { BlockOptions, WaitOptions } from '../sync/options.ts'
import type { Block } from './block.ts'
import type { Addend, CellValue, Mask } from './cell-types.ts'
import type { DataLock } from './data-lock.ts'
import type { Row } from './plain-access.ts'
import { type Field, fieldOf, type Layout, type StructFields, type StructValues } from './struct-layout.ts'

/** Where records lie. */
export interface Records {
  readonly layout: Layout
  readonly _block: Block
}

type Names<F> = keyof F & string

export class Struct<F extends StructFields> implements Row {
  static {
    addPrimitive({ type: 'SharedStruct', prototype: Struct.prototype, memoryOf: undefined })
  }

  /** @internal */
  readonly _records: Records
  /** @internal */
  readonly _block: Block
  /** @internal */
  readonly _index: number

  /** @internal */
  constructor(records: Records, index: number) {
    this._records = records
    this._block = records._block
    this._index = index
  }

  /** A field, read atomically: after what another thread has stored before. */
  load<N extends Names<F>>(name: N): CellValue<F[N]> {
    const field = fieldOf(this._records.layout, name)
    return this._block.cells(field.type as F[N]).load(at(this, field))
  }

  store<N extends Names<F>>(name: N, value: CellValue<F[N]>): void {
    const field = fieldOf(this._records.layout, name)
    this._block.cells(field.type as F[N]).store(at(this, field), value)
  }

  /** Adds `n`, and returns what was there. A whole number that gets too large goes round, as those of the machine do. */
  add<N extends Names<F>>(name: N, n: Addend<F[N]>): CellValue<F[N]> {
    const field = fieldOf(this._records.layout, name)
    return this._block.cells(field.type as F[N]).add(at(this, field), n)
  }

  /** Subtracts `n`, and returns what was there. Goes round as `add` does. */
  sub<N extends Names<F>>(name: N, n: Addend<F[N]>): CellValue<F[N]> {
    const field = fieldOf(this._records.layout, name)
    return this._block.cells(field.type as F[N]).sub(at(this, field), n)
  }

  /** Keeps the bits of `mask`, and returns what was there. */
  and<N extends Names<F>>(name: N, mask: Mask<F[N]>): CellValue<F[N]> {
    const field = fieldOf(this._records.layout, name)
    return this._block.cells(field.type as F[N]).and(at(this, field), mask)
  }

  /** Sets the bits of `mask`, and returns what was there. */
  or<N extends Names<F>>(name: N, mask: Mask<F[N]>): CellValue<F[N]> {
    const field = fieldOf(this._records.layout, name)
    return this._block.cells(field.type as F[N]).or(at(this, field), mask)
  }

  /** Changes the bits of `mask`, and returns what was there. */
  xor<N extends Names<F>>(name: N, mask: Mask<F[N]>): CellValue<F[N]> {
    const field = fieldOf(this._records.layout, name)
    return this._block.cells(field.type as F[N]).xor(at(this, field), mask)
  }

  /** Stores `value`, and returns what was there. */
  exchange<N extends Names<F>>(name: N, value: CellValue<F[N]>): CellValue<F[N]> {
    const field = fieldOf(this._records.layout, name)
    return this._block.cells(field.type as F[N]).exchange(at(this, field), value)
  }

  /** Stores `value` if `expected` is there. Returns what was there. Two NaN are equal, and so are 0 and -0. */
  compareExchange<N extends Names<F>>(name: N, expected: CellValue<F[N]>, value: CellValue<F[N]>): CellValue<F[N]> {
    const field = fieldOf(this._records.layout, name)
    return this._block.cells(field.type as F[N]).compareExchange(at(this, field), expected, value)
  }

  /** Stores what `f` makes of a field, and returns that. `f` is called again whenever another thread was faster. */
  update<N extends Names<F>>(name: N, f: (value: CellValue<F[N]>) => CellValue<F[N]>): CellValue<F[N]> {
    const field = fieldOf(this._records.layout, name)
    return this._block.cells(field.type as F[N]).update(at(this, field), f)
  }

  /** The lock that was given, or its own; in an array, the one of the array. Throws InvalidStateError if there is none. */
  get lock(): DataLock {
    return this._block.lock
  }

  /** Runs `f` with the lock held and gives it back when what `f` returns has settled. Rejects as `lock.acquire` does. */
  async with<R>(f: (struct: this) => R | PromiseLike<R>, options?: WaitOptions): Promise<R> {
    return this.lock.with(() => f(this), options)
  }

  /** As `with`, for a thread that may block and an `f` that does not wait. */
  withSync<R>(f: (struct: this) => R, options?: BlockOptions): R {
    return this.lock.withSync(() => f(this), options)
  }

  /** The fields as an ordinary object, each by plain access: another thread may write in between. */
  toJSON(): StructValues<F> {
    const names = [...this._records.layout.fields.keys()]
    return Object.fromEntries(names.map(name => [name, (this as Readonly<Record<string, unknown>>)[name]])) as never
  }
}

function at({ _index }: Row, { first, stride }: Field): number {
  return _index * stride + first
}

/** Whether every struct has it, so that no field can be called so. */
export function isTaken(name: string): boolean {
  return name in Struct.prototype || name === '_records' || name === '_block' || name === '_index'
}
