/** A stream of bytes as a stream of messages: values in frames. */
import type { ByteStream } from '../platform/byte-stream.ts'
import { fromBytes, toBytes } from '../platform/serialize.ts'
import { FrameReader } from '../wire/frame-reader.ts'
import { FrameWriter } from '../wire/frame-writer.ts'

/** Takes the messages out of pieces of bytes. `receive` is called with each. Throws RangeError if there is something else. */
export function messageReader(receive: (message: unknown) => void): (bytes: Uint8Array) => void {
  const reader = new FrameReader({
    message: bytes => receive(fromBytes(bytes)),
    record: refuse,
    hello: refuse,
  })
  return bytes => reader.read(bytes)
}

function refuse(): never {
  throw new RangeError('what it sent is no message')
}

export class MessageStream {
  readonly #stream: ByteStream
  readonly #writer: FrameWriter

  constructor(stream: ByteStream) {
    this.#stream = stream
    this.#writer = new FrameWriter(stream)
  }

  /** Throws what the runtime throws if it cannot be cloned. */
  send(message: unknown): void {
    this.#writer.message(toBytes(message))
    this.#writer.flush()
  }

  /** `closed` is called once, when nothing more will come: also if what comes is no message. */
  listen(receive: (message: unknown) => void, closed: () => void): void {
    const read = messageReader(receive)
    this.#stream.listen(bytes => {
      try {
        read(bytes)
      } catch {
        // Whoever sends that knows no better. It is no client.
        this.#stream.close()
      }
    }, closed)
  }

  unref(): void {
    this.#stream.unref()
  }

  close(): void {
    this.#stream.close()
  }
}
