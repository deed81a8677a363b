/**
 * Any value as one line of JSON.
 *
 * What JSON.stringify does well stays as it does it: `toJSON`, a missing property for undefined, null for NaN. Where it
 * would throw, or quietly write `{}`, there is a form that loses nothing: text for a BigInt, base64 for bytes, an array
 * for a Map, a Set or any other iterable, a record for an Error. What has no form at all is an error.
 */
import { types } from 'node:util'
import { errorRecord } from './error-record.ts'

/** Throws TypeError and RangeError, with a sentence, for what cannot be written. */
export function toJson(value: unknown): string {
  if (typeof value === 'function' || typeof value === 'symbol') {
    throw new TypeError(`the result is a ${typeof value}, which JSON cannot hold`)
  }
  try {
    return JSON.stringify(value, isPlain(value) ? undefined : replace) ?? 'null'
  } catch (error) {
    // The engines tell a stack that is full from a string that is too long only by their texts.
    if (!(error instanceof RangeError)) throw error
    const cause = /stack/i.test(error.message) ? 'nested too deeply' : 'too large'
    throw new RangeError(`the result is ${cause} for JSON`, { cause: error })
  }
}

/** The way without `replace` is several times as fast. */
function isPlain(value: unknown): boolean {
  return typeof value !== 'object' && typeof value !== 'bigint'
}

function replace(this: unknown, key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  // Before `toJSON`, which makes an object with a number for each byte of a Buffer.
  const original = (this as Record<string, unknown>)[key]
  if (typeof original !== 'object' || original === null) return value
  if (original instanceof Uint8Array) return base64(original.buffer, original.byteOffset, original.byteLength)
  if (types.isAnyArrayBuffer(original)) return base64(original, 0, original.byteLength)
  if (original instanceof Error) return errorRecord(original)
  return isIterable(value) ? [...value] : value
}

function base64(buffer: ArrayBufferLike, offset: number, length: number): string {
  return Buffer.from(buffer, offset, length).toString('base64')
}

/** Of those that JSON.stringify does not know. */
function isIterable(value: unknown): value is Iterable<unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  // A boxed string is one, too, and JSON knows it.
  return !types.isStringObject(value) && typeof (value as Partial<Iterable<unknown>>)[Symbol.iterator] === 'function'
}
