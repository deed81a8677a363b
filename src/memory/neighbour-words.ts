/**
 * The memory of things that threads share: where processes can share some, it is such memory.
 *
 * Small things lie side by side in slabs, as each piece of such memory takes 64 KiB and a file. A place in a slab is not
 * given away twice: nobody could say when the last thread of the last process has let go of a thing. A slab is gone when
 * all have let go of all that is in it; so that one lock that is kept keeps little else, slabs are no larger than they must.
 */
import { hook, sharedWords } from './atomics.ts'
import { fileOf, makeMapped, type MappedFile, noteFile, openMapped } from './mapping.ts'
import { threadTable } from './thread-table.ts'

const SLAB_BYTES = 1 << 16
/** Things from this size on have memory of their own. */
const LARGE_BYTES = 1 << 14
/** Processors fetch lines of 64 bytes by twos. What different threads change is kept on different ones. */
const LINE_BYTES = 128

/** How memory crosses to another thread, or without `memory` to another process. */
export interface SentWords {
  readonly memory: SharedArrayBuffer | undefined
  /** In bytes. */
  readonly from: number
  readonly length: number
  readonly file: MappedFile | undefined
}

let slab: SharedArrayBuffer | undefined
let used = 0

/** Memory of so many words, all 0. Other processes can have it if they have the table of threads too. */
export function neighbourWords(count: number): Int32Array<SharedArrayBuffer> {
  const bytes = count * 4
  if (hook !== undefined || fileOf(threadTable().buffer) === undefined) return sharedWords(count)
  if (bytes >= LARGE_BYTES) {
    const memory = makeMapped(bytes)
    return memory === undefined ? sharedWords(count) : new Int32Array(memory, 0, count)
  }
  if (slab === undefined || used + bytes > SLAB_BYTES) {
    slab = makeMapped(SLAB_BYTES)
    if (slab === undefined) return sharedWords(count)
    used = 0
  }
  const words = new Int32Array(slab, used, count)
  used += Math.ceil(bytes / LINE_BYTES) * LINE_BYTES
  return words
}

export function sendWords(words: Int32Array<SharedArrayBuffer>): SentWords {
  const { buffer, byteOffset, length } = words
  return { memory: buffer, from: byteOffset, length, file: fileOf(buffer) }
}

/** Undefined if it cannot be had here. */
export function receiveWords({ memory, from, length, file }: SentWords): Int32Array<SharedArrayBuffer> | undefined {
  const found = memory ?? (file === undefined ? undefined : openMapped(file))
  if (found === undefined) return undefined
  if (memory !== undefined && file !== undefined) noteFile(memory, file)
  return new Int32Array(found, from, length)
}
