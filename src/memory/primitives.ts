/**
 * The classes whose operations threads use to meet: locks, queues, shared data. Whoever plays several threads in one asks
 * here what an operation is, and which memory belongs to an object. Nothing else does.
 */

import { hook } from './atomics.ts'

export interface Primitive {
  /** The class, for people. */
  readonly type: string
  readonly prototype: object
  /** The memory of an object of the class, for those that have one. */
  readonly memoryOf: ((handle: object) => SharedArrayBuffer) | undefined
}

const known: Primitive[] = []

export function addPrimitive(primitive: Primitive): void {
  known.push(primitive)
}

export function primitives(): readonly Primitive[] {
  return known
}

/** What stands in a piece of memory, for people: noted only while somebody schedules. */
const memories = new WeakMap<ArrayBufferLike, { readonly type: string; readonly name: string }>()

/** `name`: '' for none. */
export function noteMemory(buffer: ArrayBufferLike, type: string, name: string): void {
  if (hook !== undefined && (name !== '' || !memories.has(buffer))) memories.set(buffer, { type, name })
}

export function notedMemory(buffer: ArrayBufferLike): { readonly type: string; readonly name: string } | undefined {
  return memories.get(buffer)
}
