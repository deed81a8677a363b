/**
 * Modules and code: loading a module as another file would load it, compiling text as if it stood in that file.
 */
import { UnsupportedError } from '../errors.ts'
import { runtime } from './runtime.ts'

/** The key under which a thread tells its workers, and they theirs, what the program was started with. */
const MAIN = 'multitask.main'

const host = (globalThis as { process?: NodeJS.Process }).process
const threads = host?.getBuiltinModule?.('node:worker_threads')
if (threads?.isMainThread === true) threads.setEnvironmentData(MAIN, process.argv[1])

let main: { readonly url: string | undefined } | undefined

/** Says, in a process that another has started, with what the whole program began. */
export function setMainModule(url: string | undefined): void {
  threads?.setEnvironmentData(MAIN, url)
  main = { url }
}

/** The URL of the program's entry, in its workers too. Undefined for a REPL, `--eval` and code from stdin. */
export function mainModule(): string | undefined {
  return (main ??= { url: findMain() }).url
}

function findMain(): string | undefined {
  const file = threads?.getEnvironmentData(MAIN)
  if (typeof file !== 'string') return undefined
  if (isUrl(file)) return file
  try {
    // Adds the extension that was left out, and follows links, as the loader did.
    return fileUrl(requireAt(fileUrl(file)).resolve(file))
  } catch {
    return undefined
  }
}

/** The URL of a path. A URL stays what it is. */
export function fileUrl(path: string): string {
  return isUrl(path) ? path : process.getBuiltinModule('node:url').pathToFileURL(path).href
}

/** Whether it begins with a scheme. A drive letter is none. */
export function isUrl(text: string): boolean {
  return /^[a-z][a-z\d+.-]+:/i.test(text)
}

/** `require` of the module with this URL. */
export function requireAt(url: string): NodeJS.Require {
  return process.getBuiltinModule('node:module').createRequire(url)
}

/** What CommonJS's loader gives for a specifier in the file `from`, or for the URL of a file. */
export function requireModule(specifier: string, from: string = import.meta.url): unknown {
  const isFile = specifier.startsWith('file:')
  return requireAt(from)(isFile ? process.getBuiltinModule('node:url').fileURLToPath(specifier) : specifier)
}

/** A module of the runtime, at once; undefined if there is none of that name. */
export function builtinModule(specifier: string): object | undefined {
  return specifier.startsWith('node:') ? process.getBuiltinModule(specifier) : undefined
}

/** A module that comes with this package, loaded when it is first needed. */
export function requireDependency(name: string): unknown {
  try {
    return requireAt(import.meta.url)(name)
  } catch (error) {
    throw new UnsupportedError(`multitask cannot load ${name}, which is installed with it: ${String(error)}`, {
      cause: error,
    })
  }
}

/**
 * Makes a specifier independent of the file that it stands in, where that is possible without asking the loader:
 * `./x.js` in `from` becomes a URL, `fs` becomes `node:fs`. Names of packages stay what they are.
 */
export function absoluteSpecifier(specifier: string, from: string | undefined): string {
  if (isUrl(specifier)) return specifier
  if (from !== undefined && /^\.{0,2}\//.test(specifier)) return new URL(specifier, from).href
  return process.getBuiltinModule('node:module').isBuiltin(specifier) ? `node:${specifier}` : specifier
}

/** Imports as the file `from` would: the same conditions, the same `imports` map of its package. */
export async function importModule(specifier: string, from?: string, options?: ImportCallOptions): Promise<object> {
  const absolute = absoluteSpecifier(specifier, from)
  if (isUrl(absolute) || from === undefined) {
    return import(/* webpackIgnore: true */ /* @vite-ignore */ absolute, options)
  }
  return importFrom(absolute, from, options)
}

type Importer = (specifier: string, options?: ImportCallOptions) => Promise<object>

const importers = new Map<string, Importer>()

/** A package, looked up from `from`. Only code that stands in that file can do so, hence a line of it is made. */
function importFrom(specifier: string, from: string, options?: ImportCallOptions): Promise<object> {
  if (runtime !== 'node') return importModule(fileUrl(requireAt(from).resolve(specifier)), undefined, options)
  let importer = importers.get(from)
  if (importer === undefined) {
    const vm = process.getBuiltinModule('node:vm')
    const line = new vm.Script('(specifier, options) => import(specifier, options)', {
      filename: from,
      importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    })
    importer = line.runInThisContext() as Importer
    importers.set(from, importer)
  }
  const load = importer
  return quietly(() => load(specifier, options))
}

/**
 * Uses a feature that Node prints an ExperimentalWarning about, the first time and before it returns: nobody has asked
 * to read that.
 */
export function quietly<T>(use: () => T): T {
  const original = Object.getOwnPropertyDescriptor(process, 'emitWarning')!
  process.emitWarning = (...args: unknown[]) => {
    if (args[1] !== 'ExperimentalWarning') Reflect.apply(original.value as () => void, process, args)
  }
  try {
    return use()
  } finally {
    Object.defineProperty(process, 'emitWarning', original)
  }
}

/** Where a piece of code is said to stand, lines and columns from zero. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** Compiles the body of a function without parameters. Throws its SyntaxError. */
export function compile(body: string, { file, line, column }: Place): () => unknown {
  const options = { filename: file, lineOffset: line, columnOffset: column }
  return process.getBuiltinModule('node:vm').compileFunction(body, [], options) as () => unknown
}

/** Whether a test runner compiles modules its own way, so that a worker sees other source text. */
export function sourcesAreTransformed(): boolean {
  return process.env['VITEST'] !== undefined || process.env['JEST_WORKER_ID'] !== undefined
}

/** The exports of a CommonJS module, if this thread has loaded it. */
export function commonJsExports(url: string): unknown {
  if (!url.startsWith('file:')) return undefined
  const path = process.getBuiltinModule('node:url').fileURLToPath(url)
  return requireAt(url).cache[path]?.exports
}
