/**
 * Operations of primitives as steps: whoever takes `lock.acquireSync()` for one step, and not for the dozen of atomic
 * operations that it is made of, stands at the entrance of every method of every class by which threads meet.
 *
 * The primitives know nothing of it, and pay nothing. The entrances are put in when a program first checks something, and
 * let everybody through for whom nobody stands there.
 */
import { type Primitive, primitives } from '../memory/primitives.ts'

export interface Entrance {
  /** An operation is called. Returns what it comes to. */
  enter(call: Call): unknown
}

export interface Call {
  readonly primitive: Primitive
  readonly handle: object
  readonly name: string
  /** Does it. */
  readonly perform: () => unknown
}

/** They call functions of the user, so they are several steps, or they belong to the thread alone. */
const exempt = new Set([
  'constructor',
  'with',
  'withSync',
  'waitFor',
  'waitForSync',
  'update',
  'itemsSync',
  'lock',
  'name',
  'toJSON',
  'at',
])

let current: Entrance | undefined
const entered = new WeakSet<object>()

/** Stands at the entrances, or goes away. Returns who stood there. */
export function standAtEntrances(next: Entrance | undefined): Entrance | undefined {
  if (next !== undefined) for (const primitive of primitives()) putEntrances(primitive)
  const before = current
  current = next
  return before
}

function putEntrances(primitive: Primitive): void {
  const { prototype } = primitive
  if (entered.has(prototype)) return
  entered.add(prototype)
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    if (exempt.has(name)) continue
    const wrapped: PropertyDescriptor = { ...property }
    for (const part of ['value', 'get', 'set'] as const) {
      const method: unknown = property[part]
      if (typeof method === 'function') wrapped[part] = entrance(primitive, name, method as Method)
    }
    Object.defineProperty(prototype, name, wrapped)
  }
}

type Method = (this: object, ...args: unknown[]) => unknown

function entrance(primitive: Primitive, name: string, method: Method): Method {
  return function atEntrance(this: object, ...args: unknown[]): unknown {
    if (current === undefined) return method.apply(this, args)
    return current.enter({ primitive, handle: this, name, perform: () => method.apply(this, args) })
  }
}
