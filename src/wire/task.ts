/**
 * `task(fn)`: a function that goes to a worker by name, on every runtime and through every bundler.
 *
 * The module registers the function when it is evaluated. A worker that is told `module, name` imports the module,
 * which registers it there in turn: nothing is copied, and what the function captures exists there like anything else
 * that the module makes. It works for functions at the top level of a module, which are made whenever it is imported.
 */
import { CannotLoadError, InvalidStateError } from '../errors.ts'
import { fileUrl, isUrl, mainModule, sourcesAreTransformed } from '../platform/modules.ts'
import type { TaskNode } from './function-node.ts'

type AnyFunction = (...args: never[]) => unknown

interface Registry {
  readonly marks: WeakMap<Function, TaskNode>
  /** By the URL of the module and the id in it. */
  readonly functions: Map<string, Map<string, Function>>
}

/** One for the thread, so that two copies of this package in it understand each other. */
const REGISTRY = Symbol.for('multitask.tasks')
const WORKER = Symbol.for('multitask.worker')

const shared = globalThis as { [REGISTRY]?: Registry; [WORKER]?: true }
const { marks, functions } = (shared[REGISTRY] ??= { marks: new WeakMap(), functions: new Map() })

/**
 * Whether this thread runs the program, and was not started by multitask as a worker. An entry file that also holds
 * tasks is imported by the workers, and must put what starts the program behind it: `if (isMain) await main()`.
 */
export let isMain: boolean = !(WORKER in shared)

/** Called once, by the file that a worker starts with, before anything of the program is imported. */
export function enterWorker(): void {
  shared[WORKER] = true
  isMain = false
}

/**
 * Marks a function to be sent to workers by name, and returns it. Call it at the top level of a module.
 *
 * @param fn any function but a method. What it captures has to be made by the module whenever it is imported.
 * @throws TypeError if the module that calls it cannot be told from the stack; `task(import.meta.url, fn)` says it.
 */
export function task<F extends AnyFunction>(fn: F): F
/**
 * @param url `import.meta.url` of the module. Needed where a bundler or a wrapper hides which module calls.
 * @param fn the function
 */
export function task<F extends AnyFunction>(url: string, fn: F): F
export function task<F extends AnyFunction>(first: F | string, second?: F): F {
  const fn = typeof first === 'string' ? second : first
  if (typeof fn !== 'function') throw new TypeError(`task() takes a function, not ${String(fn)}`)
  const url = typeof first === 'string' ? first : callerUrl(task)
  if (url === undefined || !isUrl(url)) {
    throw new TypeError('task() cannot tell which module calls it; use task(import.meta.url, fn)')
  }
  if (!marks.has(fn)) register(url, fn)
  return fn
}

function register(url: string, fn: Function): void {
  const registered = functions.get(url) ?? new Map<string, Function>()
  functions.set(url, registered)
  // By name first: then the order in which a module makes its tasks matters only among those of one name.
  let ordinal = 0
  while (registered.has(`${fn.name}#${ordinal}`)) ordinal++
  const id = `${fn.name}#${ordinal}`
  registered.set(id, fn)
  const hash = sourcesAreTransformed() ? 0 : hashOf(fn)
  marks.set(fn, { kind: 'task', url, id, hash, ...(url === mainModule() ? { entry: true } : {}) })
}

/** How a marked function crosses. */
export function taskNode(fn: Function): TaskNode | undefined {
  return marks.get(fn)
}

/**
 * The function that this thread registered for a task; undefined if there is none.
 * Throws CannotLoadError if there is one in its place, but with other source text.
 */
export function registeredTask({ url, id, hash }: TaskNode): Function | undefined {
  const registered = functions.get(url)
  const fn = registered?.get(id)
  if (registered === undefined || hash === 0 || (fn !== undefined && hashOf(fn) === hash)) return fn
  // The module may make its tasks in another order here. The text tells which one is meant, if it is the only such.
  const same = [...registered.values()].filter(each => hashOf(each) === hash)
  if (same.length === 1) return same[0]
  if (fn === undefined) return undefined
  throw new CannotLoadError(`the task ${id} of ${url} has other source text in the worker than where it was submitted`)
}

/** FNV-1a over the source text. */
function hashOf(fn: Function): number {
  const text = Function.prototype.toString.call(fn)
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0 || 1
}

/** The file of the code that called `callee`, as a URL. */
function callerUrl(callee: Function): string | undefined {
  const { stackTraceLimit } = Error
  const prepare: unknown = Reflect.get(Error, 'prepareStackTrace')
  try {
    Error.stackTraceLimit = 1
    // The text of a stack would not do: it may show source files that were never loaded.
    Error.prepareStackTrace = (_, [site]) => site?.getScriptNameOrSourceURL() ?? site?.getFileName()
    const holder: { stack?: unknown } = {}
    Error.captureStackTrace(holder, callee)
    return typeof holder.stack === 'string' && holder.stack !== '' ? fileUrl(holder.stack) : undefined
  } finally {
    Reflect.set(Error, 'prepareStackTrace', prepare)
    Error.stackTraceLimit = stackTraceLimit
  }
}

/** The program's entry, while this worker imports it for a task. */
let entry: string | undefined

/** Runs `load`, which imports the module of a task. */
export async function importingTask<T>(node: TaskNode, load: () => Promise<T>): Promise<T> {
  if (node.entry !== true) return load()
  entry = node.url
  try {
    return await load()
  } finally {
    entry = undefined
  }
}

/** Throws if the program's entry is being imported by a worker: what it submits now would start the program again. */
export function checkMainGuard(): void {
  if (entry === undefined) return
  throw new InvalidStateError(
    `a worker that imports ${entry} for one of its tasks would run the program again; ` +
      'put what starts it under `if (isMain)`, or move the tasks to their own module',
  )
}
