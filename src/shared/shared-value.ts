/**
 * SharedValue: one number, or one truth, in memory that all threads see.
 *
 * `value` is plain memory: `counter.value += 1` reads, adds and writes, and what another thread wrote in between is lost.
 * The methods are atomic. What takes more than one of them belongs under a lock.
 */
import type { BlockOptions, WaitOptions } from '../sync/options.ts'
import { Handles, type SharedState } from '../sync/handles.ts'
import { summary } from '../sync/inspect.ts'
import { Block, makeState, type SentOptions, type SharedDataOptions } from './block.ts'
import {
  type Addend,
  type CellType,
  type CellValue,
  checkCellType,
  checkValue,
  type Mask,
  sizes,
} from './cell-types.ts'
import type { CellAccess } from './cells.ts'
import type { DataLock } from './data-lock.ts'
import { plainAccess, type Row } from './plain-access.ts'
import { remoteAccess } from './remote-access.ts'

interface Sent extends SentOptions {
  readonly type: CellType
}

const handles = new Handles<SharedValue<CellType>>('SharedValue', (state, extra) => {
  const { type, ...options } = extra as Sent
  return new SharedValue(type, undefined, options, state)
})

/** One for each type, with the property `value`. */
const prototypes: Partial<Record<CellType, object>> = {}
const remotePrototypes: Partial<Record<CellType, object>> = {}

export class SharedValue<T extends CellType> implements Row {
  static {
    handles.furnish(SharedValue, {
      send: shared => shared._block.send({ type: shared.type }),
      look: shared => summary('SharedValue', shared.name, `${shared.type} ${String(shared.value)}`),
    })
  }

  readonly type: T
  /** @internal */
  readonly _block: Block
  /** @internal */
  readonly _index: number = 0
  readonly #cells: CellAccess<T>
  /**
   * The value as it is in memory now. Plain access: not atomic, and seen by other threads in no order with other writes.
   * Setting it throws TypeError or RangeError for what the type does not hold.
   */
  declare value: CellValue<T>

  /** A value of a type such as `i32` or `f64`. `initial`: 0, 0n or false if it is missing. */
  constructor(type: T, initial?: CellValue<T>, options?: SharedDataOptions)
  /** @internal */
  constructor(type: T, initial: undefined, options: SharedDataOptions, state: SharedState)
  constructor(
    type: T,
    initial?: CellValue<T>,
    options: SharedDataOptions = {},
    state: SharedState = makeState(handles, 8, 'SharedValue'),
  ) {
    checkCellType(type, 'a SharedValue')
    if (initial !== undefined) checkValue(type, initial)
    this.type = type
    this._block = new Block('SharedValue', options, sizes[type], state)
    this.#cells = this._block.cells(type)
    // Not by a class for each type: this one would then be none of them.
    Object.setPrototypeOf(this, this._block.isRemote ? remotePrototypeOf(type) : prototypeOf(type))
    if (initial !== undefined) this.#cells.store(0, initial)
  }

  get name(): string {
    return this._block.name
  }

  /** The value, read atomically: after what another thread has stored before. */
  load(): CellValue<T> {
    return this.#cells.load(0)
  }

  store(value: CellValue<T>): void {
    this.#cells.store(0, value)
  }

  /** Adds `n`, and returns what was there. A whole number that gets too large goes round, as those of the machine do. */
  add(n: Addend<T>): CellValue<T> {
    return this.#cells.add(0, n)
  }

  /** Subtracts `n`, and returns what was there. Goes round as `add` does. */
  sub(n: Addend<T>): CellValue<T> {
    return this.#cells.sub(0, n)
  }

  /** Keeps the bits of `mask`, and returns what was there. */
  and(mask: Mask<T>): CellValue<T> {
    return this.#cells.and(0, mask)
  }

  /** Sets the bits of `mask`, and returns what was there. */
  or(mask: Mask<T>): CellValue<T> {
    return this.#cells.or(0, mask)
  }

  /** Changes the bits of `mask`, and returns what was there. */
  xor(mask: Mask<T>): CellValue<T> {
    return this.#cells.xor(0, mask)
  }

  /** Stores `value`, and returns what was there. */
  exchange(value: CellValue<T>): CellValue<T> {
    return this.#cells.exchange(0, value)
  }

  /** Stores `value` if `expected` is there. Returns what was there. Two NaN are equal, and so are 0 and -0. */
  compareExchange(expected: CellValue<T>, value: CellValue<T>): CellValue<T> {
    return this.#cells.compareExchange(0, expected, value)
  }

  /** Stores what `f` makes of the value, and returns that. `f` is called again whenever another thread was faster. */
  update(f: (value: CellValue<T>) => CellValue<T>): CellValue<T> {
    return this.#cells.update(0, f)
  }

  /** The lock that was given, or its own. Throws InvalidStateError if it was made without one. */
  get lock(): DataLock {
    return this._block.lock
  }

  /** Runs `f` with the lock held and gives it back when what `f` returns has settled. Rejects as `lock.acquire` does. */
  async with<R>(f: (shared: this) => R | PromiseLike<R>, options?: WaitOptions): Promise<R> {
    return this.lock.with(() => f(this), options)
  }

  /** As `with`, for a thread that may block and an `f` that does not wait. */
  withSync<R>(f: (shared: this) => R, options?: BlockOptions): R {
    return this.lock.withSync(() => f(this), options)
  }

  toJSON(): CellValue<T> {
    return this.value
  }
}

function prototypeOf(type: CellType): object {
  return (prototypes[type] ??= Object.create(SharedValue.prototype, {
    value: plainAccess(type, 0, 0),
  }) as object)
}

function remotePrototypeOf(type: CellType): object {
  return (remotePrototypes[type] ??= Object.create(SharedValue.prototype, {
    value: remoteAccess(type, 0, 0),
  }) as object)
}
