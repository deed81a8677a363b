/**
 * Streams between processes of this machine that did not start each other with one, or between threads of them.
 *
 * On Linux the socket has a name that is no file: nothing can be left behind, and a full disk does not matter. Elsewhere
 * it is a file in the temporary folder, or a pipe of Windows. A name is no secret. Whoever listens must be told one first.
 */
import { type ByteStream, NetStream } from './byte-stream.ts'

/** Text that nobody guesses. */
export function randomText(): string {
  return process.getBuiltinModule('node:crypto').randomBytes(16).toString('hex')
}

/** A name that no other socket has. */
export function newSocketName(): string {
  return socketName(randomText())
}

/** The name of a socket that is known by a text. */
export function socketName(text: string): string {
  const name = `multitask-${text}`
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`
  if (hasAbstractNames) return `\0${name}`
  return process.getBuiltinModule('node:path').join(process.getBuiltinModule('node:os').tmpdir(), `${name}.sock`)
}

const hasAbstractNames = process.platform === 'linux'

export interface Listening {
  /** Takes nobody in any more. Streams that are open stay so. */
  close(): void
}

/**
 * Calls `connected` with a stream for each that connects, and `ready` when it can; `failed` if nobody ever can. Whether it
 * keeps the thread alive: no.
 */
export function listenLocally(
  name: string,
  connected: (stream: ByteStream) => void,
  ready: () => void,
  failed: (error: Error) => void,
): Listening {
  const server = process.getBuiltinModule('node:net').createServer(socket => connected(new NetStream(socket)))
  server.on('error', failed)
  server.listen(name, ready)
  server.unref()
  return {
    close: () => {
      server.close()
      if (hasAbstractNames || process.platform === 'win32') return
      process.getBuiltinModule('node:fs').rmSync(name, { force: true })
    },
  }
}

/** Milliseconds between two tries to connect to somebody who does not listen yet. */
const PAUSE = 5

/**
 * Connects to whoever listens under that name, who may only be about to: for `patience` ms it is tried again.
 * Rejects with what the runtime says.
 */
export async function connectLocally(name: string, patience: number): Promise<ByteStream> {
  const until = performance.now() + patience
  for (;;) {
    try {
      return await connectOnce(name)
    } catch (error) {
      if (performance.now() > until) throw error
    }
    await new Promise(resolve => setTimeout(resolve, PAUSE))
  }
}

function connectOnce(name: string): Promise<ByteStream> {
  return new Promise((resolve, reject) => {
    const socket = process.getBuiltinModule('node:net').connect(name)
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve(new NetStream(socket))
    })
  })
}
