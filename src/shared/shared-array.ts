/**
 * SharedArray: cells of one type in memory that all threads see.
 *
 * There is no `array[i]`: it would take a Proxy, which makes each access a hundred times slower, or a subclass of a typed
 * array, whose inherited `map` and `slice` would make more of its kind. So there are two ways in: `view`, which is the
 * typed array over the memory, for loops; and methods, which check what they are given, and most of which are atomic.
 */
import { Handles, type SharedState } from '../sync/handles.ts'
import { summary } from '../sync/inspect.ts'
import type { BlockOptions, WaitOptions } from '../sync/options.ts'
import { Block, makeState, type SentOptions, type SharedDataOptions } from './block.ts'
import {
  type Addend,
  type CellType,
  type CellValue,
  type CellView,
  checkCellType,
  checkValue,
  type Mask,
  sizes,
} from './cell-types.ts'
import type { CellAccess } from './cells.ts'
import type { DataLock } from './data-lock.ts'
import { boundOf, placeOf, valuesOf } from './places.ts'

/** So many items are printed. */
const SHOWN = 8

interface Sent extends SentOptions {
  readonly type: CellType
  readonly length: number
}

const handles = new Handles<SharedArray<CellType>>('SharedArray', (state, extra) => {
  const { type, length, ...options } = extra as Sent
  return new SharedArray(type, length, options, state)
})

export class SharedArray<T extends CellType> {
  static {
    handles.furnish(SharedArray, {
      send: array => array._block.send({ type: array.type, length: array.length }),
      look(array) {
        const items = array.slice(0, SHOWN).join(', ')
        const more = array.length > SHOWN ? ' …' : ''
        return summary('SharedArray', array.name, `${array.length} × ${array.type}: ${items}${more}`)
      },
    })
  }

  readonly type: T
  readonly length: number
  /** @internal */
  readonly _block: Block
  readonly #cells: CellAccess<T>

  /**
   * An array of a type such as `i32` or `f64`: so many zeros, or these values.
   * Throws TypeError or RangeError for what the type does not hold, and for a length that there cannot be.
   */
  constructor(type: T, lengthOrValues: number | Iterable<CellValue<T>>, options?: SharedDataOptions)
  /** @internal */
  constructor(type: T, length: number, options: SharedDataOptions, state: SharedState)
  constructor(type: T, init: number | Iterable<CellValue<T>>, options: SharedDataOptions = {}, state?: SharedState) {
    checkCellType(type, 'a SharedArray')
    const values = valuesOf(init, 'SharedArray')
    values?.forEach((value, index) => checkValue(type, value, `item ${index}`))
    this.type = type
    this.length = values?.length ?? (init as number)
    const bytes = this.length * sizes[type]
    this._block = new Block('SharedArray', options, bytes, state ?? makeState(handles, bytes, 'SharedArray'))
    this.#cells = this._block.cells(type)
    values?.forEach((value, index) => this.#cells.write(index, value))
  }

  get name(): string {
    return this._block.name
  }

  /**
   * The typed array over the memory: plain access at full speed, with the manners of typed arrays. What does not fit is
   * made to fit, a `bool` is 0 or 1, and the checker sees nothing of it. It is for this thread; send the SharedArray.
   */
  get view(): CellView<T> {
    return this.#cells.view
  }

  /** Item `index`, from the end if negative, by plain access. Throws RangeError if there is none. */
  at(index: number): CellValue<T> {
    return this.#cells.read(placeOf(index, this.length))
  }

  /** Sets item `index` by plain access. Throws RangeError if there is none, and for a value that the type does not hold. */
  set(index: number, value: CellValue<T>): void {
    this.#cells.write(placeOf(index, this.length), value)
  }

  /** A copy of a part, as `slice` of an Array, by plain access. */
  slice(start: number = 0, end: number = this.length): CellValue<T>[] {
    return this.#cells.slice(boundOf(start, this.length), boundOf(end, this.length))
  }

  /** Sets a part to one value, by plain access. */
  fill(value: CellValue<T>, start: number = 0, end: number = this.length): this {
    this.#cells.fill(value, boundOf(start, this.length), boundOf(end, this.length))
    return this
  }

  /** The items in order, each by plain access when its turn comes. */
  *[Symbol.iterator](): Generator<CellValue<T>, void, undefined> {
    for (let index = 0; index < this.length; index++) yield this.#cells.read(index)
  }

  /** Item `index`, read atomically: after what another thread has stored before. */
  load(index: number): CellValue<T> {
    return this.#cells.load(placeOf(index, this.length))
  }

  store(index: number, value: CellValue<T>): void {
    this.#cells.store(placeOf(index, this.length), value)
  }

  /** Adds `n`, and returns what was there. A whole number that gets too large goes round, as those of the machine do. */
  add(index: number, n: Addend<T>): CellValue<T> {
    return this.#cells.add(placeOf(index, this.length), n)
  }

  /** Subtracts `n`, and returns what was there. Goes round as `add` does. */
  sub(index: number, n: Addend<T>): CellValue<T> {
    return this.#cells.sub(placeOf(index, this.length), n)
  }

  /** Keeps the bits of `mask`, and returns what was there. */
  and(index: number, mask: Mask<T>): CellValue<T> {
    return this.#cells.and(placeOf(index, this.length), mask)
  }

  /** Sets the bits of `mask`, and returns what was there. */
  or(index: number, mask: Mask<T>): CellValue<T> {
    return this.#cells.or(placeOf(index, this.length), mask)
  }

  /** Changes the bits of `mask`, and returns what was there. */
  xor(index: number, mask: Mask<T>): CellValue<T> {
    return this.#cells.xor(placeOf(index, this.length), mask)
  }

  /** Stores `value`, and returns what was there. */
  exchange(index: number, value: CellValue<T>): CellValue<T> {
    return this.#cells.exchange(placeOf(index, this.length), value)
  }

  /** Stores `value` if `expected` is there. Returns what was there. Two NaN are equal, and so are 0 and -0. */
  compareExchange(index: number, expected: CellValue<T>, value: CellValue<T>): CellValue<T> {
    return this.#cells.compareExchange(placeOf(index, this.length), expected, value)
  }

  /** Stores what `f` makes of the item, and returns that. `f` is called again whenever another thread was faster. */
  update(index: number, f: (value: CellValue<T>) => CellValue<T>): CellValue<T> {
    return this.#cells.update(placeOf(index, this.length), f)
  }

  /** The lock that was given, or its own: one for all items. Throws InvalidStateError if it was made without one. */
  get lock(): DataLock {
    return this._block.lock
  }

  /** Runs `f` with the lock held and gives it back when what `f` returns has settled. Rejects as `lock.acquire` does. */
  async with<R>(f: (array: this) => R | PromiseLike<R>, options?: WaitOptions): Promise<R> {
    return this.lock.with(() => f(this), options)
  }

  /** As `with`, for a thread that may block and an `f` that does not wait. */
  withSync<R>(f: (array: this) => R, options?: BlockOptions): R {
    return this.lock.withSync(() => f(this), options)
  }

  toJSON(): CellValue<T>[] {
    return this.slice()
  }
}
