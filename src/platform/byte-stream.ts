/** A stream of bytes between two processes, in both directions: one of the files that a child is given beside stdio. */
import type { Socket } from 'node:net'
import { openFile, type Reception, replace } from './direct-socket.ts'
import { runtime } from './runtime.ts'

export interface ByteStream {
  /**
   * The bytes must not be changed any more until they are on their way, when `written` is called. Does nothing once it is
   * closed.
   */
  write(bytes: Uint8Array, written?: () => void): void
  /** What is written until `uncork` goes out together then. */
  cork(): void
  uncork(): void
  /**
   * Calls `received` with what comes, `closed` once when nothing more can come. What is received is good until `received`
   * returns. `target` may say where the next bytes are to go; not every stream asks.
   */
  listen(received: (bytes: Uint8Array) => void, closed: () => void, target?: () => Uint8Array | undefined): void
  pause(): void
  resume(): void
  /** Whether it keeps the program alive. */
  ref(): void
  unref(): void
  close(): void
}

/** The end that this process was started with, as the file of that number. To be listened to in the turn in which it is there. */
export function inheritedStream(fd: number): Promise<ByteStream> {
  if (runtime === 'bun') return openBunStream(fd)
  const direct = openFile(fd)
  if (direct !== undefined) return Promise.resolve(new NetStream(direct.socket, direct.reception))
  const net = process.getBuiltinModule('node:net')
  return Promise.resolve(new NetStream(new net.Socket({ fd })))
}

/** On a socket of `node:net`, which tries to write at once. */
export class NetStream implements ByteStream {
  readonly #socket: Socket
  readonly #reception: Reception | undefined

  /** The end of a child's file, in the place of the socket that the runtime made for it. */
  static of(socket: Socket): NetStream {
    const direct = replace(socket)
    return new NetStream(direct?.socket ?? socket, direct?.reception)
  }

  constructor(socket: Socket, reception?: Reception) {
    this.#socket = socket
    this.#reception = reception
    // The other side is gone: it is told by 'close', which follows.
    socket.on('error', () => {})
  }

  get isClosed(): boolean {
    return this.#socket.destroyed
  }

  write(bytes: Uint8Array, written?: () => void): void {
    if (this.#socket.writable) this.#socket.write(bytes, written)
  }
  cork(): void {
    this.#socket.cork()
  }
  uncork(): void {
    this.#socket.uncork()
  }
  listen(received: (bytes: Uint8Array) => void, closed: () => void, target?: () => Uint8Array | undefined): void {
    if (this.#reception === undefined) this.#socket.on('data', received)
    else this.#reception.received = received
    if (this.#reception !== undefined && target !== undefined) this.#reception.target = target
    this.whenClosed(closed)
  }
  whenClosed(closed: () => void): void {
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
  #waiting: { readonly bytes: Uint8Array; readonly written: (() => void) | undefined }[] = []

  write(bytes: Uint8Array, written?: () => void): void {
    if (this.#waiting.length > 0) {
      this.#waiting.push({ bytes, written })
      return
    }
    const taken = this.socket?.write(bytes) ?? -1
    if (taken >= 0 && taken < bytes.length) this.#waiting.push({ bytes: bytes.subarray(taken), written })
    else written?.()
  }
  cork(): void {}
  uncork(): void {}
  drain(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const { bytes, written } of waiting) this.write(bytes, written)
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
