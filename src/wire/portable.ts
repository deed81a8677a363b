/**
 * Portable: how one of this library's own things (an executor, later a lock or a queue) crosses to another thread.
 *
 * A portable object hands out a plain description of itself; the other side makes a handle on the same thing from it.
 * Users' own classes cross through `registerClass` instead: they are values, copied, not handles on something shared.
 */

/** The method that hands out the description. Looked up by symbol, so that two copies of the package understand each other. */
export const portable: unique symbol = Symbol.for('multitask.portable') as never

export interface PortableDescription {
  /** The kind of thing, the key under which the other side knows how to make a handle. */
  readonly type: string
  /** What the handle is made from: anything that can be sent itself. */
  readonly data: unknown
}

export interface Portable {
  [portable](): PortableDescription
}

const makers = new Map<string, (data: unknown) => unknown>()

/** Says how a handle of `type` is made on this side. Called once, at the top level of the module that owns the type. */
export function definePortable(type: string, make: (data: unknown) => unknown): void {
  makers.set(type, make)
}

const loaders = new Map<string, () => Promise<unknown>>()

/** Says which module defines a type, for threads that have not imported it before they receive one. */
export function providePortables(modules: Readonly<Record<string, () => Promise<unknown>>>): void {
  for (const [type, load] of Object.entries(modules)) loaders.set(type, load)
}

/** Imports what defines the type, if this thread does not know it yet but can. */
export function loadMaker(type: string): Promise<void> | undefined {
  return makers.has(type)
    ? undefined
    : loaders
        .get(type)?.()
        .then(() => {})
}

/** Makes the handle. Throws if this side does not know the type. */
export function revivePortable(description: PortableDescription): unknown {
  const make = makers.get(description.type)
  if (make === undefined) throw new TypeError(`this thread does not know how to receive a ${description.type}`)
  return make(description.data)
}

/** The type of a thing that another process has. */
export const HOSTED = 'hosted'

/** Makes of what would cross to a thread what crosses to another process; undefined for what cannot be used from there. */
export type Hosting = (thing: object, description: PortableDescription) => PortableDescription | undefined

let hosting: Hosting | undefined

/** Called once, by those who make the things of this process be used from others. */
export function provideHosting(provided: Hosting): void {
  hosting = provided
}

/** What crosses to another process. */
export function hosted(thing: object, description: PortableDescription): PortableDescription | undefined {
  return hosting?.(thing, description)
}

export function isPortable(value: object): value is Portable {
  return portable in value
}
