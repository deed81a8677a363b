/** Items on their way to a queue of another process: what the agent need not open goes as bytes. */
import { toBytes } from '../platform/serialize.ts'
import { cannotPost, pack } from '../wire/pack.ts'

/**
 * An item as the agent takes it: itself if it cannot change any more, else the bytes of its message. `path` begins the
 * paths in errors. Throws CannotSendError.
 */
export function seal(value: unknown, path: string): unknown {
  const type = typeof value
  if (value === null || (type !== 'object' && type !== 'function' && type !== 'symbol')) return value
  return bytesOf(value, path, 'queue')
}

/** What goes to an object or comes from it, as tasks take and give it. `path` begins the paths in errors. */
export function sealValues(values: unknown, path: string): Uint8Array {
  return bytesOf(values, path, 'process')
}

function bytesOf(value: unknown, path: string, bytesOnly: 'queue' | 'process'): Uint8Array {
  const { packed } = pack(value, path, { bytesOnly })
  try {
    return toBytes(packed)
  } catch (error) {
    throw cannotPost(error, path)
  }
}
