/** What cannot cross, why, and what to do instead. */
import { CannotSendError } from '../errors.ts'
import { builtinExport } from '../platform/builtins.ts'
import {
  isExternal,
  isGenerator,
  isModuleNamespace,
  isMovable,
  isPromise,
  isProxy,
  isWeakCollection,
  tagOf,
} from '../platform/kinds.ts'
import { runtimeName } from '../platform/runtime.ts'

export interface Refusal {
  /** A clause that begins with `it is`. */
  readonly reason: string
  readonly hint?: string
}

/**
 * The property by which things of this library say that they belong to their thread. It holds the hint. Looked up by
 * symbol, so that two copies of the package understand each other.
 */
export const ownThread: unique symbol = Symbol.for('multitask.own-thread') as never

/** Why an object cannot be sent, whatever its properties are; undefined if nothing is known against it. */
export function refusalOf(value: object): Refusal | undefined {
  if (isProxy(value)) return PROXY
  if (isPromise(value)) return { reason: 'it is a Promise', hint: 'await it first and send the value' }
  if (isWeakCollection(value)) return weakReference(value)
  if (isGenerator(value)) {
    return {
      reason: 'it is a running generator, whose stack cannot be copied',
      hint: 'send the generator function and call it there, or collect the items first',
    }
  }
  if (isModuleNamespace(value)) {
    return { reason: 'it is a module namespace object', hint: 'import the module inside the function' }
  }
  if (isExternal(value)) return { reason: 'it is a native handle' }
  if (value instanceof AbortSignal || value instanceof AbortController) {
    return {
      reason: `it is ${nameOf(value)}, which belongs to this thread`,
      hint: 'use with({ signal }) and, in the task, currentTask().signal',
    }
  }
  if (isMovable(value)) {
    return { reason: `it is ${nameOf(value)}, which can be moved but not copied`, hint: 'mark it with transfer()' }
  }
  if (isTimer(value)) return { reason: `it is ${nameOf(value)} of this thread`, hint: 'start it in the worker' }
  if (ownThread in value) {
    return { reason: `it is ${nameOf(value)}, which belongs to this thread`, hint: value[ownThread] as string }
  }
  const tag = tagOf(value)
  if (/Iterator( Helper)?$/.test(tag)) {
    return { reason: `it is a running iterator (${tag})`, hint: 'collect its items first: [...iterator]' }
  }
  if (!isHandle(value)) return undefined
  const reason = `it is an open ${className(value)} (a handle that belongs to this thread)`
  return { reason, hint: 'open it in the worker, or send the data that it yields' }
}

export const PROXY: Refusal = {
  reason: 'it is a Proxy, whose handler cannot be copied',
  hint: 'send a plain copy of it',
}

/** For objects of classes that belong to the runtime. */
export function unknownToClone(value: object): Refusal {
  return { reason: `it is ${nameOf(value)}, which ${runtimeName} cannot copy to another thread` }
}

function weakReference(value: object): Refusal {
  const reason = `it is ${nameOf(value)}, which belongs to this thread`
  if (value instanceof WeakRef) return { reason, hint: 'send what it refers to: ref.deref()' }
  return { reason, hint: `send a ${value instanceof WeakMap ? 'Map' : 'Set'}` }
}

export function className(value: object): string {
  const { constructor } = value as { constructor?: unknown }
  return typeof constructor === 'function' && constructor.name !== '' ? constructor.name : tagOf(value)
}

/** With its article. */
export function nameOf(value: object): string {
  const name = className(value)
  return `${/^[AEIOU]/.test(name) ? 'an' : 'a'} ${name}`
}

/** Classes of `node:` modules whose objects hold something open. All streams, and so all sockets, are Streams. */
const HANDLES = new Set([
  'Stream',
  'Server',
  'Socket',
  'ChildProcess',
  'Worker',
  'NodeWorker',
  'Agent',
  'ClientRequest',
  'InterfaceConstructor',
  'Interface',
  'Dir',
  'Session',
  'AsyncResource',
  'AsyncLocalStorage',
])

/** Classes of `node:` modules that cannot be told from a user's by their text. */
export const RUNTIME_CLASSES: ReadonlySet<string> = new Set([
  ...HANDLES,
  'EventEmitter',
  'KeyObject',
  'X509Certificate',
  'BlockList',
  'SocketAddress',
  'Script',
])

/** Those that no module exports. Nobody else has objects of these names with these properties. */
const UNEXPORTED: Readonly<Record<string, string>> = {
  FSWatcher: 'emit',
  StatWatcher: 'emit',
  FileHandle: 'fd',
  ServerHttp2Session: 'emit',
  ClientHttp2Session: 'emit',
  process: 'emit',
  WebSocket: 'binaryType',
  EventSource: 'readyState',
  BroadcastChannel: 'onmessageerror',
}

function isTimer(value: object): boolean {
  return /^(Timeout|Immediate)$/.test(className(value)) && 'hasRef' in value
}

function isHandle(value: object): boolean {
  for (let prototype = value; ;) {
    prototype = Object.getPrototypeOf(prototype) as object
    if (prototype === null || prototype === Object.prototype) return false
    const class_: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value
    if (typeof class_ !== 'function') continue
    const property = UNEXPORTED[class_.name]
    if (property !== undefined && Object.hasOwn(UNEXPORTED, class_.name) && property in value) return true
    if (HANDLES.has(class_.name) && builtinExport(class_) !== undefined) return true
  }
}

/** What `postMessage` threw, as an error of ours. `path`: of what was posted. */
export function cannotPost(error: unknown, path: string): CannotSendError {
  const message = error instanceof Error ? error.message : String(error)
  const options = { cause: error }
  if (!(error instanceof RangeError)) {
    const reason = `it holds something that ${runtimeName} cannot copy to another thread (${message})`
    return new CannotSendError(path, reason, undefined, options)
  }
  if (/call stack/.test(message)) {
    return new CannotSendError(path, 'it is nested too deep for what is left of the stack', undefined, options)
  }
  return new CannotSendError(path, `it is too large to be copied (${message})`, 'move it with transfer()', options)
}
