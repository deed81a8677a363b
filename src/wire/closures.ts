/**
 * Functions that no mark names, as the runtime lets us see them: what they are part of, where they are exported, what
 * they capture. And on the other side, how they are made from their text.
 *
 * This is most of what the package knows about functions, with a parser behind it. A page loads
 * {@link file://./no-closures.ts} in its place: both are `#closures`, and package.json says which it is where.
 */
import { isUrl } from '../platform/modules.ts'
import { reflect } from '../platform/reflection.ts'
import { scriptOf } from '../platform/scripts.ts'
import { describeClosure, isSloppy, sourceOf } from './describe-function.ts'
import { findExport } from './export-search.ts'
import { IMPORT_CALL, type FunctionIdentity, type Reference, type TextNode } from './function-node.ts'
import { ownState } from './own-state.ts'

export { describeClosure } from './describe-function.ts'
export { functionFromText } from './from-text.ts'
export { ownState } from './own-state.ts'

/** By source text, of functions that are nothing but that: who submits `x => x * 2` makes a new function each time. */
const plainTexts = new Map<string, FunctionIdentity & { readonly node: TextNode }>()

/** Texts of functions that copy values: to look into them here would be to do the packer's work twice. */
const copyingTexts = new Set<string>()

/** Enough for every function of a program; a program that makes functions from text must not fill the memory. */
const MOST_TEXTS = 4096

/** What a worker has to be told about the function once. Undefined if it has to be packed on every call. */
export function identifyClosure(fn: Function, path: string): FunctionIdentity | undefined {
  return identifyByText(fn) ?? identify(fn, path)
}

/** One look-up of the text. Text that was seen once with a global called `Map` is believed to mean it again. */
function identifyByText(fn: Function): FunctionIdentity | undefined {
  const source = sourceOf(fn)
  const known = plainTexts.get(source)
  if (known === undefined || known.node.name !== fn.name || known.node.strict === isSloppy(fn, source)) return undefined
  return ownState(fn) === undefined ? known : undefined
}

function identify(fn: Function, path: string): FunctionIdentity | undefined {
  const source = sourceOf(fn)
  if (copyingTexts.has(source)) return undefined
  const node = describeClosure(fn, path)
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

/** The export that the function is, found by looking into it. */
export function findByReflection(fn: Function): Reference | undefined {
  const reflected = reflect(fn)
  const script = reflected && scriptOf(sourceOf(fn), reflected)
  const found = script && findExport(fn, reflected, script)
  if (found === undefined || !isUrl(found.specifier)) return undefined
  // The whole of a CommonJS module is what `import` calls its default.
  return { url: found.specifier, name: found.name === '*' ? 'default' : found.name }
}
