/**
 * Bytes of a value and back, with the meaning of structured clone: for what crosses as bytes, through a ring of memory,
 * where there is no port that could clone it.
 */
import { runtime } from './runtime.ts'

/*
 * Not `serialize` of Node and Deno: it puts all views of a message into one buffer, so that what shared a buffer does not
 * share it any more, and ten bytes keep a megabyte alive. Bun has nothing else, but does right by views.
 */
const hasSerializer = runtime !== 'bun'

let v8: typeof import('node:v8') | undefined

/** Whether buffers of a value need not be among its bytes. */
export const canSetApart: boolean = hasSerializer

/**
 * Throws what the runtime throws if the value cannot be cloned. Shared memory has to be refused before: Bun copies it.
 * `apart`: buffers that are not put among the bytes; who reads them has to have others in their places.
 */
export function toBytes(value: unknown, apart: Iterable<ArrayBuffer> = []): Uint8Array {
  v8 ??= process.getBuiltinModule('node:v8')
  if (!hasSerializer) return v8.serialize(value)
  const serializer = new v8.Serializer()
  let number = 0
  for (const buffer of apart) serializer.transferArrayBuffer(number++, buffer)
  serializer.writeHeader()
  serializer.writeValue(value)
  return serializer.releaseBuffer()
}

/** The value of which these are the bytes. They are copied, and may change afterwards; the buffers become part of it. */
export function fromBytes(bytes: Uint8Array, apart: readonly ArrayBuffer[] = []): unknown {
  v8 ??= process.getBuiltinModule('node:v8')
  if (!hasSerializer) return v8.deserialize(bytes)
  const deserializer = new v8.Deserializer(bytes)
  for (const [number, buffer] of apart.entries()) deserializer.transferArrayBuffer(number, buffer)
  deserializer.readHeader()
  return deserializer.readValue()
}
