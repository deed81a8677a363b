/**
 * The source that a function was compiled from: the code that really runs, after TypeScript was stripped.
 *
 * V8 knows it, but asking for it enables the debugger, which walks the whole heap: 30 ms in a small program, 0.1 s more
 * for each 300 MB. So it is asked last. First the stack is looked at, whose frames name their scripts: the file that
 * submits is mostly the file that the function stands in. If the file on disk has the function's text where V8 says
 * that it is, that file is what was compiled.
 */
import type { Debugger, Runtime, Session as Inspector } from 'node:inspector'
import { fileUrl, isUrl, quietly } from './modules.ts'
import { ask, withInspector, type Reflected } from './reflection.ts'

/** One piece of source that V8 compiled. */
export interface Script {
  /** Empty for code that came from no file. */
  readonly url: string
  readonly source: string
  readonly isModule: boolean
  /** Where the source begins, as far as locations are concerned. */
  readonly startLine: number
  readonly startColumn: number
}

/** The first character of a text in a script: as an offset in its source, and as its file counts, from zero. */
export interface SourcePlace {
  readonly offset: number
  readonly line: number
  readonly column: number
}

type Head = Omit<Script, 'source'>

/** Enough for every file of a program; a program that compiles text must not fill the memory with what it was. */
const MOST_SCRIPTS = 2048

const scripts = new Map<string, Script>()
/** Of all scripts there were when the debugger was asked. */
const heads = new Map<string, Head>()
/** Of scripts that were on a stack. */
const urls = new Map<string, string>()

/** The script that a function with this source text stands in. */
export function scriptOf(text: string, { location, scopes }: Reflected): Script | undefined {
  if (location === undefined) return undefined
  const { scriptId, line, column } = location
  const known = scripts.get(scriptId)
  if (known !== undefined) return known
  const isModule = scopes.some(({ kind }) => kind === 'Module')
  const head = heads.get(scriptId) ?? headFromStack(scriptId, isModule)
  const source = head && readSource(head.url)
  const read = head && source !== undefined ? { ...head, source } : undefined
  const isCurrent = read !== undefined && searchPlace(text, line, column, read) !== undefined
  const script = isCurrent ? read : withInspector(inspector => askDebugger(inspector, scriptId))
  if (script === undefined) return undefined
  if (scripts.size === MOST_SCRIPTS) scripts.clear()
  scripts.set(scriptId, script)
  return script
}

/** Only a script that was asked for before: costs nothing. */
export function knownScriptOf({ location }: Reflected): Script | undefined {
  return location && scripts.get(location.scriptId)
}

function headFromStack(scriptId: string, isModule: boolean): Head | undefined {
  if (!urls.has(scriptId)) withInspector(readStack)
  const url = urls.get(scriptId)
  return url === undefined ? undefined : { url, isModule, startLine: 0, startColumn: 0 }
}

/** While `Runtime` is enabled, what is thrown carries its stack, from the inspector's own frame down to the program's. */
function readStack(inspector: Inspector): void {
  if (urls.size > MOST_SCRIPTS) urls.clear()
  ask(inspector, 'Runtime.enable')
  try {
    const answer = ask(inspector, 'Runtime.evaluate', { expression: 'throw 0', silent: true })
    const { exceptionDetails } = answer as Runtime.EvaluateReturnType
    for (const frame of exceptionDetails?.stackTrace?.callFrames ?? []) urls.set(frame.scriptId, frame.url)
  } finally {
    ask(inspector, 'Runtime.disable')
  }
}

function readSource(url: string): string | undefined {
  if (!url.startsWith('file:')) return undefined
  try {
    const text = process.getBuiltinModule('node:fs').readFileSync(new URL(url), 'utf8')
    // As Node does it: types become spaces, so that every position stays.
    return /\.[cm]?ts$/.test(url) ? stripTypes(text) : text
  } catch {
    // Whatever is wrong with the file, the debugger has the source.
    return undefined
  }
}

function stripTypes(text: string): string | undefined {
  const { features } = process as { features: { typescript?: unknown } }
  if (features.typescript !== 'strip') return undefined
  return quietly(() => process.getBuiltinModule('node:module').stripTypeScriptTypes(text))
}

function askDebugger(inspector: Inspector, scriptId: string): Script | undefined {
  heads.clear()
  inspector.on('Debugger.scriptParsed', ({ params }) => {
    const { url, isModule = false, startLine, startColumn } = params
    heads.set(params.scriptId, { url, isModule, startLine, startColumn })
  })
  ask(inspector, 'Debugger.enable')
  try {
    const answer = ask(inspector, 'Debugger.getScriptSource', { scriptId }) as Debugger.GetScriptSourceReturnType
    const head = heads.get(scriptId)
    return head && { ...head, source: answer.scriptSource }
  } finally {
    ask(inspector, 'Debugger.disable')
  }
}

const places = new WeakMap<Script, Map<string, SourcePlace | undefined>>()

/** Where a function with this text begins in its script. */
export function placeOf(text: string, { location }: Reflected, script: Script): SourcePlace | undefined {
  if (location === undefined) return undefined
  let found = places.get(script)
  if (found === undefined) {
    found = new Map()
    places.set(script, found)
  }
  const { line, column } = location
  const key = `${line}:${column}`
  if (!found.has(key)) found.set(key, searchPlace(text, line, column, script))
  return found.get(key)
}

/** V8 locates a function by its parameters, and a class by its constructor: somewhere inside the text. */
function searchPlace(text: string, line: number, column: number, script: Script): SourcePlace | undefined {
  const { source, startLine, startColumn } = script
  const inside = offsetOf(source, line - startLine, line === startLine ? column - startColumn : column)
  const offset = source.lastIndexOf(text, inside)
  if (offset < 0 || offset + text.length < inside) return undefined
  const before = source.slice(0, offset).split('\n')
  const inLine = before.at(-1)!.length
  return {
    offset,
    line: startLine + before.length - 1,
    column: before.length === 1 ? startColumn + inLine : inLine,
  }
}

function offsetOf(source: string, line: number, column: number): number {
  let start = 0
  for (let passed = 0; passed < line; passed++) {
    const end = source.indexOf('\n', start)
    if (end < 0) break
    start = end + 1
  }
  return start + column
}

/** The URL of the script's file; undefined for `eval`, a REPL, and the like. */
export function fileOf({ url }: Script): string | undefined {
  return isUrl(url) ? url : url.startsWith('/') ? fileUrl(url) : undefined
}
