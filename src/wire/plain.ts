/**
 * Whether structured clone alone does right by a value.
 *
 * The question is asked for every value that is sent by the port, and the answer is nearly always yes; so this walk
 * copies nothing, names nothing and stops at the first thing that needs more care. What it looks at most, the rows of a
 * table, it remembers least: objects that hold no other objects cannot be part of a cycle, and only those that do, or
 * that are long, go into the set of what was met. (1000 rows: a tenth of what the clone itself costs.)
 *
 * Depth is limited because runtimes clone by recursion: the shallowest stack measured (main thread of Node 22) ends at
 * 1564 levels, and it is the receiving side that ends there, where nobody could be told. The order of this walk is that
 * of the clone, so that an object met twice has the depth that the clone finds it at.
 */
import { isDetached, isProxy, isSharedMemory, largestCopy, largestView, viewPrototypes } from '../platform/kinds.ts'
import { isMarkedForTransfer } from './transfer.ts'

export const PLAIN = 0
const SPECIAL = 1
export const TOO_DEEP = 2
export type Plainness = typeof PLAIN | typeof SPECIAL | typeof TOO_DEEP

/** Levels of nesting that can be sent. */
export const DEEPEST = 1000

/** What is plain inside of a message that is not has to leave so many levels for what is around it. */
export const MARGIN = 100

/** Longer arrays are remembered even if they hold only primitives, so that they are not read once for each reference. */
const LONG = 64
/** A set that grew larger than this is not kept for the next time. */
const LARGEST_KEPT = 4096

const prototypeOf = Object.getPrototypeOf as (value: object) => unknown

/** Bytes from which on a buffer is worth a way of its own (parcel.ts). */
const LARGE = 1 << 14

let spare: Set<object> | undefined = new Set()
/** Where what is sent becomes bytes, of which shared memory cannot be made: the large buffers that were met. */
let large: Set<ArrayBuffer> | undefined

/** Runs `f`, for which shared memory is not plain. `met` gains the large buffers of what it looks at. */
export function asBytes<T>(met: Set<ArrayBuffer>, f: () => T): T {
  const before = large
  large = met
  try {
    return f()
  } finally {
    large = before
  }
}

/** A buffer is sent whole. */
export function noteSent(buffer: ArrayBuffer): void {
  // One that can grow would arrive as one that cannot.
  if (large !== undefined && buffer.byteLength >= LARGE && !buffer.resizable) large.add(buffer)
}

export function plainness(value: unknown): Plainness {
  if (typeof value !== 'object' || value === null) return primitive(value)
  // Reading a property may run code that sends something itself; it finds no spare set then.
  const met = spare ?? new Set()
  spare = undefined
  try {
    return scan(value, met, 1)
  } catch {
    // A getter threw, or the stack is at its end. The walk that keeps paths will meet it again and say where.
    return SPECIAL
  } finally {
    if (met.size <= LARGEST_KEPT) {
      met.clear()
      spare = met
    }
  }
}

function primitive(value: unknown): Plainness {
  return typeof value === 'symbol' || typeof value === 'function' ? SPECIAL : PLAIN
}

/** The same for an object at a depth; `met` gains all that can be met again. May throw what a getter throws. */
export function scan(value: object, met: Set<object>, depth: number): Plainness {
  if (isProxy(value)) return SPECIAL
  const prototype = prototypeOf(value)
  if (prototype === Object.prototype) return scanObject(value, met, depth)
  if (prototype === Array.prototype) return scanArray(value as unknown[], met, depth)
  if (prototype === Map.prototype || prototype === Set.prototype) return scanCollection(value, prototype, met, depth)
  // Without a prototype but with a tag: a module namespace.
  if (prototype === null) return Symbol.toStringTag in value ? SPECIAL : scanObject(value, met, depth)
  return scanLeaf(value, prototype, met)
}

function scanObject(value: object, met: Set<object>, depth: number): Plainness {
  let isLeaf = true
  let isEmpty = true
  // An enumerable property that somebody put on Object.prototype is met here too: at worst a slower answer.
  for (const key in value) {
    isEmpty = false
    const item = (value as Record<string, unknown>)[key]
    if (typeof item === 'object') {
      if (item === null) continue
      if (isLeaf) {
        if (met.has(value)) return PLAIN
        met.add(value)
        isLeaf = false
      }
      if (depth === DEEPEST) return TOO_DEEP
      const found = scan(item, met, depth + 1)
      if (found !== PLAIN) return found
    } else if (typeof item === 'function' || typeof item === 'symbol') return SPECIAL
  }
  // Math, JSON: objects that look empty and are not.
  return isEmpty && Symbol.toStringTag in value ? SPECIAL : PLAIN
}

function scanArray(value: unknown[], met: Set<object>, depth: number): Plainness {
  const { length } = value
  let isLeaf = length <= LONG
  let undefineds = 0
  if (!isLeaf) {
    if (met.has(value)) return PLAIN
    met.add(value)
  }
  for (let i = 0; i < length; i++) {
    const item = value[i]
    if (typeof item === 'object') {
      if (item === null) continue
      if (isLeaf) {
        if (met.has(value)) return PLAIN
        met.add(value)
        isLeaf = false
      }
      if (depth === DEEPEST) return TOO_DEEP
      const found = scan(item, met, depth + 1)
      if (found !== PLAIN) return found
    } else if (typeof item === 'function' || typeof item === 'symbol') {
      return SPECIAL
    } else if (item === undefined && ++undefineds > LONG && !(i in value)) {
      // Mostly holes, perhaps four thousand million of them: not to be counted through.
      return SPECIAL
    }
  }
  return PLAIN
}

/** Both are walked in the order of the clone: all keys and values of a Map, one entry after the other. */
function scanCollection(value: object, prototype: object, met: Set<object>, depth: number): Plainness {
  if (met.has(value)) return PLAIN
  met.add(value)
  let found: Plainness = PLAIN
  const look = (item: unknown): void => {
    if (found !== PLAIN) return
    if (typeof item !== 'object' || item === null) found = primitive(item)
    else found = depth === DEEPEST ? TOO_DEEP : scan(item, met, depth + 1)
  }
  if (prototype === Set.prototype) Set.prototype.forEach.call(value as Set<unknown>, look)
  else
    Map.prototype.forEach.call(value as Map<unknown, unknown>, (item, key) => {
      look(key)
      look(item)
    })
  return found
}

/** Objects that hold bytes or a primitive. Views are looked at more closely where they would drag a larger buffer along. */
function scanLeaf(value: object, prototype: unknown, met: Set<object>): Plainness {
  if (ArrayBuffer.isView(value)) {
    const { buffer } = value
    if (value.byteLength > largestView || !viewPrototypes.has(prototype)) return SPECIAL
    if (isSharedMemory(buffer)) return large !== undefined || value.byteOffset > largestView ? SPECIAL : PLAIN
    return buffer.byteLength === value.byteLength && isCopied(buffer as ArrayBuffer, met) ? PLAIN : SPECIAL
  }
  switch (prototype) {
    case Date.prototype:
    case RegExp.prototype:
    case Number.prototype:
    case String.prototype:
    case Boolean.prototype:
    case BigInt.prototype:
      return PLAIN
    case ArrayBuffer.prototype:
      return isCopied(value as ArrayBuffer, met) ? PLAIN : SPECIAL
    default:
      return isSharedMemory(value) && large === undefined ? PLAIN : SPECIAL
  }
}

/** Neither marked to be moved, nor moved already, nor too large to be copied. */
function isCopied(buffer: ArrayBuffer, met: Set<object>): boolean {
  if (isMarkedForTransfer(buffer) || buffer.byteLength > largestCopy) return false
  // Kept for those who ask what the message holds: another part of it may be a view of this buffer.
  met.add(buffer)
  noteSent(buffer)
  return buffer.byteLength !== 0 || !isDetached(buffer)
}

/** Whether a message, which holds nothing special any more, is nested deeper than can be sent. */
export function isTooDeep(message: unknown): boolean {
  try {
    return exceeds(message, new Set(), 0)
  } catch (error) {
    // This thread is itself near the end of its stack, and structured clone needs more than is left.
    if (error instanceof RangeError) return true
    throw error
  }
}

function exceeds(value: unknown, met: Set<object>, depth: number): boolean {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || met.has(value)) return false
  if (depth > DEEPEST) return true
  met.add(value)
  if (value instanceof Map) for (const key of value.keys()) if (exceeds(key, met, depth + 1)) return true
  const items = value instanceof Map || value instanceof Set ? value.values() : Object.values(value)
  for (const item of items) if (exceeds(item, met, depth + 1)) return true
  return false
}
