/**
 * How a function or class crosses to another thread: by name if it has one, otherwise as its text plus what it captures.
 *
 * In this order: marked with `task()`; part of the runtime; text that needs nothing from around it; exported from a
 * module that is not the program's entry; text with captures, where the runtime lets us read them. What remains is
 * refused at the call, with the path to the variable that cannot cross.
 */
import { describeClosure, findByReflection, identifyClosure } from '#closures'
import { exportedName } from './exported-name.ts'
import type { FunctionIdentity, FunctionNode, Reference } from './function-node.ts'
import { checkMainGuard, taskNode } from './task.ts'

/**
 * Describes a function or class. The values that it captures, and the properties that it was given, are in the node as
 * they are: the packer walks them. Throws CannotSendError with `path` prolonged to what cannot cross.
 */
export function describeFunction(fn: Function, path: string): FunctionNode {
  checkMainGuard()
  return taskNode(fn) ?? identities.get(fn)?.node ?? describeClosure(fn, path)
}

/** By function object. `null` says that it has to be packed with its captures on each call. */
const identities = new WeakMap<Function, FunctionIdentity | null>()

/**
 * What a worker has to be told about the function once, if that is all there is to it: no values are copied.
 * Undefined if it has to be packed on every call. Throws CannotSendError.
 */
export function identifyFunction(fn: Function, path: string = fn.name || 'fn'): FunctionIdentity | undefined {
  checkMainGuard()
  const known = identities.get(fn)
  if (known !== undefined) return known ?? undefined
  const task = taskNode(fn)
  const identity = task === undefined ? identifyClosure(fn, path) : { key: JSON.stringify(task), node: task }
  identities.set(fn, identity ?? null)
  return identity
}

const NO_HINTS: ReadonlyMap<string, object> = new Map()

/** What is known, and among how many hints it was searched. */
const references = new WeakMap<Function, { readonly found: Reference | undefined; readonly hints: number }>()

/**
 * Where a function or class can be imported from, if that is known on this side: for errors that are thrown back.
 *
 * @param hints namespaces of modules that were imported here, by URL. They are searched on every runtime; where
 * functions can be looked into, other modules are found as well.
 */
export function referenceTo(fn: Function, hints: ReadonlyMap<string, object> = NO_HINTS): Reference | undefined {
  const known = references.get(fn)
  if (known !== undefined && (known.found !== undefined || known.hints === hints.size)) return known.found
  const found = findAmong(fn, hints) ?? (known === undefined ? findByReflection(fn) : undefined)
  references.set(fn, { found, hints: hints.size })
  return found
}

function findAmong(fn: Function, hints: ReadonlyMap<string, object>): Reference | undefined {
  for (const [url, namespace] of hints) {
    const name = exportedName(namespace, fn)
    if (name !== undefined) return { url, name }
  }
  return undefined
}
