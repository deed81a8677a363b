/**
 * Link: how a thread reaches the agent that stands for it in another process.
 *
 * What it asks for goes out in the order in which it was asked for, and so does what it takes back. To take back is not to
 * forget: whatever was given in the meantime counts as given, so that nothing is lost on the way.
 */
import { InvalidStateError } from '../errors.ts'
import { onInterruption, throwIfInterrupted } from '../limits/interruption.ts'
import { load, sharedWords } from '../memory/atomics.ts'
import { holdAlive, letGo } from '../memory/keep-alive.ts'
import { parkSync } from '../memory/park.ts'
import { fromBytes, toBytes } from '../platform/serialize.ts'
import { openChannel, type Port, startThread } from '../platform/threads.ts'
import { FrameWriter } from '../wire/frame-writer.ts'
import type { Packed } from '../wire/pack.ts'
import { unpack } from '../wire/unpack.ts'
import { messageReader } from './message-stream.ts'
import * as wire from './protocol.ts'

type Waiting = (answer: wire.Answer | Error) => void

export class Link {
  readonly #port: Port
  readonly #words = sharedWords(wire.RELAY_WORDS)
  readonly #writer: FrameWriter
  readonly #read: (bytes: Uint8Array) => void
  readonly #waiting = new Map<number, Waiting>()
  #newest = 0
  #batch: wire.Request[] = []
  #lost: InvalidStateError | undefined

  /** `name`: of this thread, for people. */
  constructor(door: wire.DoorAddress, name: string) {
    const { near, far } = openChannel()
    this.#port = near
    this.#writer = new FrameWriter({
      write(bytes) {
        // Not by `slice`, which for a Buffer is no copy.
        const copy = new Uint8Array(bytes)
        near.post(copy, [copy.buffer])
      },
    })
    this.#read = messageReader(message => this.#hear(message as wire.Answer[]))
    startThread({
      module: new URL('relay.js', import.meta.url),
      name: 'multitask relay',
      data: { port: far, words: this.#words, door, name } satisfies wire.RelayBoot,
      transfer: [far],
      failed: error => this.#lose(error instanceof Error ? error.message : String(error)),
      exited: () => this.#lose('the thread that reaches the process that owns it has ended'),
    }).unref()
    near.listen(
      message => this.#receive(message),
      error => this.#lose(error.message),
    )
  }

  /** Asks for what may take time. Rejects with its error, and with the reason of what ends the wait. */
  async ask(call: wire.Call, signal: AbortSignal | undefined): Promise<unknown> {
    throwIfInterrupted(signal)
    const id = this.#send(call, wire.AWAITS)
    let reason: unknown
    const settle = onInterruption(Infinity, signal, nothing, why => {
      reason = why
      this.#put([wire.CANCEL, id])
    })
    holdAlive()
    const answer = await new Promise<wire.Answer | Error>(resolve => this.#waiting.set(id, resolve))
    letGo()
    settle()
    if (answer instanceof Error) throw answer
    if (answer[1] === wire.CANCELLED) throw reason
    return valueOf(answer)
  }

  /** Blocks this thread until it is done. Throws its error. */
  block(call: wire.Call): unknown {
    const id = this.#send(call, wire.BLOCKS)
    let found: wire.Answer | Error | undefined
    this.#waiting.set(id, answer => {
      found = answer
    })
    this.#flush()
    for (;;) {
      const seen = load(this.#words, wire.ARRIVED)
      for (let piece = this.#port.take(); piece !== undefined; piece = this.#port.take()) this.#receive(piece)
      if (found !== undefined) break
      if (load(this.#words, wire.LOST) !== 0) this.#lose('the process that owns it has ended')
      else parkSync(this.#words, wire.ARRIVED, seen)
    }
    if (found instanceof Error) throw found
    return valueOf(found, true)
  }

  /** Says that this thread has lost its last stand-in for a thing. */
  drop(thing: number): void {
    if (this.#lost === undefined) this.#put([wire.DROP, thing])
  }

  #send({ thing, part, verb, args, timeout, owner }: wire.Call, how: wire.CallRequest[1]): number {
    if (this.#lost !== undefined) throw this.#lost
    const id = ++this.#newest
    this.#put([id, how, thing, part, verb, args, timeout, owner])
    return id
  }

  /** What is asked for in one go is sent together. */
  #put(request: wire.Request): void {
    if (this.#batch.push(request) === 1) queueMicrotask(() => this.#flush())
  }

  #flush(): void {
    if (this.#batch.length === 0) return
    this.#writer.message(toBytes(this.#batch))
    this.#batch = []
    this.#writer.flush()
  }

  #receive(piece: unknown): void {
    if (typeof piece === 'string') this.#lose(piece)
    else this.#read(piece as Uint8Array)
  }

  #hear(answers: readonly wire.Answer[]): void {
    for (const answer of answers) {
      const [id] = answer
      const settle = this.#waiting.get(id)
      this.#waiting.delete(id)
      settle?.(answer)
    }
  }

  #lose(why: string): void {
    this.#lost ??= new InvalidStateError(`it is out of reach: ${why}`)
    const waiting = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const settle of waiting) settle(this.#lost)
  }
}

/** What an answer brings; a promise where a module has to be imported for it. Throws its error. `blocked`: nothing can be. */
function valueOf([, what, content]: wire.Answer, blocked: boolean = false): unknown {
  if (what === wire.VALUE) return content
  if (what === wire.SEALED) return unpack(fromBytes(content as Uint8Array) as Packed, blocked)
  if (what !== wire.ERROR && what !== wire.SEALED_ERROR) return true
  const packed = what === wire.ERROR ? content : fromBytes(content as Uint8Array)
  const error = unpack(packed as Packed, blocked)
  if (error instanceof Promise) return error.then(thrown)
  throw error
}

function thrown(error: unknown): never {
  throw error
}

function nothing(): void {}
