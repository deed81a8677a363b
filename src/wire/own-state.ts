/** What a program has added to a function object: properties, and methods of a constructor in the style of 2009. */

type State = Readonly<Record<string, unknown>>

const INBORN = new Set(['length', 'name', 'prototype', 'arguments', 'caller'])

/** The properties that a class has beside those that its text gives it; undefined if there are none. */
export function addedStatics(class_: Function, statics: ReadonlySet<string> | undefined): State | undefined {
  if (statics === undefined) return undefined
  const added = Object.keys(class_).filter(key => !statics.has(key))
  return added.length === 0 ? undefined : Object.fromEntries(added.map(key => [key, valueOf(class_, key)]))
}

/**
 * The added properties of a function, by name; undefined if there are none, as is usual. A key `prototype` holds the
 * object that its prototype has become.
 */
export function ownState(fn: Function): State | undefined {
  let state: Record<string, unknown> | undefined
  for (const key of Object.keys(fn)) {
    if (!INBORN.has(key)) (state ??= {})[key] = valueOf(fn, key)
  }
  const prototype: unknown = Object.getOwnPropertyDescriptor(fn, 'prototype')?.value
  if (isChanged(fn, prototype)) (state ??= {})['prototype'] = prototype
  return state
}

function valueOf(fn: Function, key: string): unknown {
  return (fn as unknown as Record<string, unknown>)[key]
}

function isChanged(fn: Function, prototype: unknown): boolean {
  if (typeof prototype !== 'object' || prototype === null) return false
  const added = Reflect.ownKeys(prototype).some(key => key !== 'constructor')
  // The prototype of a generator function inherits from something by nature.
  if (added || Object.prototype.toString.call(fn).endsWith('GeneratorFunction]')) return added
  const parent: unknown = Object.getPrototypeOf(prototype)
  return parent !== null && Object.getPrototypeOf(parent) !== null
}

/** Puts the state of the original on its copy. */
export function giveOwnState(copy: Function, { prototype, ...properties }: State): void {
  Object.assign(copy, properties)
  if (typeof prototype !== 'object' || prototype === null) return
  const target = copy.prototype as object
  Object.setPrototypeOf(target, Object.getPrototypeOf(prototype) as object | null)
  Object.defineProperties(target, Object.getOwnPropertyDescriptors(prototype))
}
