/**
 * Makes a message of a value: structured clone, plus a thin layer for what that loses or refuses.
 *
 * Most values are sent as they are. If there is something special in one (an error, a function, an instance of a class,
 * a handle on something shared), the containers on the way to it are copied with holes, and the special things lie beside
 * them (special.ts). Arguments and captured variables are one graph: what is shared among them stays shared.
 */
import { CannotSendError } from '../errors.ts'
import {
  isArrayBuffer,
  isBoxedPrimitive,
  isDate,
  isMap,
  isNativeError,
  isProxy,
  isRegExp,
  isSet,
  isSharedMemory,
  tagOf,
  viewPrototypes,
} from '../platform/kinds.ts'
import { Buffers } from './buffers.ts'
import { registrationOf } from './class-registry.ts'
import { openInstance, packContainer, packMap, packSet } from './container-codec.ts'
import { packError } from './error-codec.ts'
import { packFunction, packImport } from './function-codec.ts'
import { ImportReference } from './function-node.ts'
import type { BytesOnly, Packing } from './packing.ts'
import { PROPERTY, WORDS } from './path.ts'
import { asBytes, DEEPEST, isTooDeep, MARGIN, PLAIN, plainness, TOO_DEEP } from './plain.ts'
import { hosted, isPortable, type Portable, portable } from './portable.ts'
import { knownVerdict, type Verdict, verdictOn } from './prototypes.ts'
import { nameOf, PROXY, refusalOf } from './refusals.ts'
import type { EncodedSpecial, Holder, InstanceSpecial, Packed, PortableSpecial } from './special.ts'
import { movables } from './transfer.ts'
import { holderOf, put, refuse, type Visit, Walk } from './walk.ts'

export { cannotPost } from './refusals.ts'
export type { Packed } from './special.ts'

export interface PackOptions {
  /** Moved instead of copied where the value holds them, as if they were marked with `transfer()`. */
  readonly transfer?: readonly unknown[]
  /** For errors that have to arrive: what hangs on them and cannot be sent is described by a string instead. */
  readonly lenient?: boolean
  /** The message becomes bytes: what can only be shared or moved is refused. */
  readonly bytesOnly?: BytesOnly
  /** Namespaces of modules that were imported here, by URL, in which classes of errors are looked up. */
  readonly classHints?: ReadonlyMap<string, object>
}

export interface PackedMessage {
  readonly packed: Packed
  /** For `postMessage`. */
  readonly transfer: readonly object[]
  /** Large buffers in it, where it becomes bytes. */
  readonly large: ReadonlySet<ArrayBuffer>
}

const NOTHING: readonly object[] = []
const NONE: ReadonlySet<ArrayBuffer> = new Set()

/**
 * Makes the message for a value. `path` begins the paths in errors.
 * Throws CannotSendError, and TypeError for an item of `transfer` that cannot be moved.
 */
export function pack(value: unknown, path: string, options: PackOptions = {}): PackedMessage {
  if (!options.bytesOnly) return { ...packed(value, path, options), large: NONE }
  const large = new Set<ArrayBuffer>()
  return { ...asBytes(large, () => packed(value, path, options)), large }
}

/**
 * The message as it is now, for one that is not posted at once: most of it is the user's own value, which may change.
 * What moves stays where it is until it is posted. Throws what the runtime throws if it cannot be cloned.
 */
export function snapshot(message: PackedMessage): PackedMessage {
  return message.transfer.length > 0 ? message : structuredClone(message)
}

function packed(value: unknown, path: string, options: PackOptions): Omit<PackedMessage, 'large'> {
  const { transfer = NOTHING, lenient = false, bytesOnly = false, classHints } = options
  if (transfer.length === 0) {
    const found = plainness(value)
    if (found === PLAIN) return { packed: { value }, transfer: NOTHING }
    if (found === TOO_DEEP) throw tooDeep(path)
  }
  const walk = new Walk(visit => enter(packing, visit))
  const buffers = new Buffers(movables(transfer))
  const packing: Packing = { walk, buffers, lenient, bytesOnly, hints: classHints, plain: new Set() }
  const root: Holder = { value: undefined }
  walk.run(value, root, { kind: WORDS, name: path })
  buffers.settle(packing.plain)
  if (bytesOnly && buffers.moved.size > 0)
    throw new CannotSendError(path, 'it is marked with transfer(), and bytes are copies')
  const message = messageOf(walk, root)
  if (walk.mayBeDeeperThan(MARGIN) && isTooDeep(message)) throw tooDeep(path)
  return { packed: message, transfer: [...buffers.moved] }
}

function messageOf(walk: Walk, root: Holder): Packed {
  const { specials } = walk
  const { value } = root
  if (specials.length === 0) return { value }
  const fixups = walk.fixups()
  // The whole of it is the first place that was filled.
  if (fixups[0] !== root) return { value, specials, fixups }
  return { value, root: fixups[2] as number, specials, fixups: fixups.slice(3) }
}

function tooDeep(path: string): CannotSendError {
  return new CannotSendError(path, `it is nested more than ${DEEPEST} levels deep`)
}

/** Says what is sent in the place of an object, or a symbol, that is met for the first time. */
function enter(packing: Packing, visit: Visit): void {
  const { value, holder, key } = visit
  if (typeof value === 'symbol') return packSymbol(packing, visit, value)
  const object = value as object
  if (isProxy(object)) refuse(visit, PROXY.reason, PROXY.hint)
  if (typeof object === 'function') return packFunction(packing, visit)
  if (packing.plain.has(object)) return put(holder, key, object)
  const prototype = Object.getPrototypeOf(object) as object | null
  if (prototype === Array.prototype) return packContainer(packing, visit, ORDINARY)
  if (prototype !== null && prototype !== Object.prototype) return enterInstance(packing, visit, object, prototype)
  if (object === globalThis || Symbol.toStringTag in object) return enterTagged(packing, visit, object)
  if (isPortable(object)) return packPortable(packing, visit, object)
  packContainer(packing, visit, ORDINARY)
}

const ORDINARY: Verdict = { kind: 'ordinary' }

/** An object with a class: of the runtime, of this library, of the user. */
function enterInstance(packing: Packing, visit: Visit, object: object, prototype: object): void {
  const registration = registrationOf(prototype)
  if (registration?.encode !== undefined) return packEncoded(packing, visit, registration.name, registration.encode)
  const known = knownVerdict(prototype)
  // Where there is one instance there are often thousands.
  if (known?.kind === 'instance') enterClass(packing, visit, object, known)
  else enterUnknown(packing, visit, object, prototype)
}

function enterUnknown(packing: Packing, visit: Visit, object: object, prototype: object): void {
  const { walk, buffers } = packing
  if (isPortable(object)) return packPortable(packing, visit, object)
  if (packing.bytesOnly) refuseShared(packing, visit, object)
  if (isNativeError(object) || object instanceof Error) return packError(packing, visit)
  if (object instanceof ImportReference) return packImport(packing, visit, object)
  if (object instanceof URL) return walk.open(visit, { kind: 'url', text: object.href })
  if (object instanceof URLSearchParams) return walk.open(visit, { kind: 'search-params', text: String(object) })
  if (viewPrototypes.has(prototype) && ArrayBuffer.isView(object)) return buffers.view(visit, object)
  if (isArrayBuffer(object)) return buffers.buffer(visit, object as ArrayBuffer)
  if (isSharedMemory(object) || buffers.move(object)) return put(visit.holder, visit.key, object)
  const name = Symbol.toStringTag in object ? globalName(object) : undefined
  if (name !== undefined) return walk.open(visit, { kind: 'global', name })
  const verdict = verdictOn(object, prototype)
  if (verdict.kind === 'refused') refuse(visit, verdict.refusal.reason, verdict.refusal.hint)
  if (verdict.kind === 'cloneable') {
    if (packing.bytesOnly)
      refuse(visit, `it is ${nameOf(object)}, of which no bytes can be made`, hintFor(packing.bytesOnly))
    return put(visit.holder, visit.key, object)
  }
  enterClass(packing, visit, object, verdict)
}

/** Shared memory is not copied, and bytes are copies. */
function refuseShared({ bytesOnly }: Packing, visit: Visit, object: object): void {
  const memory = ArrayBuffer.isView(object) ? object.buffer : object
  if (isSharedMemory(memory)) refuse(visit, 'it is shared memory, of which no bytes can be made', hintFor(bytesOnly))
}

function hintFor(bytesOnly: BytesOnly): string {
  return bytesOnly === 'queue' ? 'send it as an argument of the task' : 'it can go to threads, which share memory'
}

/** An instance of a user's class, or an object of another realm. */
function enterClass(packing: Packing, visit: Visit, object: object, verdict: Verdict): void {
  if (verdict.kind === 'instance' && verdict.extendsObject) return packContainer(packing, visit, verdict)
  if (isMap(object)) return packMap(packing, visit, verdict)
  if (isSet(object)) return packSet(packing, visit, verdict)
  const isLeaf = isDate(object) || isRegExp(object) || isBoxedPrimitive(object) || ArrayBuffer.isView(object)
  if (!isLeaf) return packContainer(packing, visit, verdict)
  if (verdict.kind === 'instance') return packLeafInstance(packing, visit, object, verdict.class)
  put(visit.holder, visit.key, object)
}

/** The name by which every thread has one of these: `Math`, `console`, `crypto`, `globalThis`. Their tags say it. */
function globalName(object: object): string | undefined {
  const tag = tagOf(object)
  return ['globalThis', tag, tag.toLowerCase()].find(name => (globalThis as unknown as Holder)[name] === object)
}

/** An object without a class, but with a tag: `Math`, a module namespace, or an object that somebody gave one. */
function enterTagged(packing: Packing, visit: Visit, object: object): void {
  const name = globalName(object)
  if (name !== undefined) return packing.walk.open(visit, { kind: 'global', name })
  const refusal = refusalOf(object)
  if (refusal !== undefined) refuse(visit, refusal.reason, refusal.hint)
  packContainer(packing, visit, ORDINARY)
}

/** An instance of a class that extends Date, Float64Array and the like. */
function packLeafInstance(packing: Packing, visit: Visit, object: object, class_: Function): void {
  const record: InstanceSpecial = { kind: 'instance', value: object }
  if (ArrayBuffer.isView(object)) packing.buffers.view({ ...visit, holder: holderOf(record), key: 'value' }, object)
  openInstance(packing, visit, class_, record)
  const own: Holder = {}
  // The items of a typed array are its first keys.
  const keys = Object.keys(object).slice((object as Partial<Uint8Array>).length ?? 0)
  for (const key of keys) packing.walk.child(visit, own, key, packing.walk.read(visit, object, key), PROPERTY, key)
  if (keys.length > 0) record.own = own
}

function packPortable({ walk, bytesOnly }: Packing, visit: Visit, object: Portable): void {
  const description = object[portable]()
  const crossing = bytesOnly === false ? description : bytesOnly === 'process' ? hosted(object, description) : undefined
  if (crossing === undefined) {
    return refuse(visit, `it is ${nameOf(object)}, of which no bytes can be made`, hintFor(bytesOnly))
  }
  const { type, data } = crossing
  const record: PortableSpecial = { kind: 'portable', type }
  walk.open(visit, record)
  walk.child(visit, holderOf(record), 'data', data, WORDS, '')
}

function packEncoded({ walk }: Packing, visit: Visit, name: string, encode: (value: unknown) => unknown): void {
  const data = encoded(visit, name, encode)
  const record: EncodedSpecial = { kind: 'encoded', name }
  walk.open(visit, record)
  walk.child(visit, holderOf(record), 'data', data, WORDS, '')
}

function encoded(visit: Visit, name: string, encode: (value: unknown) => unknown): unknown {
  try {
    return encode(visit.value)
  } catch (error) {
    return refuse(visit, `it is a ${name}, and the encode function of that class threw`, undefined, { cause: error })
  }
}

function packSymbol({ walk }: Packing, visit: Visit, symbol: symbol): void {
  const key = Symbol.keyFor(symbol)
  if (key !== undefined) return walk.open(visit, { kind: 'symbol', key, wellKnown: false })
  const name = Object.getOwnPropertyNames(Symbol).find(each => (Symbol as unknown as Holder)[each] === symbol)
  if (name !== undefined) return walk.open(visit, { kind: 'symbol', key: name, wellKnown: true })
  refuse(visit, `it is a unique symbol (${String(symbol)})`, 'use Symbol.for(name), which is the same in every thread')
}
