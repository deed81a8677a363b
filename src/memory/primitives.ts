/**
 * The classes whose operations threads use to meet: locks, queues, shared data. Whoever plays several threads in one asks
 * here what an operation is, and which memory belongs to an object. Nothing else does.
 */

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
