/** A stream of bytes between two processes, in both directions: one of the files that a child is given beside stdio. */
import { Socket } from 'node:net'
import { runtime } from './runtime.ts'

export interface ByteStream {
  /** The bytes may be read until they are on their way: they must not be changed any more. Does nothing once it is closed. */
  write(bytes: Uint8Array): void
  /** Calls `received` with what comes, `closed` once when nothing more can come. */
  listen(received: (bytes: Uint8Array) => void, closed: () => void): void
  pause(): void
  resume(): void
  /** Whether it keeps the program alive. */
  ref(): void
  unref(): void
  close(): void
}

/** The end that this process was started with, as the file of that number. */
export function inheritedStream(fd: number): Promise<ByteStream> {
  return runtime === 'bun' ? openBunStream(fd) : Promise.resolve(new NetStream(new Socket({ fd })))
}

/** On a socket of `node:net`, which tries to write at once. */
export class NetStream implements ByteStream {
  readonly #socket: Socket

  constructor(socket: Socket) {
    this.#socket = socket
    // The other side is gone: it is told by 'close', which follows.
    socket.on('error', () => {})
  }

  write(bytes: Uint8Array): void {
    if (this.#socket.writable) this.#socket.write(bytes)
  }
  listen(received: (bytes: Uint8Array) => void, closed: () => void): void {
    this.#socket.on('data', received)
    this.#socket.on('close', closed)
  }
  pause(): void {
    this.#socket.pause()
  }
  resume(): void {
    this.#socket.resume()
  }
  ref(): void {
    this.#socket.ref()
  }
  unref(): void {
    this.#socket.unref()
  }
  close(): void {
    this.#socket.destroy()
  }
}

/** What Bun gives for a file of its own: its `net.Socket` cannot take one over. */
interface BunSocket {
  write(bytes: Uint8Array): number
  pause(): void
  resume(): void
  ref(): void
  unref(): void
  terminate(): void
}

interface BunHost {
  connect(options: {
    fd: number
    socket: Record<string, (socket: BunSocket, bytes: Uint8Array) => void>
  }): Promise<BunSocket>
}

class BunStream implements ByteStream {
  socket: BunSocket | undefined
  received: (bytes: Uint8Array) => void = () => {}
  closed: () => void = () => {}
  /** What the system has not taken yet. */
  #waiting: Uint8Array[] = []

  write(bytes: Uint8Array): void {
    if (this.#waiting.length > 0) {
      this.#waiting.push(bytes)
      return
    }
    const written = this.socket?.write(bytes) ?? -1
    if (written >= 0 && written < bytes.length) this.#waiting.push(bytes.subarray(written))
  }
  drain(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const bytes of waiting) this.write(bytes)
  }
  listen(received: (bytes: Uint8Array) => void, closed: () => void): void {
    this.received = received
    this.closed = closed
    this.socket?.resume()
  }
  pause(): void {
    this.socket?.pause()
  }
  resume(): void {
    this.socket?.resume()
  }
  ref(): void {
    this.socket?.ref()
  }
  unref(): void {
    this.socket?.unref()
  }
  close(): void {
    this.socket?.terminate()
  }
}

async function openBunStream(fd: number): Promise<ByteStream> {
  const stream = new BunStream()
  const { Bun: host } = globalThis as unknown as { Bun: BunHost }
  stream.socket = await host.connect({
    fd,
    socket: {
      // Nobody listens before it is returned.
      open: socket => socket.pause(),
      data: (_, bytes) => stream.received(bytes),
      drain: () => stream.drain(),
      close: () => stream.closed(),
      error: () => {},
    },
  })
  return stream
}
