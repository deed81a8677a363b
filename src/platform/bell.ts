/** A bell: how any thread, in whatever state, makes a thread of another process look up. A pipe that has a place in /proc. */
import { runtime } from './runtime.ts'

const STROKE = new Uint8Array(1)
/** So many bells of other processes are kept at hand. Processes come and go, and nobody tells when. */
const MOST = 32

/** By the numbers that the system gives to pipes. */
const open = new Map<number, number>()

/** The pipe that a process has under that descriptor, and the number of the pipe: the process may have ended by now. */
export interface Bell {
  readonly process: number
  readonly descriptor: number
  readonly pipe: number
}

/** The number of the pipe that this process has under that descriptor. */
export function pipeNumber(descriptor: number): number {
  return process.getBuiltinModule('node:fs').statSync(`/proc/self/fd/${descriptor}`).ino
}

/** Rings it. Does nothing if the process has ended. */
export function ringBell({ process: owner, descriptor, pipe }: Bell): void {
  const { closeSync, fstatSync, openSync, readlinkSync, writeSync, constants } = process.getBuiltinModule('node:fs')
  const path = `/proc/${owner}/fd/${descriptor}`
  let file = open.get(pipe)
  try {
    if (file === undefined) {
      // Another process may have that number by now, and anything under that descriptor.
      if (readlinkSync(path) !== `pipe:[${pipe}]`) return
      // Not to be blocked by somebody who does not listen: then it was rung often enough.
      file = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
      if (fstatSync(file).ino !== pipe) return closeSync(file)
      keep(pipe, file)
    }
    writeSync(file, STROKE)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return
    // The process has ended, or is about to.
    if (file !== undefined && open.delete(pipe)) closeSync(file)
  }
}

function keep(pipe: number, file: number): void {
  open.set(pipe, file)
  if (open.size <= MOST) return
  const [oldest, its] = open.entries().next().value!
  open.delete(oldest)
  process.getBuiltinModule('node:fs').closeSync(its)
}

/** Calls `rung` after each time that the bell was rung, or once after several. Keeps nothing alive. */
export function listenForBell(descriptor: number, rung: () => void): void {
  if (runtime === 'node') {
    const socket = new (process.getBuiltinModule('node:net').Socket)({
      fd: descriptor,
      readable: true,
      writable: false,
    })
    socket.on('data', rung)
    socket.unref()
    return
  }
  // Deno numbers files in its own way, and cannot watch one, but reads it beside the event loop.
  const { open: openFile, read } = process.getBuiltinModule('node:fs')
  const strokes = new Uint8Array(64)
  openFile(`/proc/self/fd/${descriptor}`, 'r', (error, file) => {
    if (error !== null) throw error
    const next = (): void =>
      read(file, strokes, 0, strokes.length, null, failure => {
        if (failure !== null) throw failure
        rung()
        next()
      })
    next()
  })
}
