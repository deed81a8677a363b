/**
 * What kind of object a value is, where only the runtime can tell: a Proxy looks like its target, a Future is a
 * promise whatever it calls itself, a pooled Buffer shares its memory with strangers.
 *
 * The runtime is asked in the one way that does not fail to load in a browser. What a browser cannot tell (a Proxy)
 * is answered with no; its structured clone then refuses it, without a path.
 */
import type { Buffer as NodeBuffer } from 'node:buffer'
import { runtime } from './runtime.ts'

type Test = (value: unknown) => boolean

const host = (globalThis as { process?: Partial<Pick<NodeJS.Process, 'getBuiltinModule'>> }).process
const types = host?.getBuiltinModule?.('node:util').types
const workerThreads = host?.getBuiltinModule?.('node:worker_threads')

const never: Test = () => false
const isInstance =
  (constructor: abstract new (...args: never[]) => object): Test =>
  value =>
    value instanceof constructor

/** `[object Map]` → `Map`. The same for objects of another realm (a `vm` context), but anybody can give a false answer. */
export function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1)
}

export const isProxy: Test = types?.isProxy ?? never
export const isPromise: Test = types?.isPromise ?? isInstance(Promise)
export const isMap: Test = types?.isMap ?? isInstance(Map)
export const isSet: Test = types?.isSet ?? isInstance(Set)
export const isDate: Test = types?.isDate ?? isInstance(Date)
export const isRegExp: Test = types?.isRegExp ?? isInstance(RegExp)
export const isArrayBuffer: Test = types?.isArrayBuffer ?? isInstance(ArrayBuffer)
export const isSharedMemory: Test = types?.isSharedArrayBuffer ?? (value => tagOf(value) === 'SharedArrayBuffer')
export const isBoxedPrimitive: Test =
  types?.isBoxedPrimitive ?? (value => /^(Number|String|Boolean|BigInt|Symbol)$/.test(tagOf(value)))
export const isWeakCollection: Test = value =>
  value instanceof WeakMap || value instanceof WeakSet || value instanceof WeakRef
export const isGenerator: Test = types?.isGeneratorObject ?? (value => /^(Async)?Generator$/.test(tagOf(value)))
export const isModuleNamespace: Test = types?.isModuleNamespaceObject ?? (value => tagOf(value) === 'Module')
export const isExternal: Test = types?.isExternal ?? never

/** Errors of any realm; an object that merely has an error's prototype is none. */
export const isNativeError: Test =
  (Error as { isError?: Test }).isError ?? types?.isNativeError ?? (value => value instanceof Error)

const buffers = (globalThis as { Buffer?: typeof NodeBuffer }).Buffer

/** Deno's own classes of errors, by name. */
export const runtimeErrors: Readonly<Record<string, unknown>> =
  (globalThis as { Deno?: { errors: Record<string, unknown> } }).Deno?.errors ?? {}

/** The prototypes that views have, unless somebody made a class of his own from one. */
export const viewPrototypes: ReadonlySet<unknown> = new Set(
  Object.getOwnPropertyNames(globalThis)
    .filter(name => /^((Big)?(Uint|Int|Float)\d+(Clamped)?Array|DataView|Buffer)$/.test(name))
    .map(name => (globalThis as unknown as Record<string, { prototype: object }>)[name]!.prototype),
)

/** A Node Buffer whose memory is, or may be, shared with other Buffers: moving or exposing it would touch those. */
export function isPooled(view: ArrayBufferView): boolean {
  return buffers !== undefined && view instanceof buffers && view.byteLength < view.buffer.byteLength
}

/** Memory that the runtime keeps for itself. Node 20 and browsers cannot tell. */
export function isUntransferable(buffer: ArrayBuffer): boolean {
  return workerThreads?.isMarkedAsUntransferable?.(buffer) ?? false
}

/** An ArrayBuffer that was moved away. Node 20 has no word for it, but lets nobody look into one. */
export function isDetached(buffer: ArrayBuffer): boolean {
  if (buffer.byteLength !== 0) return false
  if ('detached' in buffer) return (buffer as { detached: boolean }).detached
  try {
    return new Uint8Array(buffer).length < 0
  } catch {
    return true
  }
}

/** What can be moved besides ArrayBuffers, where the runtime has it. */
const MOVABLE = [
  'MessagePort',
  'ReadableStream',
  'WritableStream',
  'TransformStream',
  'ImageBitmap',
  'OffscreenCanvas',
  'RTCDataChannel',
  'VideoFrame',
  'AudioData',
]

/** Whether it is an object that belongs to one thread at a time and can be moved to another. */
export function isMovable(value: object): boolean {
  for (const name of MOVABLE) {
    const constructor = (globalThis as Record<string, unknown>)[name]
    if (typeof constructor === 'function' && value instanceof constructor) return true
  }
  return false
}

/** Bun 1.4 has the streams, but cannot move them. */
export const canMoveStreams: boolean = runtime !== 'bun'

/**
 * Node describes a view in a message by numbers of 32 bits, and says nothing when they overflow: a view of 4 GiB and 16
 * bytes arrives with 16. The buffer itself arrives whole.
 */
export const largestView: number = runtime === 'node' ? 2 ** 32 - 1 : Infinity

/** Bytes that one ArrayBuffer may have to be copied in a message; more than that can only be moved. */
export const largestCopy: number = runtime === 'bun' ? 2 ** 31 - 1 : 2 ** 32 - 1
