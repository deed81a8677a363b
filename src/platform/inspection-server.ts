/** Lets other programs of the same user ask this one what it does: see inspection-place.ts. */
import { UnsupportedError } from '../errors.ts'
import { type Inspection, inspectionFolder, isPrivate, socketIn } from './inspection-place.ts'
import { isMainThread } from './threads.ts'
import { warn } from './warning.ts'

/**
 * Answers whoever asks, with what `look` returns. Does not keep the program alive. Returns what ends it.
 * Throws UnsupportedError where there is no such thing. That the socket cannot be made is only a warning: it is no reason
 * for a program not to run.
 */
export function answerInspections(look: () => Omit<Inspection, 'pid' | 'command' | 'age'>): () => void {
  if (!isMainThread)
    throw new UnsupportedError('inspectable is for the run() of the thread with which the program began')
  if (process.platform === 'win32')
    throw new UnsupportedError('inspectable needs sockets that are files: Windows has none')
  const folder = inspectionFolder()
  const socket = socketIn(folder, process.pid)
  const { mkdirSync, rmSync } = process.getBuiltinModule('node:fs')
  const remove = (): void => rmSync(socket, { force: true })
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    if (!isPrivate(folder)) throw new Error(`${folder} is not a folder of this user alone`)
    // What a process of the same number has left behind that was killed.
    remove()
  } catch (error) {
    failed(error)
    return () => {}
  }
  const server = process.getBuiltinModule('node:net').createServer(client => {
    // Who asks may leave before the answer, or not read it. That is no business of this program.
    client.on('error', () => {})
    client.unref()
    const [program = '', ...args] = process.argv
    const command = [program.slice(program.lastIndexOf('/') + 1), ...args].join(' ')
    client.end(
      JSON.stringify({ pid: process.pid, command, age: process.uptime() * 1000, ...look() } satisfies Inspection),
    )
  })
  server.on('error', failed)
  server.listen(socket)
  server.unref()
  process.on('exit', remove)
  return () => {
    process.off('exit', remove)
    server.close()
    remove()
  }
}

function failed(error: unknown): void {
  warn(`this program cannot be looked at by multitask ps: ${error instanceof Error ? error.message : String(error)}`)
}
