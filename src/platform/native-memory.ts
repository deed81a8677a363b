/**
 * Memory that several processes see, by calls of the C library, which the optional package koffi makes.
 *
 * The file is one of memory alone (memfd_create): it lies in no folder, and is gone with the last process that has it
 * open or mapped, however that ends. Others open it through /proc, by the number that it has in the process that made it;
 * its name says whether it is still the same one.
 *
 * Undefined where that cannot be: without koffi, elsewhere than on Linux, and on Bun, which keeps the pages of a memory
 * that nobody uses any more for the next one, zeroed: those of a file would be zeroed for all (measured on 1.4.5).
 */
import { environment } from './environment.ts'
import { runtime } from './runtime.ts'

export { pipeNumber, ringBell } from './bell.ts'

export interface NativeFile {
  /** The process that made it. */
  readonly process: number
  readonly descriptor: number
  /** Of no other file. Its last half is known only to those who were told, and who may look into the process. */
  readonly name: string
}

export interface NativeMemory {
  /** Makes a file of so many bytes, all 0. Undefined if there cannot be one. */
  createFile(bytes: number): NativeFile | undefined
  /** Opens the file that a process has under that descriptor. Negative if that is not there, or is another by now. */
  openFile(file: NativeFile): number
  closeFile(descriptor: number): void
  /** Puts the pages of the file in the place of those of the memory, which begins with a page. False if that failed. */
  map(memory: Uint8Array, descriptor: number): boolean
  /** Makes a pipe: a byte that is written to `/proc/PID/fd/WRITE` arrives at `read`. Undefined if there cannot be one. */
  openPipe(): { readonly read: number; readonly write: number } | undefined
}

/** The variable that forbids it with `off`. */
const VARIABLE = 'MULTITASK_SHARED_MEMORY'

const CLOSE_ON_EXEC = 1
/** Some systems want it, and older ones do not know it. */
const NEVER_EXECUTED = 8
const PIPE_CLOSE_ON_EXEC = 0o2000000
const READ_WRITE_CLOSE_ON_EXEC = 0o2000002
const READ_WRITE = 3
const SHARED_AND_FIXED = 0x11

interface Koffi {
  load(path: null): { func(prototype: string): (...args: unknown[]) => number }
}

/** Loads it. */
export function loadNativeMemory(): NativeMemory | undefined {
  if (process.platform !== 'linux' || runtime === 'bun' || environment(VARIABLE) === 'off') return undefined
  if (!mayCallNativeCode()) return undefined
  try {
    return bind(loadKoffi())
  } catch {
    // It is optional. What it would have made faster works without it.
    return undefined
  }
}

/**
 * Its binary alone, where it is a package of its own: what koffi has around it takes twice as long to load (4 of 7 ms), and
 * every program pays for it that starts a thread.
 */
function loadKoffi(): Koffi {
  const { createRequire } = process.getBuiltinModule('node:module')
  const require = createRequire(import.meta.url)
  try {
    return createRequire(require.resolve('koffi'))(`@koromix/koffi-${process.platform}-${process.arch}`) as Koffi
  } catch {
    return require('koffi') as Koffi
  }
}

type DenoHost = { readonly Deno?: { readonly permissions: { querySync(asked: object): { readonly state: string } } } }

/** Deno would ask the user. */
function mayCallNativeCode(): boolean {
  const deno = (globalThis as DenoHost).Deno
  const needed = ['ffi', 'read', 'write']
  return deno === undefined || needed.every(name => deno.permissions.querySync({ name }).state === 'granted')
}

function bind(koffi: Koffi): NativeMemory {
  const libc = koffi.load(null)
  const create = libc.func('int memfd_create(const char *name, unsigned int flags)')
  const setLength = libc.func('int ftruncate(int file, int64_t length)')
  const open = libc.func('int open(const char *path, int flags)')
  const close = libc.func('int close(int file)')
  const map = libc.func('intptr_t mmap(void *at, size_t length, int may, int flags, int file, int64_t from)')
  const pipe = libc.func('int pipe2(_Out_ int *ends, int flags)')
  const { readFileSync, readlinkSync } = process.getBuiltinModule('node:fs')
  const nameOf = (path: string): string => readlinkSync(path)
  // 244 random bits. Those of node:crypto are as good, and take 3 ms to load.
  const uuid = (): string => readFileSync('/proc/sys/kernel/random/uuid', 'latin1').trim().replaceAll('-', '')
  const newName = (): string => uuid() + uuid()
  return {
    createFile(bytes) {
      const name = newName()
      let descriptor = create(name, CLOSE_ON_EXEC | NEVER_EXECUTED)
      if (descriptor < 0) descriptor = create(name, CLOSE_ON_EXEC)
      if (descriptor >= 0 && setLength(descriptor, bytes) === 0) return { process: process.pid, descriptor, name }
      if (descriptor >= 0) close(descriptor)
      return undefined
    },
    openFile({ process: owner, descriptor, name }) {
      const path = `/proc/${owner}/fd/${descriptor}`
      const wanted = `/memfd:${name} (deleted)`
      try {
        // Before, as it could be anything by now, and to open some things is to do something with them.
        if (nameOf(path) !== wanted) return -1
        const file = open(path, READ_WRITE_CLOSE_ON_EXEC)
        if (file < 0 || nameOf(`/proc/self/fd/${file}`) === wanted) return file
        close(file)
        return -1
      } catch {
        return -1
      }
    },
    closeFile: file => void close(file),
    map: (memory, file) => map(memory, memory.byteLength, READ_WRITE, SHARED_AND_FIXED, file, 0) !== -1,
    openPipe() {
      const ends = [0, 0]
      if (pipe(ends, PIPE_CLOSE_ON_EXEC) !== 0) return undefined
      const [read, write] = ends as [number, number]
      return { read, write }
    },
  }
}
