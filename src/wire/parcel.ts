/**
 * A message as it goes by a stream: its bytes, and beside them the large buffers of its value.
 *
 * A buffer among the bytes is copied into them and out of them again. A buffer that goes beside them, in a frame of its
 * own, is read from the stream into the very memory that becomes the value's, and V8 puts it in its place, also where
 * several views share it (it takes it for one that was moved).
 *
 * On the way out it is copied once: what is changed after a call was submitted does not matter, and the system takes a
 * fifth of a mebibyte at a time. The copy lies in memory that is used again: the first touch of new memory costs more
 * than the copy.
 */
import { canSetApart, toBytes } from '../platform/serialize.ts'

export interface Parcel {
  readonly bytes: Uint8Array
  readonly buffers: readonly Uint8Array[]
}

const NONE: readonly Uint8Array[] = []

/** Bytes of memory that are kept for later copies, in all. */
const MOST_KEPT = 1 << 22

const kept: ArrayBuffer[] = []
let keptBytes = 0

/** Throws what the runtime throws if the message cannot be cloned. `large`: buffers in it. */
export function parcelOf(message: unknown, large: ReadonlySet<ArrayBuffer> | undefined): Parcel {
  if (large === undefined || large.size === 0 || !canSetApart) return { bytes: toBytes(message), buffers: NONE }
  const bytes = toBytes(message, large)
  return { bytes, buffers: Array.from(large, copyOf) }
}

/** The copy of a buffer is on its way, and its memory free. */
export function giveBack({ buffer }: Uint8Array): void {
  if (keptBytes + buffer.byteLength > MOST_KEPT) return
  keptBytes += buffer.byteLength
  kept.push(buffer as ArrayBuffer)
}

function copyOf(source: ArrayBuffer): Uint8Array {
  const { byteLength } = source
  const copy = new Uint8Array(takeKept(byteLength) ?? new ArrayBuffer(byteLength), 0, byteLength)
  copy.set(new Uint8Array(source))
  return copy
}

/** Memory of at least that size, but not much more. */
function takeKept(length: number): ArrayBuffer | undefined {
  const at = kept.findIndex(({ byteLength }) => byteLength >= length && byteLength <= 2 * length)
  if (at < 0) return undefined
  const [memory] = kept.splice(at, 1)
  keptBytes -= memory!.byteLength
  return memory
}
