/**
 * A thread whose body is an async function: where it stands, and what would let it go on.
 *
 * Several things may go on in it at once: what it started beside itself, or the functions of a `Promise.all`. Each stands
 * still by itself; whenever the task is chosen, the one that has stood longest goes on.
 */
import { currentScope, type Scope } from '../limits/scope.ts'

/** Time that is waited for. */
export interface Timer {
  readonly at: number
  readonly ring: () => void
  /** The operation that waits for it. */
  readonly operation: Operation | undefined
}

/** A place at which something in a task waits to be chosen. */
export interface Stop {
  /** What it is about to do, for people. */
  readonly text: string
  /** Whose operation that is. */
  readonly handle: object | undefined
  /** What it came to, for people. */
  outcome: string
}

/** An operation of a primitive that a task is in. */
export interface Operation {
  readonly text: string
  readonly handle: object
  /** It did not come to an end at once. */
  isBlocked: boolean
  isTimedOut: boolean
}

/** In which task code runs, and in which operation of it: what that calls itself is a part of it. */
export interface Spot {
  readonly task: AsyncTask
  readonly operation: Operation | undefined
}

/** Something that is awaited and has not settled. */
export interface Waiting {
  readonly text: string
}

/** With this a task is stopped whose schedule is over. */
const STOPPED: Error = new Error('the checker has stopped this thread here: do not catch this')

/** So often a task that is over is told. One that catches it and goes on in a loop would never leave. */
const TELLINGS = 100

/** It is a scope, too: what waits in it can be ended. */
export class AsyncTask implements Scope, Spot {
  readonly task: AsyncTask = this
  readonly operation: undefined = undefined
  readonly number: number
  readonly name: string
  readonly timers: Set<Timer> = new Set()
  readonly operations: Set<Operation> = new Set()
  /** What is awaited in it. Who awaits another part of the task comes after that part. */
  readonly waitings: Set<Waiting> = new Set()
  /** The scope of whoever checks. */
  readonly outerScope: Scope | undefined = currentScope()
  isDone = false
  error: { readonly reason: unknown } | undefined
  reason: unknown = undefined
  /** It will be stopped in the end. So a circle of waits is left to the checker to tell, which sees more. */
  readonly isLimited = true
  readonly #cancels = new Set<(reason: unknown) => void>()
  readonly #standing: { readonly stop: Stop; readonly goOn: () => void }[] = []
  #told = 0

  constructor(number: number, name: string) {
    this.number = number
    this.name = name
  }

  /** Its beginning is a step as any other. */
  start(body: () => unknown): void {
    void (async () => {
      try {
        await this.standAt('begins')
        await body()
      } catch (reason) {
        if (reason !== STOPPED) this.error = { reason }
      }
      this.isDone = true
    })()
  }

  /** It could take its next step. */
  get isReady(): boolean {
    return this.#standing.length > 0
  }

  /** It is known what it waits for. */
  get stands(): boolean {
    return this.isDone || this.isReady || this.operations.size > 0 || this.waitings.size > 0 || this.timers.size > 0
  }

  get firstTimer(): Timer | undefined {
    let first: Timer | undefined
    for (const timer of this.timers) if (first === undefined || timer.at < first.at) first = timer
    return first
  }

  /** What it is in, or waits for. */
  get pending(): { readonly text: string; readonly handle?: object | undefined } | undefined {
    const [operation] = this.operations
    const [waiting] = this.waitings
    return this.#standing[0]?.stop ?? operation ?? waiting
  }

  /** Waits to be chosen. */
  standAt(text: string, handle?: object): Promise<Stop> {
    return this.#untilStopped(resolve => {
      const stop: Stop = { text, handle, outcome: '' }
      this.#standing.push({ stop, goOn: () => resolve(stop) })
    })
  }

  /** Lets what has stood longest go on. */
  goOn(): Stop {
    const { stop, goOn } = this.#standing.shift()!
    goOn()
    return stop
  }

  /** Does an operation. */
  async inside(
    operation: Operation,
    perform: () => unknown,
  ): Promise<{ readonly result: unknown } | { readonly error: unknown }> {
    this.operations.add(operation)
    try {
      return { result: await perform() }
    } catch (error) {
      if (error === STOPPED) throw error
      return { error }
    } finally {
      this.operations.delete(operation)
    }
  }

  /** Awaits something. */
  awaiting(value: unknown, text: string): Promise<unknown> {
    const waiting: Waiting = { text }
    // Also if it is not waited for any more: nobody else may be there who would hear that it failed.
    const settled = Promise.resolve(value).finally(() => this.waitings.delete(waiting))
    settled.catch(() => {})
    return this.#untilStopped((resolve, reject) => {
      this.waitings.add(waiting)
      settled.then(resolve, reject)
    })
  }

  onCancel(f: (reason: unknown) => void): () => void {
    this.#cancels.add(f)
    return () => void this.#cancels.delete(f)
  }

  listen(f: (reason: unknown) => void): () => void {
    return this.onCancel(f)
  }

  /** Its schedule is over. */
  stop(): void {
    if (this.isDone) return
    this.reason = STOPPED
    this.timers.clear()
    // Each takes itself out, which a set allows.
    for (const cancel of this.#cancels) cancel(STOPPED)
  }

  #untilStopped<T>(wait: (resolve: (value: T) => void, reject: (reason: unknown) => void) => void): Promise<T> {
    if (this.reason !== undefined) return this.#told++ < TELLINGS ? Promise.reject(STOPPED) : new Promise(() => {})
    return new Promise<T>((resolve, reject) => {
      this.#cancels.add(reject)
      const settle =
        <V>(next: (value: V) => void) =>
        (value: V): void => {
          this.#cancels.delete(reject)
          next(value)
        }
      wait(settle(resolve), settle(reject))
    })
  }
}
