/**
 * A map that goes on: its lanes, its inputs and its reader.
 *
 * A lane is a loop that reads an input, awaits the call and puts the result into the outbox; there are as many as calls
 * may run at once. Each has a scope, which all its calls use one after the other: to open one for each call would take
 * more than twice the time of a tiny call. Only a call that has looked at its signal gets the lane a new one, because
 * such as `fetch` leave listeners behind on it. (One scope for all calls would do for cancelling. But what a lock knows of
 * its owner is the task that asks, and two calls at once are two tasks.)
 */
import { throwIfInterrupted } from '../limits/interruption.ts'
import { isThenable } from '../options/describe.ts'
import { CancelScope, labelOf, type Work } from './cancel-scope.ts'
import { cancellation, without } from './cancellation.ts'
import { runIn } from './current-scope.ts'
import { GroupErrors } from './group-errors.ts'
import type { MapFn, MapOptions } from './map-options.ts'
import { AsCompleted, InOrder, type Outbox } from './map-outbox.ts'
import { MapReaders } from './map-readers.ts'
import { MapScope } from './map-scope.ts'
import { MapSource } from './map-source.ts'
import { ScopeContext } from './task-context.ts'

export class MapRun implements Work {
  readonly kind = 'map'
  readonly name: string
  readonly #inputs: Iterable<unknown> | AsyncIterable<unknown>
  readonly #fn: MapFn<unknown, unknown>
  readonly #limit: number
  readonly #signal: AbortSignal | undefined
  readonly #outbox: Outbox
  readonly #readers = new MapReaders()
  readonly #errors = new GroupErrors()
  /** What stands behind the scope of a lane. */
  readonly #call: Work
  #bufferSize: number
  #state: 'new' | 'going' | 'stopping' | 'over' = 'new'
  /** Whether what has come and was not read is of no use any more. */
  #dropped = false
  #failing = false
  #scope!: MapScope
  #source!: MapSource<unknown>
  /** Inputs that have been read. */
  #begun = 0
  /** Results that have been read. */
  #taken = 0
  /** Lanes that do something, and the closing of the inputs. */
  #active = 0
  /** Lanes that were told to go on and are not there yet. */
  #called = 0
  #idle: { readonly scope: CancelScope; readonly wake: () => void }[] = []
  #summoning = false

  constructor(inputs: Iterable<unknown> | AsyncIterable<unknown>, fn: MapFn<unknown, unknown>, options: MapOptions) {
    const { limit, unordered = false, bufferSize = 2 * limit, signal, name = fn.name } = options
    this.#inputs = inputs
    this.#fn = fn
    this.#limit = limit
    this.#bufferSize = bufferSize
    this.#signal = signal
    this.#outbox = unordered ? new AsCompleted() : new InOrder()
    this.name = name
    this.#call = { kind: 'task', name }
  }

  /** The next result. Rejects with the error that ended the map. */
  next(): Promise<IteratorResult<unknown, undefined>> {
    // What is there is handed out by a promise that is resolved already: no turn for each item.
    if (!this.#readers.waiting && this.#outbox.ready && !this.#dropped) {
      const value = this.#take()
      this.#summon()
      return Promise.resolve({ done: false, value })
    }
    const result = this.#readers.add()
    this.#go()
    return result
  }

  /** All results that are left. */
  collect(): Promise<unknown[]> {
    const result = this.#readers.collect()
    this.#bufferSize = Infinity
    this.#go()
    return result
  }

  /** Resolves when nothing of it goes on any more. Rejects with errors that nobody has read. */
  leave(): Promise<void> {
    this.#dropped = true
    const result = this.#readers.leave()
    if (this.#state === 'new') this.#state = 'over'
    else if (this.#state === 'going') {
      this.#scope.attach()
      this.#scope.cancel(cancellation('nobody reads the rest of the map', 'left'))
    }
    this.#serve()
    return result
  }

  /** Sees to it that what somebody waits for will come. */
  #go(): void {
    if (this.#state === 'new') this.#begin()
    if (this.#state === 'going') this.#scope.attach()
    this.#summon()
    this.#serve()
  }

  #begin(): void {
    try {
      throwIfInterrupted(this.#signal)
      this.#source = new MapSource(this.#inputs)
    } catch (error) {
      this.#state = 'over'
      this.#readers.end({ error })
      return
    }
    this.#state = 'going'
    this.#scope = new MapScope(this, this.#signal)
    this.#scope.listen(() => this.#halt())
  }

  /** Whether there is room for one more input. */
  get #hasRoom(): boolean {
    return this.#begun + this.#called - this.#taken < this.#bufferSize
  }

  /** Lets lanes go on, and opens some, as far as there is room for inputs. */
  #summon(): void {
    // What begins here may give a result at once, and the reader of that come back.
    if (this.#summoning) return
    this.#summoning = true
    while (this.#mayCall) {
      this.#scope.attach()
      if (!this.#mayCall) break
      this.#active++
      const lane = this.#idle.pop()
      if (lane === undefined) this.#openLane()
      else {
        this.#called++
        lane.wake()
      }
    }
    this.#summoning = false
  }

  /** Whether one more lane has something to do. */
  get #mayCall(): boolean {
    if (this.#state !== 'going' || this.#active >= this.#limit || !this.#hasRoom) return false
    const { ended, synchronous, reading } = this.#source
    // Of asynchronous inputs one is read at a time. Whoever has got it calls the next lane.
    return !ended && (synchronous || (!reading && this.#called === 0))
  }

  #openLane(): void {
    const scope = new CancelScope(this.#call, this.#scope)
    void runIn(scope, () => this.#lane(scope, new ScopeContext(scope)))
  }

  /** Never rejects. */
  async #lane(scope: CancelScope, context: ScopeContext): Promise<void> {
    for (;;) {
      const source = this.#source
      if (this.#state !== 'going' || source.ended) break
      if (!this.#hasRoom || source.reading) {
        await this.#park(scope)
        // In this very turn, so that nobody else is called for the same input.
        this.#called--
        scope.moveTo(this.#scope)
        continue
      }
      const index = this.#begun++
      this.#outbox.reserve()
      try {
        const step = source.synchronous ? source.read() : await this.#read(source, scope)
        // It may have been stopped while the input was awaited.
        if (step.done === true || this.#state !== 'going') {
          this.#begun--
          this.#outbox.unreserve()
          break
        }
        if (!source.synchronous) this.#summon()
        const result = this.#fn(step.value, context)
        this.#put(index, isThenable(result) ? await result : result)
      } catch (error) {
        this.#failed(error)
        break
      }
      if (scope.used) {
        scope.close()
        this.#openLane()
        return
      }
    }
    scope.close()
    this.#laneEnded()
  }

  #read(source: MapSource<unknown>, scope: CancelScope): Promise<IteratorResult<unknown>> {
    const forget = scope.onCancel(ignore, 'the next input')
    return source.wait().finally(forget)
  }

  /** Waits until there is something to do, or the map ends. */
  #park(scope: CancelScope): Promise<void> {
    scope.detach()
    this.#active--
    this.#rest()
    return new Promise(wake => this.#idle.push({ scope, wake }))
  }

  #put(index: number, value: unknown): void {
    this.#outbox.put(index, value)
    if (this.#readers.waiting) this.#serve()
  }

  #take(): unknown {
    this.#taken++
    return this.#outbox.take()
  }

  /** An error of a call or of the inputs. */
  #failed(error: unknown): void {
    const { reason } = this.#scope
    const left = reason === undefined ? { error } : without(reason, error)
    if ('nothing' in left) return
    this.#errors.add(left.error)
    this.#failing = true
    const { name } = this
    this.#scope.cancel(
      cancellation(`a call of the ${labelOf(this)} failed`, 'sibling', { task: name, cause: left.error }),
    )
  }

  /** Nothing more is begun. What runs has been told by its own scope. */
  #halt(): void {
    if (this.#state !== 'going') return
    this.#state = 'stopping'
    // Cancelled from outside, nobody reads on: each wait of his would end with the reason.
    if (!this.#failing) this.#dropped = true
    this.#active++
    void this.#close().finally(() => this.#laneEnded())
  }

  /** Never rejects. */
  async #close(): Promise<void> {
    try {
      await runIn(this.#scope, () => this.#source.close())
    } catch (error) {
      this.#failed(error)
    }
  }

  #laneEnded(): void {
    this.#active--
    if (this.#state === 'going' && !this.#source.ended) return
    if (this.#active === 0 && this.#state !== 'over') this.#end()
  }

  #end(): void {
    this.#state = 'over'
    const failure = this.#failure()
    for (const { scope } of this.#idle.splice(0)) {
      scope.moveTo(this.#scope)
      scope.close()
    }
    this.#scope.close()
    this.#readers.end(failure)
    this.#serve()
  }

  /** What the map comes to, if it is an error. */
  #failure(): { readonly error: unknown } | undefined {
    const failure = this.#errors.outcome(labelOf(this), 'first')
    if (failure !== undefined || this.#scope.reason === undefined || this.#readers.left) return failure
    return { error: this.#scope.outermostReason }
  }

  /** Gives the readers what is there. */
  #serve(): void {
    while (!this.#dropped && this.#outbox.ready && this.#readers.waiting) this.#readers.give(this.#take())
    if (this.#state === 'over') this.#readers.finish(() => this.#outbox.rest())
    else this.#summon()
  }

  /** If nothing runs and nobody waits, it belongs to nobody. */
  #rest(): void {
    if (this.#state === 'going' && this.#active === 0 && this.#readers.idle) this.#scope.letGo()
  }
}

function ignore(): void {}
