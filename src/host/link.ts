/**
 * Link: how a thread reaches the agent that stands for it in another process.
 *
 * What it asks for goes out in the order in which it was asked for, and so does what it takes back. To take back is not to
 * forget: whatever was given in the meantime counts as given, so that nothing is lost on the way.
 */
import { InvalidStateError } from '../errors.ts'
import { onInterruption, throwIfInterrupted } from '../limits/interruption.ts'
import { currentScope } from '../limits/scope.ts'
import { load, sharedWords } from '../memory/atomics.ts'
import { holdAlive, letGo } from '../memory/keep-alive.ts'
import { parkSync } from '../memory/park.ts'
import { aboutToBlock } from '../memory/parking-lot.ts'
import { fromBytes, toBytes } from '../platform/serialize.ts'
import { openChannel, type Port, startThread } from '../platform/threads.ts'
import { FrameWriter } from '../wire/frame-writer.ts'
import type { Packed } from '../wire/pack.ts'
import { unpack } from '../wire/unpack.ts'
import { messageReader } from './message-stream.ts'
import * as wire from './protocol.ts'

interface Waiting {
  settle(answer: wire.Answer | Error): void
  /** What was asked for, if it is awaited. */
  readonly call: wire.Call | undefined
}

/** A guard that came while this thread was blocked. */
interface Grant {
  readonly waiting: Waiting
  readonly answer: wire.Answer
}

export class Link {
  readonly #port: Port
  readonly #words = sharedWords(wire.RELAY_WORDS)
  readonly #writer: FrameWriter
  readonly #read: (bytes: Uint8Array) => void
  readonly #waiting = new Map<number, Waiting>()
  #newest = 0
  /** How many answers have come. */
  #heard = 0
  /** Those that came while this thread is blocked. */
  #grants: Grant[] | undefined
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
      cork() {},
      uncork() {},
    })
    this.#read = messageReader(message => this.#hear(message as wire.Answer[]))
    startThread({
      module: new URL('../host/relay.js', import.meta.url),
      name: 'multitask relay',
      data: { port: far, words: this.#words, door, name } satisfies wire.RelayBoot,
      transfer: [far],
      failed: error => this.#lose(error instanceof Error ? error.message : String(error)),
      exited: () => {
        // It may have said why, and that may not have come yet.
        this.#takeAll()
        this.#lose('the thread that reaches the process that owns it has ended')
      },
    }).unref()
    near.listen(
      message => this.#receive(message),
      error => this.#lose(error.message),
    )
  }

  /** Asks for what may take time. Rejects with its error, and with the reason of what ends the wait. */
  ask(call: wire.Call, signal: AbortSignal | undefined): Promise<unknown> {
    return signal === undefined && currentScope() === undefined ? this.#askSimply(call) : this.#askFor(call, signal)
  }

  /** What nothing can end. All that is made for one that can be ended costs several times as much. */
  async #askSimply(call: wire.Call): Promise<unknown> {
    const id = ++this.#newest
    this.#send(id, call, wire.AWAITS)
    holdAlive()
    const answer = await new Promise<wire.Answer | Error>(settle => this.#waiting.set(id, { settle, call }))
    letGo()
    return this.#result(answer, false)
  }

  async #askFor(call: wire.Call, signal: AbortSignal | undefined): Promise<unknown> {
    throwIfInterrupted(signal)
    const id = ++this.#newest
    this.#send(id, call, wire.AWAITS)
    let reason: unknown
    const leave = onInterruption(Infinity, signal, nothing, why => {
      reason = why
      this.#put([wire.CANCEL, id])
    })
    holdAlive()
    const answer = await new Promise<wire.Answer | Error>(settle => this.#waiting.set(id, { settle, call }))
    letGo()
    leave()
    if (answer instanceof Error) throw answer
    if (answer[1] === wire.CANCELLED) throw reason
    return valueOf(answer)
  }

  /** Does what takes no time there: this thread is blocked until the answer is here. Throws its error. */
  now(call: wire.Call): unknown {
    return this.#result(this.#exchange(call, undefined), true)
  }

  /** Blocks this thread until it is done. Throws its error. */
  block(call: wire.Call): unknown {
    aboutToBlock()
    const grants: Grant[] = (this.#grants = [])
    const givenBack: Grant[] = []
    try {
      for (;;) {
        const answer = this.#exchange(call, this.#heard)
        if (answer instanceof Error || answer[1] !== wire.GUARDS_FIRST) return this.#result(answer, true)
        for (const grant of grants) this.#giveBack(grant)
        givenBack.push(...grants.splice(0))
      }
    } finally {
      this.#grants = undefined
      for (const { waiting, answer } of grants) waiting.settle(answer)
      // Not before: a lock that is free would be taken again at once.
      for (const grant of givenBack) this.#askAgain(grant)
    }
  }

  #exchange(call: wire.Call, heard: number | undefined): wire.Answer | Error {
    const id = ++this.#newest
    this.#send(id, call, wire.BLOCKS, heard)
    let found: wire.Answer | Error | undefined
    this.#waiting.set(id, { settle: answer => (found = answer), call: undefined })
    this.#flush()
    for (;;) {
      const seen = load(this.#words, wire.ARRIVED)
      this.#takeAll()
      if (found !== undefined) return found
      if (load(this.#words, wire.LOST) !== 0) this.#lose('the process that owns it has ended')
      else parkSync(this.#words, wire.ARRIVED, seen)
    }
  }

  #result(answer: wire.Answer | Error, blocked: boolean): unknown {
    if (answer instanceof Error) throw answer
    return valueOf(answer, blocked)
  }

  /** Lets go of what was taken for a task that cannot run now. */
  #giveBack({ waiting }: Grant): void {
    const id = ++this.#newest
    this.#waiting.set(id, { settle: nothing, call: undefined })
    this.#send(id, { ...waiting.call!, verb: 'release', timeout: undefined }, wire.AWAITS)
  }

  #askAgain({ waiting, answer: [id] }: Grant): void {
    if (this.#lost !== undefined) return waiting.settle(this.#lost)
    this.#waiting.set(id, waiting)
    this.#send(id, waiting.call!, wire.AWAITS)
  }

  /** Says that this thread has lost its last stand-in for a thing. */
  drop(thing: number): void {
    if (this.#lost === undefined) this.#put([wire.DROP, thing])
  }

  #send(id: number, call: wire.Call, how: wire.CallRequest[1], heard?: number): void {
    if (this.#lost !== undefined) throw this.#lost
    const { thing, part, verb, args, timeout, owner } = call
    this.#put([id, how, thing, part, verb, args, timeout, owner, heard])
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

  #takeAll(): void {
    for (let piece = this.#port.take(); piece !== undefined; piece = this.#port.take()) this.#receive(piece)
  }

  #receive(piece: unknown): void {
    if (typeof piece === 'string') this.#lose(piece)
    else this.#read(piece as Uint8Array)
  }

  #hear(answers: readonly wire.Answer[]): void {
    for (const answer of answers) {
      const [id, what, content] = answer
      const count = what === wire.DONE ? (content as number) : 1
      this.#heard += count
      for (let each = id; each < id + count; each++) this.#settle(each, answer)
    }
  }

  #settle(id: number, answer: wire.Answer): void {
    const waiting = this.#waiting.get(id)
    if (waiting === undefined) return
    this.#waiting.delete(id)
    if (this.#grants !== undefined && answer[1] === wire.GUARD && waiting.call !== undefined) {
      this.#grants.push({ waiting, answer })
    } else waiting.settle(answer)
  }

  #lose(why: string): void {
    this.#lost ??= new InvalidStateError(`it is out of reach: ${why}`)
    const waiting = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const each of waiting) each.settle(this.#lost)
  }
}

/** What an answer brings; a promise where a module has to be imported for it. Throws its error. `blocked`: nothing can be. */
function valueOf([, what, content]: wire.Answer, blocked: boolean = false): unknown {
  if (what === wire.VALUE) return content
  if (what === wire.DONE) return undefined
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
