/**
 * Bytes of a value and back, with the meaning of structured clone: for what crosses as bytes, through a ring of memory,
 * where there is no port that could clone it.
 */
import { deserialize, Deserializer, serialize, Serializer } from 'node:v8'
import { runtime } from './runtime.ts'

/*
 * Not `serialize` of Node and Deno: it puts all views of a message into one buffer, so that what shared a buffer does not
 * share it any more, and ten bytes keep a megabyte alive. Bun has nothing else, but does right by views.
 */
const hasSerializer = runtime !== 'bun'

/** Throws what the runtime throws if the value cannot be cloned. Shared memory has to be refused before: Bun copies it. */
export function toBytes(value: unknown): Uint8Array {
  if (!hasSerializer) return serialize(value)
  const serializer = new Serializer()
  serializer.writeHeader()
  serializer.writeValue(value)
  return serializer.releaseBuffer()
}

/** The value of which these are the bytes. They are copied, and may change afterwards. */
export function fromBytes(bytes: Uint8Array): unknown {
  if (!hasSerializer) return deserialize(bytes)
  const deserializer = new Deserializer(bytes)
  deserializer.readHeader()
  return deserializer.readValue()
}
