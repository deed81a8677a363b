/**
 * Classes that both sides know by name.
 *
 * A class that is exported from a module, or that can be read where it is written, needs no registration: its instances
 * are copied field by field. Registration is for the others, those with `#private` fields or with something inside that
 * cannot be copied, and for runtimes that cannot read what a class captures.
 */
import { CannotLoadError } from '../errors.ts'

export interface RegisterClassOptions<T, D> {
  /** What the class is called in messages. Default: its name. */
  readonly name?: string
  /** Makes something that can be sent from an instance. Together with `decode`. */
  readonly encode?: (value: T) => D
  /** Makes an instance from what `encode` made, in the other thread. */
  readonly decode?: (data: D) => T
}

export interface Registration {
  readonly name: string
  readonly constructor: Function
  readonly encode: ((value: unknown) => unknown) | undefined
  readonly decode: ((data: unknown) => unknown) | undefined
}

const byName = new Map<string, Registration>()
const byPrototype = new Map<unknown, Registration>()

/**
 * Makes instances of a class cross to other threads as what they are.
 * Call it at the top level of a module that both sides import, such as the one that defines the class.
 *
 * Without `encode` and `decode` the own properties are copied, and no constructor runs. Subclasses are not included.
 * Throws TypeError if another class has the name, or if only one of `encode` and `decode` is given.
 */
export function registerClass<T extends object, D = unknown>(
  constructor: Function & { readonly prototype: T },
  options: RegisterClassOptions<T, D> = {},
): void {
  if (typeof constructor !== 'function') throw new TypeError(`registerClass takes a class, not ${String(constructor)}`)
  const { name = constructor.name, encode, decode } = options
  if (name === '') throw new TypeError('registerClass: the class has no name; give one as { name }')
  if ((encode === undefined) !== (decode === undefined)) {
    throw new TypeError(`registerClass: ${name} needs both encode and decode, or neither`)
  }
  const taken = byName.get(name)
  if (taken !== undefined && taken.constructor !== constructor) {
    throw new TypeError(
      `registerClass: another class is registered as ${JSON.stringify(name)}; give this one a { name }`,
    )
  }
  const registration = { name, constructor, encode, decode } as Registration
  byName.set(name, registration)
  byPrototype.set(constructor.prototype, registration)
}

/** How instances with this prototype cross, if their class is registered. */
export function registrationOf(prototype: unknown): Registration | undefined {
  return byPrototype.get(prototype)
}

/** The class with this name. Throws CannotLoadError if this thread has none. */
export function registeredClass(name: string): Registration {
  const registration = byName.get(name)
  if (registration !== undefined) return registration
  throw new CannotLoadError(
    `no class is registered as ${JSON.stringify(name)} in this thread; ` +
      'call registerClass at the top level of a module that is imported here too',
  )
}
