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
import { type AgentObjects, SealedError } from './agent-objects.ts'
import { callVerb, givesAtOnce } from './agent-verbs.ts'
import { ObjectHandle } from './hosted.ts'
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
  #answers: wire.Answer[] = []
  /** How many there were. */
  #answered = 0
  /** How many there were with the last one that gave a guard to a task. */
  #granted = 0
  /** How many wait to put something, by thing. */
  readonly #putting = new Map<number, number>()
  readonly #owners = new Owners()
  readonly #objects: AgentObjects

  constructor(things: AgentThings, stream: MessageStream, objects: AgentObjects) {
    this.#things = things
    this.#stream = stream
    this.#objects = objects
  }

  receive(requests: readonly wire.Request[]): void {
    for (const request of requests) {
      if (this.#isWaiting) this.#queue.push(request)
      else this.#handle(request)
    }
  }

  #handle(request: wire.Request): void {
    if (request[0] === wire.CANCEL) this.#running.get(request[1])?.abort(CANCELLED)
    else if (request[0] === wire.DROP) this.#things.drop(request[1])
    else this.#call(request as wire.CallRequest)
  }

  #call(request: wire.CallRequest): void {
    const [, how, number] = request
    const thing = this.#things.get(number)
    if (thing === undefined) void this.#callLater(request)
    else if (how === wire.BLOCKS) this.#block(thing, request)
    else if (!this.#didAtOnce(thing, request)) void this.#await(thing, request)
  }

  /** Puts an item for which there is room, unless others wait to put theirs. Most are, and need nothing of what a wait needs. */
  #didAtOnce(thing: object, [id, , number, , verb, args, timeout]: wire.CallRequest): boolean {
    if (timeout !== undefined || this.#putting.has(number) || !givesAtOnce(thing, verb, args)) return false
    this.#done(id)
    return true
  }

  async #callLater(request: wire.CallRequest): Promise<void> {
    this.#isWaiting = true
    try {
      await this.#things.fetch(request[2])
      this.#call(request)
    } catch (error) {
      this.#failed(request[0], error)
    }
    this.#isWaiting = false
    const waiting = this.#queue
    this.#queue = []
    this.receive(waiting)
  }

  #block(thing: object, request: wire.CallRequest): void {
    const [id, , , , , , timeout, , heard = Infinity] = request
    if (heard < this.#granted) {
      this.#put([id, wire.GUARDS_FIRST])
      return this.#flush()
    }
    try {
      this.#answer(id, this.#run(thing, request, timeout === undefined ? undefined : { timeout }))
    } catch (error) {
      this.#failed(id, error)
    }
    this.#flush()
  }

  async #await(thing: object, request: wire.CallRequest): Promise<void> {
    const [id, , , , , , timeout] = request
    const controller = new AbortController()
    this.#running.set(id, controller)
    const [, , number, , verb] = request
    const puts = verb === 'put' || verb === 'send'
    if (puts) this.#putting.set(number, (this.#putting.get(number) ?? 0) + 1)
    try {
      const { signal } = controller
      const result =
        thing instanceof ObjectHandle
          ? this.#objects.call(thing.number, request[5], signal)
          : this.#run(thing, request, { timeout, signal })
      const value = await result
      this.#answer(id, value)
      if (value instanceof OnceGuard) this.#granted = this.#answered
    } catch (error) {
      if (error === CANCELLED) this.#put([id, wire.CANCELLED])
      else if (error instanceof SealedError) this.#put([id, wire.SEALED_ERROR, error.bytes])
      else this.#failed(id, error)
    }
    this.#running.delete(id)
    if (!puts) return
    const left = this.#putting.get(number)! - 1
    if (left > 0) this.#putting.set(number, left)
    else this.#putting.delete(number)
  }

  #run(thing: object, request: wire.CallRequest, options: object | undefined): unknown {
    const [, , , part, verb, args, , owner] = request
    const before = acting
    acting = owner === undefined ? undefined : this.#owners.of(owner)
    try {
      return callVerb(thing, part, verb, args, options)
    } finally {
      acting = before
    }
  }

  #answer(id: number, result: unknown): void {
    if (result instanceof OnceGuard) this.#put([id, wire.GUARD])
    else if (result instanceof Sealed) this.#put([id, wire.SEALED, result.bytes])
    else this.#put([id, wire.VALUE, result])
  }

  #failed(id: number, error: unknown): void {
    this.#put([id, wire.ERROR, pack(error, 'error', { lenient: true, bytesOnly: 'process' }).packed])
  }

  /** Nothing came of it but its end. */
  #done(id: number): void {
    const last = this.#answers.at(-1)
    if (last === undefined || last[1] !== wire.DONE || last[0] + (last[2] as number) !== id) {
      return this.#put([id, wire.DONE, 1])
    }
    this.#answered++
    this.#answers[this.#answers.length - 1] = [last[0], wire.DONE, (last[2] as number) + 1]
  }

  /** What is answered in one go is written together. */
  #put(answer: wire.Answer): void {
    this.#answered++
    if (this.#answers.push(answer) === 1) queueMicrotask(() => this.#flush())
  }

  #flush(): void {
    if (this.#answers.length === 0) return
    this.#stream.send(this.#answers)
    this.#answers = []
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
