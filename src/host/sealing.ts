/** Items on their way to a queue of another process: what the agent need not open goes as bytes. */
import { toBytes } from '../platform/serialize.ts'
import { cannotPost, pack } from '../wire/pack.ts'

/**
 * An item as the agent takes it: in an array if it is plain, else the bytes of its message. `path` begins the paths in
 */
export function seal(value: unknown, path: string): unknown {
  const { packed } = pack(value, path, { bytesOnly: 'queue' })
  if (packed.specials === undefined) return [packed.value]
  try {
    return toBytes(packed)
  } catch (error) {
    throw cannotPost(error, path)
  }
}
