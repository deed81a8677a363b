/**
 * What stands in a message for the things that structured clone loses or refuses.
 *
 * A message is an ordinary value for structured clone, with holes. Beside it lie the specials, one record for each thing
 * that is made again on the other side, and the fixups, which say what belongs into which hole. Structured clone keeps
 * the identity of the holders, so that no value needs to be escaped and nothing has to be searched.
 *
 * Records have holes too: an error's cause, the class of an instance, what a function captures. Their order is that in
 * which the walk left them, so that what a record needs comes before it, except around a cycle.
 */
import type { BoundNode, FunctionNode } from './function-node.ts'

/** Anything with properties that can be filled in: a plain object, an array, a record. */
export type Holder = Record<PropertyKey, unknown>

interface SpecialRecord {
  /** It is part of an error: if it cannot be made on the other side, something less is made instead of failing. */
  lenient?: true
}

export interface FunctionSpecial extends SpecialRecord {
  readonly kind: 'function'
  /** With holes in `captures` and `own`, if it has these. */
  readonly node: Exclude<FunctionNode, BoundNode>
  /** Of a class that crosses as text: makes sure that there is one copy of it in a thread, and none beside the original. */
  readonly identity?: string
}

/** An object that every thread has under a global name, such as `Math`. */
interface GlobalSpecial extends SpecialRecord {
  readonly kind: 'global'
  readonly name: string
}

export interface BoundSpecial extends SpecialRecord {
  readonly kind: 'bound'
  readonly target?: unknown
  readonly self?: unknown
  readonly args: Holder
}

/** A class that both sides registered. */
interface RegisteredClassSpecial extends SpecialRecord {
  readonly kind: 'registered-class'
  readonly name: string
}

/** An instance of a registered class that has `encode` and `decode`. */
export interface EncodedSpecial extends SpecialRecord {
  readonly kind: 'encoded'
  readonly name: string
  readonly data?: unknown
}

/** An instance: `value` becomes it, once its prototype is that of `class`. */
export interface InstanceSpecial extends SpecialRecord {
  readonly kind: 'instance'
  /** The own properties, or the array, Date or view that the class extends. */
  readonly value?: unknown
  readonly class?: unknown
  /** Own properties, where `value` does not carry them. */
  own?: Holder
}

/** Keys and values in turns. */
export interface MapSpecial extends SpecialRecord {
  readonly kind: 'map'
  readonly entries: Holder
  readonly class?: unknown
  readonly own?: Holder
}

export interface SetSpecial extends SpecialRecord {
  readonly kind: 'set'
  readonly entries: Holder
  readonly class?: unknown
  readonly own?: Holder
}

export interface ErrorSpecial extends SpecialRecord {
  readonly kind: 'error'
  /** The built-in class, or the one of this library, that it is an instance of, by name. */
  readonly base: string
  readonly name: string
  readonly message: string
  /** If it is a text or a number, as on the errors of Node and many others. */
  readonly code: string | number | undefined
  readonly stack: string | undefined
  /** The user's own class, if it can be had on the other side. */
  readonly class?: unknown
  /** Enumerable properties. */
  readonly own: Holder
  /** The others, such as `cause` and `errors`. */
  readonly hidden: Holder
}

export interface PortableSpecial extends SpecialRecord {
  readonly kind: 'portable'
  readonly type: string
  readonly data?: unknown
}

interface UrlSpecial extends SpecialRecord {
  readonly kind: 'url' | 'search-params'
  readonly text: string
}

/** A symbol that is the same in every thread: of the registry, or a well-known one such as `Symbol.iterator`. */
export interface SymbolSpecial extends SpecialRecord {
  readonly kind: 'symbol'
  readonly key: string
  readonly wellKnown: boolean
}

export type Special =
  | FunctionSpecial
  | GlobalSpecial
  | BoundSpecial
  | RegisteredClassSpecial
  | EncodedSpecial
  | InstanceSpecial
  | MapSpecial
  | SetSpecial
  | ErrorSpecial
  | PortableSpecial
  | UrlSpecial
  | SymbolSpecial

/** A value as it is posted. */
export interface Packed {
  readonly value: unknown
  /** The special that stands for the whole value, if one does. */
  readonly root?: number
  readonly specials?: readonly Special[]
  /** Holder, key, index of the special: three items for each. */
  readonly fixups?: readonly unknown[]
}
