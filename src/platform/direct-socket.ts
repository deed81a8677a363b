/**
 * Sockets of Node that receive into memory which they are given: a large message where it stays, all else in memory that is
 * used again. From other sockets each piece comes in new memory, which is copied and then garbage; in a flood of large
 * messages the collector then takes longer than all else (measured: half of the time of a mebibyte there and back).
 */
import { Buffer } from 'node:buffer'
import type { Socket, SocketConstructorOpts } from 'node:net'
import { runtime } from './runtime.ts'

/** What is done with what comes. Set before the turn ends in which the socket was opened. */
export interface Reception {
  received(bytes: Uint8Array): void
  /** Where the next bytes are to go, if not where all go. */
  target(): Uint8Array | undefined
}

export interface DirectSocket {
  readonly socket: Socket
  readonly reception: Reception
}

/** Shared by all sockets of a thread: what is received is taken out before another reads. */
const piece = new Uint8Array(1 << 16)

/** On the file of that number. Undefined where sockets cannot do it. */
export function openFile(fd: number): DirectSocket | undefined {
  return runtime === 'node' ? open({ fd }) : undefined
}

/**
 * Takes the place of a socket that Node has opened, as it does for the files of a child; nobody may use that one any
 * more. Undefined where that cannot be: no document speaks of a socket's handle, but Node hands it from one socket to
 * another in the same way when it sends one to a child.
 */
export function replace(socket: Socket): DirectSocket | undefined {
  const holder = socket as unknown as { _handle?: object | null }
  const handle = holder._handle
  if (runtime !== 'node' || !handle || !('useUserBuffer' in handle)) return undefined
  const direct = open({ handle } as object)
  holder._handle = null
  return direct
}

function open(of: SocketConstructorOpts): DirectSocket {
  const reception: Reception = { received: nobody, target: () => undefined }
  const onread = {
    buffer: () => reception.target() ?? piece,
    callback: (length: number, memory: Uint8Array) => {
      reception.received(memory.subarray(0, length))
      return true
    },
  }
  const net = process.getBuiltinModule('node:net')
  return { socket: new net.Socket({ ...of, onread }), reception }
}

function nobody(): never {
  throw new Error('bytes have come before anybody listened. This is a bug in multitask.')
}

/** Memory of its own for bytes that will all be written. It is not cleared where that can be left out. */
export function newMemory(length: number): Uint8Array<ArrayBuffer> {
  if (runtime !== 'node') return new Uint8Array(length)
  return new Uint8Array(Buffer.allocUnsafeSlow(length).buffer)
}
