/** Loads what a function names from modules, in the thread that the function was sent to. */
import { CannotLoadError } from '../errors.ts'
import { absoluteSpecifier, builtinModule, importModule, isUrl, requireAt, requireModule } from '../platform/modules.ts'
import type { ModuleName, TaskNode } from './function-node.ts'
import { importingTask, registeredTask } from './task.ts'

/**
 * Namespaces imported in this thread on behalf of tasks, by URL. Without the program's entry: the thread that runs it
 * could not import it to find the class of an error, as it may still be waiting, at its top level, for that very error.
 */
export const loadedModules: Map<string, object> = new Map()

/** All that were imported, by where they were asked for. What is here is had at once, without a promise. */
const namespaces = new Map<string, object>()

/** A value that is there at once or later. A hot path must not wait a turn for what it has. */
export type Maybe<T> = T | Promise<T>

export function whenThere<T, R>(value: Maybe<T>, use: (value: T) => R): Maybe<R> {
  return value instanceof Promise ? value.then(use) : use(value)
}

/**
 * Loads what a name stands for, and returns a function that reads its value: an export may change, and may be a promise
 * that nobody is to wait for. Throws, or rejects with, CannotLoadError; so does reading.
 */
export function loadName(name: ModuleName): Maybe<() => unknown> {
  if (name.via !== undefined) return loadByRequire(name)
  const specifier = absoluteSpecifier(name.specifier, name.from)
  const builtin = name.name === '*' ? undefined : builtinModule(specifier)
  if (builtin !== undefined) return () => (name.name === 'default' ? builtin : memberOf(builtin, name))
  return whenThere(loadNamespace(specifier, name), namespace => () => memberOf(namespace, name))
}

/** The function that a task stands for here. Throws, or rejects with, CannotLoadError. */
export function loadTask(node: TaskNode): Maybe<Function> {
  const known = registeredTask(node)
  if (known !== undefined) return known
  const load = () => importModule(node.url)
  return importingTask(node, load).then(
    namespace => {
      if (node.entry !== true) loadedModules.set(node.url, namespace)
      const fn = registeredTask(node)
      if (fn !== undefined) return fn
      throw new CannotLoadError(
        `the worker imported ${node.url}, but that did not make the task ${node.id}; ` +
          'task() has to be called at the top level of its module, whoever imports it',
      )
    },
    (error: unknown) => Promise.reject(loaderError(node.url, error)),
  )
}

function loadNamespace(specifier: string, { from, attributes }: ModuleName): Maybe<object> {
  const key = isUrl(specifier) ? specifier : `${specifier} from ${from}`
  const known = namespaces.get(key) ?? (attributes === undefined ? loadedModules.get(key) : undefined)
  if (known !== undefined) return known
  return importModule(specifier, from, attributes && { with: { ...attributes } }).then(
    namespace => {
      namespaces.set(key, namespace)
      if (isUrl(specifier)) loadedModules.set(specifier, namespace)
      return namespace
    },
    (error: unknown) => Promise.reject(loaderError(specifier, error)),
  )
}

function loadByRequire(name: ModuleName): () => unknown {
  const { specifier, via, from } = name
  if (via === 'createRequire') {
    const require = requireAt(from!)
    return () => require
  }
  const module = requireOrThrow(specifier, from)
  if (via === 'require') return () => memberOf(module, name)
  const isCompiled = typeof module === 'object' && module !== null && '__esModule' in module
  const whole = isCompiled && via === 'interop' ? module : { ...(module as object), default: module }
  return () => whole
}

function requireOrThrow(specifier: string, from: string | undefined): unknown {
  try {
    return requireModule(specifier, from)
  } catch (error) {
    throw loaderError(specifier, error)
  }
}

/** A named export. What `import` does not find in a CommonJS module, since it only guesses its names, may still be there. */
function memberOf(module: unknown, { specifier, name }: ModuleName): unknown {
  if (name === '*') return module
  for (const holder of [module, (module as { default?: unknown } | null)?.default]) {
    const canHold = typeof holder === 'function' || (typeof holder === 'object' && holder !== null)
    if (canHold && name in holder) return (holder as Record<string, unknown>)[name]
  }
  const names = Object.keys(module as object).filter(each => each !== '__esModule' && each !== 'module.exports')
  throw new CannotLoadError(`${specifier} has no export "${name}"; it has ${names.join(', ') || 'none'}`)
}

function loaderError(specifier: string, cause: unknown): CannotLoadError {
  const message = cause instanceof Error ? cause.message : String(cause)
  // The first line of such a stack is the place, which may be in a module that the named one imports.
  const place = cause instanceof SyntaxError ? /^(\S+:\d+)\n/.exec(cause.stack ?? '')?.[1] : undefined
  return new CannotLoadError(`cannot load ${specifier}: ${message}${place === undefined ? '' : ` (${place})`}`, {
    cause,
  })
}
