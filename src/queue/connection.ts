/** Connection: one end of a pipe. What it does is done by sender.ts and receiver.ts; to whom it belongs says end.ts. */
import { summary } from '../sync/inspect.ts'
import type { BlockOptions, WaitOptions } from '../sync/options.ts'
import { definePortable, portable, type PortableDescription } from '../wire/portable.ts'
import type { Duct } from './duct.ts'
import type { Side } from './duct-memory.ts'
import { End } from './end.ts'
import { Receiver } from './receiver.ts'
import { Sender } from './sender.ts'
import { SharedIterator } from './shared-iterator.ts'

export interface ConnectionStatistics {
  /** How many messages were sent to this end and not received. */
  readonly unread: number
  /** How many tasks of this thread wait for a message. */
  readonly receivers: number
  /** How many tasks of this thread wait for room. */
  readonly senders: number
  readonly closed: boolean
}

/** The method that Node, Bun and Deno ask for the look of an object. */
const inspect = Symbol.for('nodejs.util.inspect.custom')

/**
 * One end of a `pipe()`: sends messages of type `S` to the other end and receives those of type `R` from it. Python's
 * `multiprocessing.connection.Connection`.
 *
 * It belongs to one thread at a time: the one that made the pipe, or that received the end last, as an argument or a
 * result. There any number of tasks may use it. When that thread ends, the end is closed. In the thread that sent it away
 * it can only be closed, which changes nothing for the other.
 */
export class Connection<S = unknown, R = S> {
  static {
    function portableMethod(this: Connection): PortableDescription {
      const { duct, side } = this.#end
      this.#end.send()
      return { type: 'Connection', data: { duct, side } satisfies Sent }
    }
    function inspectMethod(this: Connection): string {
      return this.#look()
    }
    Object.defineProperty(Connection.prototype, portable, { value: portableMethod })
    Object.defineProperty(Connection.prototype, inspect, { value: inspectMethod })
  }

  readonly #end: End
  readonly #sender: Sender
  readonly #receiver: Receiver<R>

  /** @internal */
  constructor(end: End) {
    this.#end = end
    this.#sender = new Sender(end)
    this.#receiver = new Receiver(end)
  }

  /** The name of the pipe. */
  get name(): string {
    return this.#end.duct.name
  }

  /**
   * Sends a message, when there is room for it. It is copied at once. Messages arrive in the order in which they were sent.
   * Rejects with CannotSendError, with BrokenPipeError if the other end is closed, with TimeoutError, with the signal's
   * reason, and with InvalidStateError if this end is not open here, or only receives.
   */
  send(message: S, options?: WaitOptions): Promise<void> {
    return this.#sender.send(message, options)
  }

  /** As `send`, but blocks this thread until there is room. */
  sendSync(message: S, options?: BlockOptions): void {
    this.#sender.sendSync(message, options)
  }

  /**
   * Receives the next message, when there is one. Tasks get messages in the order in which they asked.
   * Rejects with EndOfFileError when the other end is closed and all that it sent was received, with TimeoutError, with the
   * signal's reason, and with InvalidStateError if this end is not open here, or only sends. No message is lost then, but
   * for one of which this thread cannot make a value: CannotLoadError.
   */
  recv(options?: WaitOptions): Promise<R> {
    return this.#receiver.receive(options)
  }

  /**
   * As `recv`, but blocks this thread until there is a message. Throws CannotLoadError also for a message with a function
   * or class of a module that has to be imported first.
   */
  recvSync(options?: BlockOptions): R {
    return this.#receiver.receiveSync(options)
  }

  /**
   * Resolves to whether there is something to receive: a message, the beginning of one, or the end of the file. With a
   * `timeout`, in ms, it waits so long for that; without one it does not wait, as in Python.
   */
  poll(options: WaitOptions = {}): Promise<boolean> {
    return this.#receiver.poll(options)
  }

  /** As `poll`, but blocks this thread. */
  pollSync(options: BlockOptions = {}): boolean {
    return this.#receiver.pollSync(options)
  }

  /** Receives messages until the other end is closed. */
  [Symbol.asyncIterator](): AsyncIterableIterator<R> {
    return new SharedIterator(this.#receiver)
  }

  /** The same for a thread that blocks: `for (const message of connection.messagesSync())`. */
  *messagesSync(): Generator<R, void, undefined> {
    for (;;) {
      let message: R
      try {
        message = this.recvSync()
      } catch (error) {
        if (this.#receiver.isEnd(error)) return
        throw error
      }
      yield message
    }
  }

  /** Closes this end: the other can still receive what was sent, and nothing more. Can be called again. */
  close(): void {
    this.#end.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  /** Whether this end cannot be used in this thread: it is closed, or was sent to another. */
  get closed(): boolean {
    return this.#end.isClosed
  }

  /** Whether it can receive. */
  get readable(): boolean {
    return this.#end.input !== undefined
  }

  /** Whether it can send. */
  get writable(): boolean {
    return this.#end.output !== undefined
  }

  statistics(): ConnectionStatistics {
    const { input, output, isClosed } = this.#end
    return Object.freeze({
      unread: input?.unread ?? 0,
      receivers: input?.notEmpty.length ?? 0,
      senders: output?.notFull.length ?? 0,
      closed: isClosed,
    })
  }

  #look(): string {
    const { unread, receivers, senders, closed } = this.statistics()
    return summary(
      'Connection',
      this.name,
      closed ? 'closed here' : this.#end.hasPeer ? 'open' : 'open, the other end is closed',
      unread === 0 ? undefined : `${unread} unread`,
      receivers === 0 ? undefined : `${receivers} receiving`,
      senders === 0 ? undefined : `${senders} sending`,
    )
  }
}

interface Sent {
  readonly duct: Duct
  readonly side: Side
}

interface Place {
  readonly end: End
  readonly connection: Connection
}

const places = new WeakMap<Duct, Place[]>()

/** The end of a pipe as this thread has it: there is one object for each. */
export function placeOf(duct: Duct, side: Side): Place {
  let ends = places.get(duct)
  if (ends === undefined) places.set(duct, (ends = []))
  const known = ends[side]
  if (known !== undefined) return known
  const end = new End(duct, side)
  return (ends[side] = { end, connection: new Connection(end) })
}

definePortable('Connection', data => {
  const { duct, side } = data as Sent
  const { end, connection } = placeOf(duct, side)
  end.receive()
  return connection
})
