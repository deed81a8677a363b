/**
 * The stand-in for an end of a pipe of another process. It belongs to this thread as long as its agent lives, and until
 * it is sent on.
 */
import { EndOfFileError, InvalidStateError } from '../errors.ts'
import { Connection, type ConnectionStatistics } from '../queue/connection.ts'
import { SharedIterator } from '../queue/shared-iterator.ts'
import { here } from '../queue/taken.ts'
import { label } from '../sync/inspect.ts'
import type { BlockOptions, WaitOptions } from '../sync/options.ts'
import { passesFor, type Public } from './passes-for.ts'
import type { Remote } from './remote.ts'
import { seal } from './sealing.ts'

export class RemoteConnection<S, R> implements Public<Connection<S, R>> {
  static {
    passesFor(RemoteConnection, Connection)
  }

  readonly name: string
  readonly readable: boolean
  readonly writable: boolean
  readonly #remote: Remote
  #isSent = false

  constructor(remote: Remote, name: string, readable: boolean, writable: boolean) {
    this.#remote = remote
    this.name = name
    this.readable = readable
    this.writable = writable
    // The agent takes the end over when it first hears of it: now, not with the first message.
    remote.now('closed')
  }

  send(message: S, options?: WaitOptions): Promise<void> {
    try {
      this.#check()
      const sealed = seal(message, 'message')
      if (options === undefined) return this.#remote.tell('send', sealed)
      return this.#remote.ask('send', [sealed], options) as Promise<void>
    } catch (error) {
      return rejection(error as Error)
    }
  }

  sendSync(message: S, options?: BlockOptions): void {
    this.#check()
    this.#remote.block('sendSync', [seal(message, 'message')], options)
  }

  async recv(options?: WaitOptions): Promise<R> {
    this.#check()
    return (await this.#remote.ask('recv', [], options)) as R
  }

  recvSync(options?: BlockOptions): R {
    this.#check()
    return here(this.#remote.block('recvSync', [], options)) as R
  }

  async poll(options: WaitOptions = {}): Promise<boolean> {
    this.#check()
    return (await this.#remote.ask('poll', [], { timeout: 0, ...options })) as boolean
  }

  pollSync(options: BlockOptions = {}): boolean {
    this.#check()
    return this.#remote.block('pollSync', [], { timeout: 0, ...options }) as boolean
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<R> {
    return new SharedIterator<R>({
      now: () => undefined,
      later: signal => this.recv({ signal }),
      isEnd,
    })
  }

  *messagesSync(): Generator<R, void, undefined> {
    for (;;) {
      let message: R
      try {
        message = this.recvSync()
      } catch (error) {
        if (isEnd(error)) return
        throw error
      }
      yield message
    }
  }

  close(): void {
    if (!this.#isSent) this.#remote.now('close')
  }

  [Symbol.dispose](): void {
    this.close()
  }

  get closed(): boolean {
    return this.#isSent || (this.#remote.now('closed') as boolean)
  }

  statistics(): ConnectionStatistics {
    return Object.freeze(this.#remote.now('statistics') as ConnectionStatistics)
  }

  /** @internal It is about to be sent to another thread. */
  _send(): void {
    this.#check()
    this.#isSent = true
  }

  /** @internal This thread has received it, perhaps back. */
  _receive(): void {
    this.#isSent = false
    this.#remote.now('closed')
  }

  #check(): void {
    if (!this.#isSent) return
    throw new InvalidStateError(`the ${label('Connection', this.name)} was sent to another thread, and belongs to it`)
  }
}

function isEnd(error: unknown): boolean {
  return error instanceof EndOfFileError
}

function rejection(reason: Error): Promise<never> {
  return Promise.reject(reason)
}
