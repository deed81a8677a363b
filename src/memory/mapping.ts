/**
 * Memory of which other processes can have the very pages.
 *
 * A SharedArrayBuffer lies where the engine puts it. But that of a WebAssembly.Memory begins with a page, is all that there
 * is in its pages, and is given back to the system page by page. So the pages of a file can be put in their place, and
 * nobody notices: all threads of a process see it as the shared memory that it is, atomics are those of the processor, and
 * when the engine lets go of the memory it lets go of the file.
 *
 * What does not reach other processes is `notify`; see neighbours.ts.
 */
import { hook } from './atomics.ts'

/** Where the pages come from. Any process of the same user can open it. */
export interface MappedFile {
  /** The process that made it. */
  readonly process: number
  /** The number that it has there. */
  readonly descriptor: number
  /** No other file has it. */
  readonly name: string
  readonly bytes: number
}

/** What platform/native-memory.ts makes. */
export interface NativeMemory {
  createFile(bytes: number): Omit<MappedFile, 'bytes'> | undefined
  openFile(file: MappedFile): number
  closeFile(descriptor: number): void
  map(memory: Uint8Array, descriptor: number): boolean
}

/** In bytes: the least that a WebAssembly.Memory has, and what it grows by. */
const GRAIN = 1 << 16
/** So many pieces of memory that this thread has made can be alive. Each has a file open. */
const MOST = 512

let source: (() => NativeMemory | undefined) | undefined
let native: NativeMemory | undefined
let alive = 0

const files = new WeakMap<ArrayBufferLike, MappedFile>()
const opened = new Map<string, WeakRef<SharedArrayBuffer>>()
const forgotten = new FinalizationRegistry<() => void>(forget => forget())

/** Says how it is made, if it can be. Nothing is loaded before it is wanted. */
export function provideMapping(load: () => NativeMemory | undefined): void {
  source = load
}

function loaded(): NativeMemory | undefined {
  if (source === undefined || native !== undefined) return native
  native = source()
  if (native === undefined) source = undefined
  return native
}

/** New memory of at least so many bytes, all 0; undefined where there is none, or no more. */
export function makeMapped(bytes: number): SharedArrayBuffer | undefined {
  // What plays threads wants to have all memory in its hands.
  if (hook !== undefined || alive >= MOST) return undefined
  const memory = loaded() === undefined ? undefined : reserve(bytes)
  if (memory === undefined) return undefined
  const file = native!.createFile(memory.byteLength)
  if (file === undefined || !native!.map(new Uint8Array(memory), file.descriptor)) return undefined
  alive++
  forgotten.register(memory, () => {
    alive--
    native!.closeFile(file.descriptor)
  })
  noteFile(memory, { ...file, bytes: memory.byteLength })
  return memory
}

/** The memory that another process has made; undefined if it is gone, or cannot be had here. */
export function openMapped(file: MappedFile): SharedArrayBuffer | undefined {
  const known = opened.get(file.name)?.deref()
  if (known !== undefined) return known
  const memory = loaded() === undefined ? undefined : reserve(file.bytes)
  if (memory === undefined) return undefined
  const descriptor = native!.openFile(file)
  if (descriptor < 0) return undefined
  const isMapped = native!.map(new Uint8Array(memory), descriptor)
  native!.closeFile(descriptor)
  if (!isMapped) return undefined
  noteFile(memory, file)
  return memory
}

/** The file from which the pages of a memory come, if this thread knows. */
export function fileOf(memory: ArrayBufferLike): MappedFile | undefined {
  return files.get(memory)
}

/** Says it, of memory that has come from another thread. */
export function noteFile(memory: SharedArrayBuffer, file: MappedFile): void {
  files.set(memory, file)
  opened.set(file.name, new WeakRef(memory))
  forgotten.register(memory, () => {
    if (opened.get(file.name)?.deref() === undefined) opened.delete(file.name)
  })
}

function reserve(bytes: number): SharedArrayBuffer | undefined {
  const grains = Math.ceil(bytes / GRAIN)
  try {
    return new WebAssembly.Memory({ initial: grains, maximum: grains, shared: true })
      .buffer as ArrayBufferLike as SharedArrayBuffer
  } catch {
    // More than there can be at a time, or in one.
    return undefined
  }
}
