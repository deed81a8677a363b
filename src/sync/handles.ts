/**
 * Handles: the objects by which a thread reaches shared things of one kind.
 *
 * A thing that is sent to a thread twice has to be the same object there both times: the order of its waiting tasks is
 * kept in that object. So each thread knows its handles by the number of the thing, as long as somebody holds them.
 */
import { provideMapping } from '../memory/mapping.ts'
import { neighbourWords, receiveWords, type SentWords, sendWords } from '../memory/neighbour-words.ts'
import { provideBells } from '../memory/neighbours.ts'
import { addPrimitive, noteMemory } from '../memory/primitives.ts'
import { nextThing } from '../memory/thread-table.ts'
import { loadNativeMemory, ringBell } from '#native-memory'
import { definePortable, portable, type PortableDescription } from '../wire/portable.ts'

// Before the table of threads is made, which is in such memory too.
provideMapping(loadNativeMemory)
provideBells(ringBell)

/** The method that Node, Bun and Deno ask for the look of an object. */
const inspect = Symbol.for('nodejs.util.inspect.custom')

/** Marks what stands for a thing of another process, and has none of the insides of its class. */
export const elsewhere: unique symbol = Symbol('elsewhere')

/** What a handle is made from. */
export interface SharedState {
  readonly number: number
  readonly words: Int32Array<SharedArrayBuffer>
  /** Whether it came from another thread. */
  readonly shared: boolean
}

/** What a class tells about one of its handles. */
export interface Furniture<T> {
  /** What crosses. Called when the handle is sent. */
  readonly send: (handle: T) => Sendable
  /** What it looks like when it is printed. */
  readonly look: (handle: T) => string
}

export interface Sendable {
  readonly number: number
  readonly words: Int32Array<SharedArrayBuffer>
  /** What `revive` needs besides. */
  readonly extra: unknown
}

/** The description of a handle. */
export interface Sent {
  readonly number: number
  readonly words: SentWords
  readonly extra: unknown
}

export class Handles<T extends object> {
  readonly #type: string
  readonly #known = new Map<number, WeakRef<T>>()
  readonly #dropped = new FinalizationRegistry<number>(number => {
    // Another handle of the same thing may have come in the meantime.
    if (this.#known.get(number)?.deref() === undefined) this.#known.delete(number)
  })

  /** `revive` makes a handle from the state and what `describe` was given as `extra`. */
  constructor(type: string, revive: (state: SharedState, extra: unknown) => T) {
    this.#type = type
    definePortable(type, data => {
      const { number, words, extra } = data as Sent
      const known = this.#known.get(number)?.deref()
      if (known !== undefined) return known
      const handle = revive({ number, words: receiveWords(words)!, shared: true }, extra)
      this.#remember(number, handle)
      return handle
    })
  }

  /** The state of a new thing, with so many words of shared memory, all 0. */
  make(words: number): SharedState {
    const state = { number: nextThing(), words: neighbourWords(words), shared: false }
    noteMemory(state.words.buffer, this.#type, '')
    return state
  }

  /** Gives a class its look and the way it crosses. In its static block, where its private fields can be read. */
  furnish(type: { readonly prototype: T }, { send, look }: Furniture<T>): void {
    const describe = (handle: T): PortableDescription => {
      const { number, words, extra } = send(handle)
      if (!this.#known.has(number)) this.#remember(number, handle)
      return { type: this.#type, data: { number, words: sendWords(words), extra } satisfies Sent }
    }
    function portableMethod(this: T): PortableDescription {
      return describe(this)
    }
    function inspectMethod(this: T): string {
      return look(this)
    }
    addPrimitive({
      type: this.#type,
      prototype: type.prototype,
      memoryOf: handle => send(handle as T).words.buffer,
    })
    Object.defineProperty(type.prototype, portable, { value: portableMethod })
    Object.defineProperty(type.prototype, inspect, { value: inspectMethod })
  }

  #remember(number: number, handle: T): void {
    this.#known.set(number, new WeakRef(handle))
    this.#dropped.register(handle, number)
  }
}
