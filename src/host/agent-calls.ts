/**
 * What an agent does with what its client asks for, in the order in which it was asked.
 *
 * What the client awaits the agent awaits; what the client blocks for the agent blocks for. Then nothing else can come
 * from the client, as it is blocked itself.
 */
import { Sealed } from '../queue/sealed.ts'
import { OnceGuard } from '../sync/guard.ts'
import { provideOwner } from '../sync/ownership.ts'
import { pack } from '../wire/pack.ts'
import type { AgentThings } from './agent-things.ts'
import { callVerb } from './agent-verbs.ts'
import type { MessageStream } from './message-stream.ts'
import * as wire from './protocol.ts'

/** Why a call ends that its client has cancelled. */
const CANCELLED = new Error('cancelled by the client')

/** The task of the client for which the agent acts now. */
let acting: object | undefined

provideOwner(() => acting)

export class AgentCalls {
  readonly #things: AgentThings
  readonly #stream: MessageStream
  readonly #running = new Map<number, AbortController>()
  /** What waits for a thing that is not here yet, and what came after it. */
  #queue: wire.Request[] = []
  #isWaiting = false
  #mustFlush = false
  readonly #owners = new Owners()

  constructor(things: AgentThings, stream: MessageStream) {
    this.#things = things
    this.#stream = stream
  }

  receive(request: wire.Request): void {
    if (this.#isWaiting) this.#queue.push(request)
    else this.#handle(request)
  }

  #handle(request: wire.Request): void {
    if ('cancel' in request) this.#running.get(request.cancel)?.abort(CANCELLED)
    else if ('drop' in request) this.#things.drop(request.drop)
    else this.#call(request)
  }

  #call(request: wire.CallRequest): void {
    const thing = this.#things.get(request.thing)
    if (thing === undefined) void this.#callLater(request)
    else if (request.how === wire.BLOCKS) this.#block(thing, request)
    else void this.#await(thing, request)
  }

  async #callLater(request: wire.CallRequest): Promise<void> {
    this.#isWaiting = true
    try {
      await this.#things.fetch(request.thing)
      this.#call(request)
    } catch (error) {
      this.#failed(request.id, error)
    }
    this.#isWaiting = false
    const waiting = this.#queue
    this.#queue = []
    for (const each of waiting) this.receive(each)
  }

  #block(thing: object, request: wire.CallRequest): void {
    const { id, timeout } = request
    try {
      this.#answer(id, this.#run(thing, request, timeout === undefined ? undefined : { timeout }))
    } catch (error) {
      this.#failed(id, error)
    }
    this.#stream.flush()
  }

  async #await(thing: object, request: wire.CallRequest): Promise<void> {
    const { id, timeout } = request
    const controller = new AbortController()
    this.#running.set(id, controller)
    try {
      const result = this.#run(thing, request, { timeout, signal: controller.signal })
      this.#answer(id, await result)
    } catch (error) {
      if (error === CANCELLED) this.#put({ id, what: wire.CANCELLED })
      else this.#failed(id, error)
    }
    this.#running.delete(id)
  }

  #run(thing: object, request: wire.CallRequest, options: object | undefined): unknown {
    const { part, verb, args, owner } = request
    const before = acting
    acting = owner === undefined ? undefined : this.#owners.of(owner)
    try {
      return callVerb(thing, part, verb, args, options)
    } finally {
      acting = before
    }
  }

  #answer(id: number, result: unknown): void {
    if (result instanceof OnceGuard) this.#put({ id, what: wire.GUARD })
    else if (result instanceof Sealed) this.#put({ id, what: wire.SEALED, bytes: result.bytes })
    else this.#put({ id, what: wire.VALUE, value: result })
  }

  #failed(id: number, error: unknown): void {
    this.#put({ id, what: wire.ERROR, error: pack(error, 'error', { lenient: true, bytesOnly: 'process' }).packed })
  }

  /** What is answered in one go is written together. */
  #put(answer: wire.Answer): void {
    this.#stream.put(answer)
    if (this.#mustFlush) return
    this.#mustFlush = true
    queueMicrotask(() => {
      this.#mustFlush = false
      this.#stream.flush()
    })
  }
}

/** An object for each task of the client that has asked for something, as long as somebody remembers it. */
class Owners {
  readonly #known = new Map<number, WeakRef<object>>()
  readonly #gone = new FinalizationRegistry<number>(number => {
    if (this.#known.get(number)?.deref() === undefined) this.#known.delete(number)
  })

  of(number: number): object {
    const known = this.#known.get(number)?.deref()
    if (known !== undefined) return known
    const owner = {}
    this.#known.set(number, new WeakRef(owner))
    this.#gone.register(owner, number)
    return owner
  }
}
