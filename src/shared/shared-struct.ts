/**
 * sharedStruct: classes whose fields lie in memory that all threads see, and arrays of them.
 *
 * A struct crosses with its layout, so that the other thread needs to know nothing of it. Types are what they are made
 * of, as in TypeScript: two with the same fields, in the same order, are one class in a thread, whether it was defined
 * there or came with a value. So `instanceof` holds on both sides. A class that extends one crosses as classes do.
 */
import { Handles, type Sendable, type SharedState } from '../sync/handles.ts'
import { summary } from '../sync/inspect.ts'
import type { BlockOptions, WaitOptions } from '../sync/options.ts'
import { definePortable, portable, type PortableDescription } from '../wire/portable.ts'
import { Block, makeState, type SentOptions, type SharedDataOptions } from './block.ts'
import type { DataLock } from './data-lock.ts'
import { placeOf, valuesOf } from './places.ts'
import { plainAccess, type Row } from './plain-access.ts'
import { remoteAccess } from './remote-access.ts'
import { checkValues, type Layout, layoutOf, type StructFields, type StructValues } from './struct-layout.ts'
import { isTaken, type Records, Struct } from './struct.ts'

/** What a class made by `sharedStruct` makes: the fields as properties, by plain access, and the methods of all structs. */
export type SharedStruct<F extends StructFields> = Struct<F> & StructValues<F>

/** A class of structs. */
export interface SharedStructType<F extends StructFields> {
  /** A struct with these values, and zeros for the rest. Throws for a value that its field does not hold. */
  new (values?: Partial<StructValues<F>>, options?: SharedDataOptions): SharedStruct<F>
  /** Many of them, side by side in memory: so many of zeros, or one for each of the values. */
  array<S>(
    this: new (...args: never[]) => S,
    lengthOrValues: number | Iterable<Partial<StructValues<F>>>,
    options?: SharedDataOptions,
  ): SharedStructArray<S>
}

/** The method that Node, Bun and Deno ask for the look of an object. */
const inspect = Symbol.for('nodejs.util.inspect.custom')

type AnyStruct = Struct<StructFields>

/** A class of structs, seen from inside. */
interface StructClass {
  readonly prototype: AnyStruct
  readonly name: string
  readonly layout: Layout
}

interface Sent extends SentOptions {
  readonly length: number
  readonly fields: readonly (readonly [string, StructFields[string]])[]
  /** The class that extends the one of the fields, if one does. */
  readonly class: StructClass | undefined
}

const handles = new Handles<SharedStructArray<AnyStruct>>('SharedStructArray', reviveStructs)

/** Makes a handle of what has crossed. */
export function reviveStructs(state: SharedState, extra: unknown): SharedStructArray<AnyStruct> {
  const { length, fields, class: class_, ...options } = extra as Sent
  return new SharedStructArray(class_ ?? classOf(layoutOf(Object.fromEntries(fields))), length, options, state)
}

/** Structs side by side in shared memory. `at(i)` is a view on one of them. */
export class SharedStructArray<S> {
  static {
    handles.furnish(SharedStructArray, {
      send: array => array.#send(),
      look: array =>
        summary('SharedStructArray', array._block.name, `${array.length} × ${array.#class.name} ${array.layout.text}`),
    })
  }

  readonly length: number
  /** @internal */
  readonly layout: Layout
  /** @internal */
  readonly _block: Block
  readonly #class: StructClass

  /** @internal */
  constructor(class_: StructClass, init: number | Iterable<object>, options: SharedDataOptions, state?: SharedState) {
    const values = valuesOf(init, 'SharedStructArray')
    values?.forEach(each => checkValues(class_.layout, each))
    this.#class = class_
    this.layout = class_.layout
    this.length = values?.length ?? (init as number)
    const bytes = this.length * this.layout.size
    this._block = new Block(class_.name, options, bytes, state ?? makeState(handles, bytes, class_.name))
    // The properties of the fields rely on these views.
    for (const { type } of this.layout.fields.values()) this._block.cells(type)
    values?.forEach((each, index) => Object.assign(this.at(index) as object, each))
  }

  get name(): string {
    return this._block.name
  }

  /** A view on struct `index`, from the end if negative. Throws RangeError if there is none. */
  at(index: number): S {
    return viewOn(this.#class, this, placeOf(index, this.length)) as S
  }

  *[Symbol.iterator](): Generator<S, void, undefined> {
    for (let index = 0; index < this.length; index++) yield this.at(index)
  }

  /** The lock that was given, or its own: one for all structs in it. Throws InvalidStateError if there is none. */
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

  toJSON(): S[] {
    return [...this]
  }

  #send(): Sendable {
    const { key, fields } = this.layout
    const entries = [...fields].map(([name, { type }]) => [name, type] as const)
    const class_ = this.#class === classes.get(key) ? undefined : this.#class
    return this._block.send({ length: this.length, fields: entries, class: class_ } satisfies Omit<
      Sent,
      keyof SentOptions
    >)
  }
}

Object.defineProperty(Struct.prototype, portable, {
  value(this: AnyStruct): PortableDescription {
    return { type: 'SharedStruct', data: { array: this._records, index: this._index } }
  },
})

definePortable('SharedStruct', data => {
  const { array, index } = data as { array: SharedStructArray<AnyStruct>; index: number }
  return array.at(index)
})

Object.defineProperty(Struct.prototype, inspect, {
  value(this: AnyStruct): string {
    const fields = Object.entries(this.toJSON()).map(([name, value]) => `${name}: ${String(value)}`)
    return summary(this.constructor.name, this._block.name, ...fields)
  },
})

/** The class for each layout that this thread has met. */
const classes = new Map<string, StructClass>()

/**
 * Makes a class of structs in shared memory. `fields`: a type for each name, such as `{ x: 'f64', n: 'i32' }`.
 * Called again with the same fields it returns the same class.
 *
 * Throws TypeError if there are no fields, if one has no type or the name of a method, and for structs in structs.
 */
export function sharedStruct<const F extends StructFields>(fields: F): SharedStructType<F> {
  return classOf(layoutOf(fields)) as unknown as SharedStructType<F>
}

function classOf(layout: Layout): StructClass {
  const known = classes.get(layout.key)
  if (known !== undefined) return known
  const made = class SharedStruct extends Struct<StructFields> {
    static readonly layout: Layout = layout

    static array(this: StructClass, init: number | Iterable<object>, options: SharedDataOptions = {}): unknown {
      return new SharedStructArray(this, init, options)
    }

    constructor(values: object = {}, options: SharedDataOptions = {}) {
      checkValues(layout, values)
      super(new SharedStructArray(new.target, 1, options), 0)
      Object.assign(this, values)
    }
  }
  for (const [name, { type, first, stride }] of layout.fields) {
    if (isTaken(name)) throw new TypeError(`a field cannot be called ${name}: every struct has something of that name`)
    Object.defineProperty(made.prototype, name, plainAccess(type, stride, first))
  }
  classes.set(layout.key, made)
  return made
}

const remotePrototypes = new WeakMap<StructClass, object>()

/** Of structs whose memory is in another process. */
function remotePrototypeOf(class_: StructClass): object {
  let prototype = remotePrototypes.get(class_)
  if (prototype === undefined) {
    const { fields } = class_.layout
    const accessors = [...fields].map(([name, { type, stride, first }]) => [name, remoteAccess(type, stride, first)])
    prototype = Object.create(class_.prototype, Object.fromEntries(accessors) as PropertyDescriptorMap) as object
    remotePrototypes.set(class_, prototype)
  }
  return prototype
}

/** As the constructor of Struct, and without that of a user's class: there is nothing new. It costs 1 to 10 ns. */
function viewOn(class_: StructClass, records: Records, index: number): AnyStruct {
  const view = Object.create(records._block.isRemote ? remotePrototypeOf(class_) : class_.prototype) as {
    -readonly [K in keyof Row | '_records']: AnyStruct[K]
  }
  view._records = records
  view._block = records._block
  view._index = index
  return view as AnyStruct
}
