/**
 * How a function or class crosses to another thread: by name if it has one, otherwise as its text plus what it captures.
 *
 * In this order: marked with `task()`; part of the runtime; text that needs nothing from around it; exported from a
 * module that is not the program's entry; text with captures, where the runtime lets us read them. What remains is
 * refused at the call, with the path to the variable that cannot cross.
 */
import { isUrl } from '../platform/modules.ts'
import { reflect } from '../platform/reflection.ts'
import { scriptOf } from '../platform/scripts.ts'
import { describe, isSloppy, sourceOf } from './describe-function.ts'
import { exportedName, findExport } from './export-search.ts'
import { IMPORT_CALL, type FunctionNode, type TextNode } from './function-node.ts'
import { ownState } from './own-state.ts'
import { checkMainGuard, taskNode } from './task.ts'

export { ImportReference, type FunctionNode } from './function-node.ts'

export interface FunctionIdentity {
  /** Equal exactly when the function is the same. */
  readonly key: string
  /** Can be cloned as it is. */
  readonly node: FunctionNode
}

/**
 * Describes a function or class. The values that it captures, and the properties that it was given, are in the node as
 * they are: the packer walks them. Throws CannotSendError with `path` prolonged to what cannot cross.
 */
export function describeFunction(fn: Function, path: string): FunctionNode {
  checkMainGuard()
  return identities.get(fn)?.node ?? describe(fn, path)
}

/** By function object. `null` says that it has to be packed with its captures on each call. */
const identities = new WeakMap<Function, FunctionIdentity | null>()

/** By source text, of functions that are nothing but that: who submits `x => x * 2` makes a new function each time. */
const plainTexts = new Map<string, FunctionIdentity & { readonly node: TextNode }>()

/** Texts of functions that copy values: to look into them here would be to do the packer's work twice. */
const copyingTexts = new Set<string>()

/** Enough for every function of a program; a program that makes functions from text must not fill the memory. */
const MOST_TEXTS = 4096

/**
 * What a worker has to be told about the function once, if that is all there is to it: no values are copied.
 * Undefined if it has to be packed on every call. Throws CannotSendError.
 */
export function identifyFunction(fn: Function, path: string = fn.name || 'fn'): FunctionIdentity | undefined {
  checkMainGuard()
  const known = identities.get(fn)
  if (known !== undefined) return known ?? undefined
  const identity = identifyByText(fn) ?? identify(fn, path)
  identities.set(fn, identity ?? null)
  return identity
}

/** One look-up of the text. Text that was seen once with a global called `Map` is believed to mean it again. */
function identifyByText(fn: Function): FunctionIdentity | undefined {
  const source = sourceOf(fn)
  const known = plainTexts.get(source)
  if (known === undefined || known.node.name !== fn.name || known.node.strict === isSloppy(fn, source)) return undefined
  return taskNode(fn) === undefined && ownState(fn) === undefined ? known : undefined
}

function identify(fn: Function, path: string): FunctionIdentity | undefined {
  const source = sourceOf(fn)
  if (copyingTexts.has(source) && taskNode(fn) === undefined) return undefined
  const node = describe(fn, path)
  if (node.kind === 'bound') return undefined
  if (node.kind !== 'text') return { key: JSON.stringify(node), node }
  if (node.own !== undefined) return undefined
  if (node.captures !== undefined) {
    if (copyingTexts.size === MOST_TEXTS) copyingTexts.clear()
    copyingTexts.add(source)
    return undefined
  }
  const identity = { key: keyOf(node), node }
  const isPlain = node.imports === undefined && node.self === undefined && node.form !== 'class'
  if (isPlain && !node.text.includes(IMPORT_CALL)) {
    if (plainTexts.size === MOST_TEXTS) plainTexts.clear()
    plainTexts.set(source, identity)
  }
  return identity
}

/** Where the text stands is no part of what it does, unless it imports from there. */
function keyOf({ from, line: _line, column: _column, ...rest }: TextNode): string {
  return JSON.stringify(from !== undefined && rest.text.includes(IMPORT_CALL) ? { ...rest, from } : rest)
}

export interface Reference {
  readonly url: string
  readonly name: string
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

function findByReflection(fn: Function): Reference | undefined {
  const reflected = reflect(fn)
  const script = reflected && scriptOf(sourceOf(fn), reflected)
  const found = script && findExport(fn, reflected, script)
  if (found === undefined || !isUrl(found.specifier)) return undefined
  // The whole of a CommonJS module is what `import` calls its default.
  return { url: found.specifier, name: found.name === '*' ? 'default' : found.name }
}
