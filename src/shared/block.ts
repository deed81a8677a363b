/** A block: the memory of one shared thing. Its first words are those of its own lock, what follows is data. */
import { noteMemory } from '../memory/primitives.ts'
import { checkOptions, ofType } from '../options/option-rules.ts'
import type { Sendable, SharedState } from '../sync/handles.ts'
import { label } from '../sync/inspect.ts'
import { type CellAccess, Cells } from './cells.ts'
import { type CellType, type CellView, sizes } from './cell-types.ts'
import { type DataLock, HEAD_WORDS, lockFor, lockOption, type LockOption } from './data-lock.ts'

/** What all shared data can be made with. */
export interface SharedDataOptions {
  /** A lock of its own is there when it is asked for (`true`, the default), this one is used, or there is none (`false`). */
  readonly lock?: LockOption | undefined
  /** For people: it stands in errors and in `inspect`. */
  readonly name?: string | undefined
}

/** What every description of shared data has besides what its class adds. */
export interface SentOptions {
  readonly lock: LockOption | undefined
  readonly name: string
}

/** The state of data whose memory another process has. */
export interface RemoteState extends SharedState {
  readonly elsewhere: Elsewhere
}

/** How this process gets at it. */
export interface Elsewhere {
  cells<T extends CellType>(type: T): CellAccess<T>
  /** The lock of its own. */
  lock(name: string): DataLock
}

/** The block of shared data, for those who act for others. Throws TypeError for what has none. */
export function blockOf(data: object): Block {
  const { _block } = data as { readonly _block?: unknown }
  if (!(_block instanceof Block)) throw new TypeError('what has no block is no shared data')
  return _block
}

export class Block {
  // A field for each view, so that plain accesses find theirs where the engine expects it. Those in use are there.
  i8: CellView<'i8'> | undefined = undefined
  u8: CellView<'u8'> | undefined = undefined
  i16: CellView<'i16'> | undefined = undefined
  u16: CellView<'u16'> | undefined = undefined
  i32: CellView<'i32'> | undefined = undefined
  u32: CellView<'u32'> | undefined = undefined
  i64: CellView<'i64'> | undefined = undefined
  u64: CellView<'u64'> | undefined = undefined
  f32: CellView<'f32'> | undefined = undefined
  f64: CellView<'f64'> | undefined = undefined
  readonly name: string
  readonly #owner: string
  readonly #state: SharedState
  readonly #bytes: number
  readonly #option: LockOption | undefined
  #lock: DataLock | undefined = undefined
  readonly #cells: Partial<Record<CellType, CellAccess<CellType>>> = {}
  readonly #elsewhere: Elsewhere | undefined

  /** `owner`: the class of the thing. `bytes`: how long its data is. */
  constructor(owner: string, options: SharedDataOptions, bytes: number, state: SharedState) {
    const { lock, name = '' } = checkSharedData(options, owner)
    this.name = name
    this.#owner = owner
    this.#state = state
    this.#bytes = bytes
    this.#option = lock
    this.#elsewhere = (state as Partial<RemoteState>).elsewhere
    if (this.#elsewhere === undefined) noteMemory(state.words.buffer, owner, name)
  }

  get lock(): DataLock {
    this.#lock ??= this.#findLock()
    return this.#lock
  }

  #findLock(): DataLock {
    const option = this.#option ?? true
    if (option === true && this.#elsewhere !== undefined) return this.#elsewhere.lock(this.name)
    return lockFor(option, this.#state, this.name, label(this.#owner, this.name))
  }

  /** Whether another process has the memory. */
  get isRemote(): boolean {
    return this.#elsewhere !== undefined
  }

  /** The data as cells of a type. */
  cells<T extends CellType>(type: T): CellAccess<T> {
    const known = this.#cells[type]
    if (known !== undefined) return known as unknown as CellAccess<T>
    const cells = this.#elsewhere?.cells(type) ?? new Cells(type, name => this.#view(name))
    this.#cells[type] = cells as unknown as CellAccess<CellType>
    return cells
  }

  /** What crosses to another thread. `extra`: what the class needs there besides. */
  send(extra: object): Sendable {
    const { number, words } = this.#state
    return { number, words, extra: { ...extra, lock: this.#option, name: this.name } satisfies SentOptions }
  }

  #view(type: Exclude<CellType, 'bool'>): CellView<CellType> {
    const known = this[type]
    if (known !== undefined) return known
    const { buffer, byteOffset } = this.#state.words
    const view = new views[type](buffer, byteOffset + HEAD_WORDS * 4, Math.floor(this.#bytes / sizes[type]))
    this[type] = view as never
    return view
  }
}

type ViewConstructor = new (buffer: SharedArrayBuffer, offset: number, length: number) => CellView<CellType>

const views: Readonly<Record<Exclude<CellType, 'bool'>, ViewConstructor>> = {
  i8: Int8Array,
  u8: Uint8Array,
  i16: Int16Array,
  u16: Uint16Array,
  i32: Int32Array,
  u32: Uint32Array,
  i64: BigInt64Array,
  u64: BigUint64Array,
  f32: Float32Array,
  f64: Float64Array,
}

function checkSharedData(options: SharedDataOptions, owner: string): SharedDataOptions {
  return checkOptions(options, { lock: lockOption, name: ofType('string', 'a string') }, `a ${owner}`)
}

/** The state of a new block with so many bytes of data, all 0. Throws RangeError if there cannot be as many. */
export function makeState(handles: { make(words: number): SharedState }, bytes: number, owner: string): SharedState {
  try {
    return handles.make(HEAD_WORDS + Math.ceil(bytes / 4))
  } catch (error) {
    throw new RangeError(`a ${owner} of ${bytes} bytes is more than this runtime can share`, { cause: error })
  }
}
