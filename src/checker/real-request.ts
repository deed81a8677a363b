/** What a real thread asks of the controller: an operation on a cell, by numbers that both sides know. */
import type { Operation, TypedArray } from '../memory/atomics.ts'
import type { LogEntries } from './log.ts'

/** `wait` is the last. */
export const operations: readonly (Operation | 'wait')[] = [
  'load',
  'store',
  'exchange',
  'compareExchange',
  'tryExchange',
  'add',
  'sub',
  'and',
  'or',
  'xor',
  'notify',
  'read',
  'write',
  'wait',
]

type ViewConstructor = new (buffer: SharedArrayBuffer, byteOffset?: number) => TypedArray

export const views: readonly ViewConstructor[] = [
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  BigInt64Array,
  BigUint64Array,
  Float32Array,
  Float64Array,
]

/** What a real thread is started with. */
export interface RealBoot {
  readonly identity: number
  readonly number: number
  readonly table: SharedArrayBuffer
  readonly mailbox: SharedArrayBuffer
  readonly setup: LogEntries
  /** Where the test is. */
  readonly module: string
  readonly exported: string
}

/** The buffers that both sides have, in the same order. */
export function buffersOf(setup: LogEntries, table: SharedArrayBuffer): SharedArrayBuffer[] {
  const made = setup.results.filter((_, at) => setup.operations[at] === 'allocate') as SharedArrayBuffer[]
  return [table, ...made]
}
