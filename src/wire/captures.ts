/**
 * Reads what a function captures: for each name that it takes from outside, its own name for itself, an import to be
 * made again in the worker, or a value to be copied.
 */
import { CannotSendError } from '../errors.ts'
import { builtinExport } from '../platform/builtins.ts'
import { isModuleNamespace, isProxy } from '../platform/kinds.ts'
import { absoluteSpecifier, fileUrl, isUrl } from '../platform/modules.ts'
import { reflect, type Reflected, type Scope } from '../platform/reflection.ts'
import { fileOf, scriptOf, type Script } from '../platform/scripts.ts'
import type { FreeName } from './findings.ts'
import type { FunctionText } from './free-names.ts'
import { ImportReference, type ModuleName } from './function-node.ts'
import { bindingsOf } from './module-bindings.ts'

export interface Captures {
  readonly self: readonly string[]
  readonly imports: Readonly<Record<string, ModuleName>>
  readonly values: Readonly<Record<string, unknown>>
  /** Some of the values are needed while the class is made. */
  readonly early: boolean
}

/** The innermost scope that has the name; undefined for a global. */
export function scopeOf(name: string, scopes: readonly Scope[]): Scope | undefined {
  return scopes.find(({ variables }) => Object.hasOwn(variables, name))
}

/** Throws CannotSendError for a variable that is assigned or not yet initialised. */
export function readCaptures(
  fn: Function,
  text: FunctionText,
  names: readonly string[],
  { scopes }: Reflected,
  script: Script | undefined,
  path: string,
): Captures {
  const self: string[] = []
  const imports: Record<string, ModuleName> = {}
  const values: Record<string, unknown> = {}
  let early = false
  for (const name of names) {
    const use = text.free.get(name)!
    const scope = scopeOf(name, scopes)
    if (use.assigned) throw assigned(name, path)
    if (scope === undefined) {
      const base = lostBase(fn, name, text)
      if (base !== undefined) values[name] = base
      else if (use.early && !(name in globalThis)) throw lost(name, path)
      // Otherwise it is a global, or nothing yet: the worker looks it up by name, as this thread would.
      early ||= base !== undefined
      continue
    }
    const value = readVariable(name, scope, path)
    if (name === 'module' && isOfModule(scope, scopes, false) && script?.isModule === false) {
      throw new CannotSendError(
        `${path} › module`,
        'it is the `module` object of its file, which belongs to this thread',
      )
    }
    const imported = value === fn ? undefined : importOf(name, value, scope, scopes, script)
    if (value === fn) self.push(name)
    else if (imported !== undefined) imports[name] = imported
    else {
      values[name] = isModuleLike(name, value, script) ? usedMembers(value, use) : value
      early ||= use.early
    }
  }
  return { self, imports, values, early }
}

/**
 * What a class extends is no capture: V8 forgets a variable that was needed only while the class was made. But the class
 * itself knows what it extends.
 */
export function lostBase(fn: Function, name: string, { superName }: FunctionText): unknown {
  const base: unknown = Object.getPrototypeOf(fn)
  const isGlobal = name in globalThis && (globalThis as Record<string, unknown>)[name] === base
  return name === superName && !isGlobal ? base : undefined
}

function lost(name: string, path: string): CannotSendError {
  const reason = 'it was needed only while the class was made, and cannot be read any more'
  return new CannotSendError(`${path} › ${name}`, reason)
}

/** What rule 3 forbids: a variable is a copy in the worker, and an assignment to a copy would be lost. */
export function assigned(name: string, path: string): CannotSendError {
  return new CannotSendError(
    path,
    `it assigns \`${name}\`, a variable outside of it`,
    'captured variables are copies in the worker: return the new value, or share it',
  )
}

function readVariable(name: string, { variables }: Scope, path: string): unknown {
  try {
    return variables[name]
  } catch (error) {
    const reason = 'it is not initialised yet: its declaration has not run'
    throw new CannotSendError(`${path} › ${name}`, reason, undefined, { cause: error })
  }
}

function importOf(
  name: string,
  value: unknown,
  scope: Scope,
  scopes: readonly Scope[],
  script: Script | undefined,
): ModuleName | undefined {
  if (typeof value === 'function' && isRequire(value)) return requireOf(value)
  const bindings = script && bindingsOf(script)
  if (bindings !== undefined && isOfModule(scope, scopes, bindings.isWrapped)) {
    const binding = bindings.imports.get(name)
    if (binding !== undefined) return resolved(binding, fileOf(script!))
  }
  if (typeof value !== 'object' || value === null) return undefined
  if (!isModuleLike(name, value, script)) return builtinExport(value)
  const whole = builtinExport((value as { default?: object }).default ?? value)
  return whole?.name === 'default' ? { specifier: whole.specifier, name: '*' } : undefined
}

/** The variables of a file are in the outermost scope, but for those that all scripts share. */
function isOfModule(scope: Scope, scopes: readonly Scope[], isWrapped: boolean): boolean {
  const outermost = scopes.filter(({ kind }) => kind !== 'Script').slice(isWrapped ? -2 : -1)
  return outermost.includes(scope)
}

/** The same import, made to mean the same in a worker. */
function resolved(binding: ModuleName, from: string | undefined): ModuleName {
  if (binding.via !== undefined) return from === undefined ? binding : { ...binding, from }
  const specifier = absoluteSpecifier(binding.specifier, from)
  if (isUrl(specifier) || from === undefined) return { ...binding, specifier }
  return { ...binding, specifier, from }
}

/** A CommonJS `require` function, of this file or made by `createRequire`. */
export function isRequire(value: Function): value is NodeJS.Require {
  return !isProxy(value) && ['resolve', 'cache', 'extensions', 'main'].every(name => Object.hasOwn(value, name))
}

/** It does not tell its file, but the folder in which it starts to look. */
export function requireOf(value: NodeJS.Require): ModuleName {
  const [folder] = value.resolve.paths('./file') ?? []
  return { specifier: 'node:module', name: 'createRequire', via: 'createRequire', from: fileUrl(`${folder}/`) }
}

/**
 * An object that stands for a module where real imports were compiled away: by Vite and Vitest, by compilers to
 * CommonJS. A namespace that came from `await import()` is treated in the same way.
 */
function isModuleLike(name: string, value: unknown, script: Script | undefined): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  // Vite's own may be a Proxy, which minds no questions. Of others nothing is asked.
  if (name.startsWith('__vite_ssr_import_')) return true
  if (isProxy(value)) return false
  if (isModuleNamespace(value) || Object.prototype.toString.call(value) === '[object Module]') return true
  return '__esModule' in value || (name === 'exports' && script?.isModule === false)
}

/** Only what is used, so that a whole module is not copied for the sake of one function. */
function usedMembers(module: Record<string, unknown>, { members }: FreeName): unknown {
  if (members === undefined) return module
  return Object.fromEntries(Array.from(members, name => [name, memberOf(module, name)]))
}

function memberOf(module: Record<string, unknown>, name: string): unknown {
  const value = module[name]
  if (typeof value !== 'function') return value
  const reflected = reflect(value)
  const script = reflected && scriptOf(Function.prototype.toString.call(value), reflected)
  const file = script && fileOf(script)
  // What Vite compiled is no module that exports anything, but the file that it was made from is.
  const fromVite = script?.isModule === false && script.source.includes('__vite_ssr_exportName__')
  return file !== undefined && fromVite ? new ImportReference(file, name) : value
}
