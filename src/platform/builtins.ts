/**
 * What the runtime brings along, found by identity: globals and their methods, and exports of `node:` modules.
 * The tables are made on first use.
 */
import { runtime } from './runtime.ts'

/**
 * Whose methods are looked through. Not all globals: Node loads some of them, and half of its network code, when their
 * value is looked at.
 */
const OWNERS =
  'Object Function Array Number Boolean String Symbol BigInt Math JSON Reflect Promise Proxy RegExp Date Error Intl ' +
  'ArrayBuffer SharedArrayBuffer DataView Uint8Array Atomics Map Set WeakMap WeakSet WeakRef Iterator WebAssembly ' +
  'console process'

let methods: Map<unknown, readonly string[]> | undefined

/** The way to a global function from `globalThis`, such as `['setTimeout']` or `['Array', 'prototype', 'slice']`. */
export function globalPath(fn: Function): readonly string[] | undefined {
  // A class may have another idea of its name.
  const name: unknown = fn.name
  if (typeof name === 'string' && name in globalThis && (globalThis as Record<string, unknown>)[name] === fn)
    return [name]
  return (methods ??= indexMethods()).get(fn)
}

function indexMethods(): Map<unknown, readonly string[]> {
  const index = new Map<unknown, readonly string[]>()
  const add = (holder: unknown, path: readonly string[]) => {
    if (!isReference(holder)) return
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(holder))) {
      // Getters are left alone: nobody knows what they do.
      if (typeof value === 'function' && !index.has(value)) index.set(value, [...path, name])
    }
  }
  for (const name of OWNERS.split(' ')) {
    const owner: unknown = Object.getOwnPropertyDescriptor(globalThis, name)?.value
    if (!isReference(owner)) continue
    add(owner, [name])
    add(Object.getOwnPropertyDescriptor(owner, 'prototype')?.value, [name, 'prototype'])
  }
  return index
}

export interface BuiltinExport {
  readonly specifier: string
  /** `default` for the module itself. */
  readonly name: string
}

const builtins = new Map<unknown, BuiltinExport>()
const indexed = new Set<string>()
/** How many modules Node had loaded when they were indexed last. */
let loadedThen = -1

/** The `node:` module that exports this very function or object. */
export function builtinExport(value: object): BuiltinExport | undefined {
  const { moduleLoadList = [] } = process as { moduleLoadList?: readonly string[] }
  if (moduleLoadList.length !== loadedThen) {
    loadedThen = moduleLoadList.length
    indexBuiltins(moduleLoadList)
  }
  return builtins.get(value)
}

/** Loading one of these for nothing prints a warning, or starts something. */
const UNWELCOME =
  /^(_|sys$|punycode|wasi|sqlite|test|repl|inspector|trace_events|cluster|ffi|quic|domain|bun:|undici|ws$)/

/** Node says which modules are loaded; what was never loaded cannot have been captured. Elsewhere: all that are harmless. */
function indexBuiltins(moduleLoadList: readonly string[]): void {
  const loaded = new Set(moduleLoadList.map(entry => entry.replace(/^NativeModule /, '')))
  const { builtinModules } = process.getBuiltinModule('node:module')
  const names = builtinModules
    .map(id => id.replace(/^node:/, ''))
    .filter(
      id => !indexed.has(id) && (runtime === 'node' ? !id.startsWith('_') && loaded.has(id) : !UNWELCOME.test(id)),
    )
  // Whole modules before their parts: `node:path` before `node:path/posix`.
  for (const name of names.toSorted((a, b) => a.split('/').length - b.split('/').length)) {
    indexed.add(name)
    const specifier = `node:${name}`
    const module: unknown = process.getBuiltinModule(specifier)
    if (isReference(module)) indexModule(module, specifier)
  }
}

function indexModule(module: object, specifier: string): void {
  if (!builtins.has(module)) builtins.set(module, { specifier, name: 'default' })
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(module))) {
    if (isReference(value) && !builtins.has(value)) builtins.set(value, { specifier, name })
  }
}

function isReference(value: unknown): value is object {
  return typeof value === 'function' || (typeof value === 'object' && value !== null)
}
