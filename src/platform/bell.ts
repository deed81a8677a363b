/** A bell: how any thread, in whatever state, makes a thread of another process look up. A pipe that has a place in /proc. */
import { runtime } from './runtime.ts'

const STROKE = new Uint8Array(1)
/** So many bells of other processes are kept at hand. Processes come and go, and nobody tells when. */
const MOST = 32

const open = new Map<string, number>()

/** Rings the bell that a process has under that descriptor. Does nothing if the process has ended. */
export function ringBell(owner: number, descriptor: number): void {
  const { closeSync, openSync, writeSync, constants } = process.getBuiltinModule('node:fs')
  const path = `/proc/${owner}/fd/${descriptor}`
  let file = open.get(path)
  try {
    if (file === undefined) {
      // Not to be blocked by somebody who does not listen: then it was rung often enough.
      file = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
      keep(path, file)
    }
    writeSync(file, STROKE)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return
    // The process has ended, or is about to.
    if (file !== undefined && open.delete(path)) closeSync(file)
  }
}

function keep(path: string, file: number): void {
  open.set(path, file)
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
