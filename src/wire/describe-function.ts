/** Finds the way in which a function or class can cross. The order of the ways is the order of this file. */
import { CannotSendError } from '../errors.ts'
import { builtinExport, globalPath } from '../platform/builtins.ts'
import { isProxy } from '../platform/kinds.ts'
import { blindness, reflect, type Reflected } from '../platform/reflection.ts'
import { fileOf, knownScriptOf, placeOf, scriptOf, type Script } from '../platform/scripts.ts'
import { assigned, isRequire, lostBase, readCaptures, requireOf, scopeOf, type Captures } from './captures.ts'
import { findExport } from './export-search.ts'
import { analyseText, type FunctionText } from './free-names.ts'
import { IMPORT_CALL, KEEP_NAME, type FunctionNode, type TextNode } from './function-node.ts'
import { addedStatics, ownState } from './own-state.ts'
import { importTiedToFile, isEverywhere, isTied, refuseTies } from './ties.ts'

export function describeClosure(fn: Function, path: string): FunctionNode {
  if (isProxy(fn)) throw new CannotSendError(path, 'it is a Proxy, whose handler cannot be copied')
  const global = globalPath(fn)
  if (global !== undefined) return { kind: 'global', path: global }
  if (isRequire(fn)) return { kind: 'import', ...requireOf(fn) }
  const source = sourceOf(fn)
  return /\{\s*\[native code\]\s*\}\s*$/.test(source) ? describeNative(fn, path) : describeSource(fn, source, path)
}

/** What `toString()` says, even if the function has a `toString` of its own. */
export function sourceOf(fn: Function): string {
  return Function.prototype.toString.call(fn)
}

/** Only functions written with the word can run in sloppy mode and show it: then, their `arguments` may be asked for. */
export function isSloppy(fn: Function, source: string): boolean {
  if (!source.startsWith('function')) return false
  try {
    void fn.arguments
    return true
  } catch {
    return false
  }
}

function describeNative(fn: Function, path: string): FunctionNode {
  const builtin = builtinExport(fn)
  if (builtin !== undefined) return { kind: 'import', ...builtin }
  const bound = reflect(fn)?.bound
  if (bound !== undefined) return { kind: 'bound', ...bound }
  if (fn.name.startsWith('bound ')) {
    throw new CannotSendError(path, `it is a bound function, and ${blindness()} cannot tell to what it is bound`)
  }
  throw new CannotSendError(path, `it is native code (${fn.name || 'without a name'}), which belongs to this thread`)
}

function describeSource(fn: Function, source: string, path: string): FunctionNode {
  const text = analyse(fn, source, path)
  const names = [...text.free.keys()].filter(name => name !== KEEP_NAME && name !== IMPORT_CALL)
  const tiedImport = importTiedToFile(text)
  // Instances of a class are told by its identity, so a class that has a name has to go by that.
  const isFree =
    text.form !== 'class' && text.importCalls.every(({ specifier }) => isEverywhere(specifier)) && !isTied(text)
  if (isFree && names.length === 0) return textNode(fn, text)
  const reflected = reflect(fn)
  if (reflected === undefined) return describeBlindly(fn, text, names, path)
  // `Map` and `setTimeout` may be imports of that name, which no text tells.
  const onlyGlobals = names.every(
    name => !text.free.get(name)!.assigned && scopeOf(name, reflected.scopes) === undefined,
  )
  if (isFree && onlyGlobals) return textNode(fn, text, reflected, knownScriptOf(reflected))
  const script = scriptOf(source, reflected)
  const exported = script && findExport(fn, reflected, script)
  if (exported !== undefined) return { kind: 'import', ...exported }
  if (script?.url.startsWith('node:') === true) {
    throw new CannotSendError(path, `it was made by Node itself (${script.url}), and only its result can be used`)
  }
  refuseTies(text, path)
  if (tiedImport !== undefined && (script === undefined || fileOf(script) === undefined)) {
    throw new CannotSendError(path, `it imports "${tiedImport}", but was not written in a file`)
  }
  return textNode(fn, text, reflected, script, readCaptures(fn, text, names, reflected, script, path))
}

function analyse(fn: Function, source: string, path: string): FunctionText {
  try {
    return analyseText(source, isSloppy(fn, source))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    const reason = `its text cannot stand on its own (${error.message})`
    throw new CannotSendError(path, reason, undefined, { cause: error })
  }
}

/** Where nothing can be read, names that the runtime knows are taken for its globals. */
function describeBlindly(fn: Function, text: FunctionText, names: readonly string[], path: string): FunctionNode {
  const isKnown = (name: string) =>
    name in globalThis ? lostBase(fn, name, text) === undefined : isElsewhere(name, text)
  const unknown = names.filter(name => !isKnown(name))
  const stored = names.find(name => text.free.get(name)!.assigned)
  const tiedImport = importTiedToFile(text)
  if (unknown.length > 0 || stored !== undefined || tiedImport !== undefined) {
    const builtin = builtinExport(fn)
    if (builtin !== undefined) return { kind: 'import', ...builtin }
  }
  refuseTies(text, path)
  if (stored !== undefined) throw assigned(stored, path)
  const cure = 'pass it as an argument, or mark the function with task()'
  if (unknown.length > 0) {
    const list = unknown.map(name => `"${name}"`).join(', ')
    throw new CannotSendError(path, `it captures ${list}, which ${blindness()} cannot read`, cure)
  }
  if (tiedImport !== undefined) {
    const reason = `it imports "${tiedImport}", but ${blindness()} cannot tell in which file it stands`
    throw new CannotSendError(path, reason, 'import an absolute URL, or mark the function with task()')
  }
  return textNode(fn, text)
}

/** `typeof window` asks whether this is a browser, and is true to itself anywhere. */
function isElsewhere(name: string, text: FunctionText): boolean {
  const known =
    /^(window|document|self|navigator|location|importScripts|process|global|Buffer|require|module|Deno|Bun)$/
  return text.free.get(name)!.probed && known.test(name)
}

function textNode(
  fn: Function,
  text: FunctionText,
  reflected?: Reflected,
  script?: Script,
  captures?: Captures,
): TextNode {
  const name: unknown = Object.getOwnPropertyDescriptor(fn, 'name')?.value
  const from = script && fileOf(script)
  const place = reflected && script && placeOf(sourceOf(fn), reflected, script)
  const own = text.form === 'class' ? addedStatics(fn, text.statics) : ownState(fn)
  const { self = [], imports = {}, values = {}, early = false } = captures ?? {}
  return {
    kind: 'text',
    text: text.text,
    form: text.form,
    strict: text.strict,
    ...(typeof name === 'string' && { name }),
    ...(from !== undefined && { from }),
    ...(place !== undefined && { line: place.line, column: place.column }),
    ...(self.length > 0 && { self }),
    ...(!isEmpty(imports) && { imports }),
    ...(!isEmpty(values) && { captures: values }),
    ...(early && { early }),
    ...(own !== undefined && { own }),
  }
}

function isEmpty(record: object): boolean {
  return Object.keys(record).length === 0
}
