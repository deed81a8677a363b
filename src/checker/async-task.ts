/** A thread whose body is an async function: where it stands, and what would let it go on. */
import type { Scope } from '../limits/scope.ts'
import { currentScope } from '../limits/scope.ts'

/** Time that is waited for. */
export interface Timer {
  readonly at: number
  readonly ring: () => void
}

/** With this a task is stopped whose schedule is over. */
const STOPPED: Error = new Error('the checker has stopped this thread here: do not catch this')

/** It is a scope, too: what waits in it can be ended. */
export class AsyncTask implements Scope {
  readonly number: number
  readonly name: string
  readonly timers: Set<Timer> = new Set()
  /** The scope of whoever checks. */
  readonly outerScope: Scope | undefined = currentScope()
  /** What it stands at, for people, and whose operation that is. */
  text = 'its beginning'
  handle: object | undefined
  /** What its last operation came to, for people. */
  result = ''
  isDone = false
  error: { readonly reason: unknown } | undefined
  /** It is in an operation. */
  isInside = false
  /** Its operation did not come to an end at once. */
  isBlocked = false
  isTimedOut = false
  reason: unknown = undefined
  /** It will be stopped in the end. So a circle of waits is left to the checker to tell, which sees more. */
  readonly isLimited = true
  readonly #cancels = new Set<(reason: unknown) => void>()
  #goOn: (() => void) | undefined

  constructor(number: number, name: string) {
    this.number = number
    this.name = name
  }

  start(body: () => unknown): void {
    void (async () => {
      try {
        await body()
      } catch (reason) {
        if (reason !== STOPPED) this.error = { reason }
      }
      this.isDone = true
    })()
  }

  /** It could take its next step. */
  get isReady(): boolean {
    return this.#goOn !== undefined
  }

  /** It is in an operation that has not come to an end. */
  get isWaiting(): boolean {
    return this.isInside
  }

  get stands(): boolean {
    return this.isDone || this.isReady || this.isInside || this.timers.size > 0
  }

  get firstTimer(): Timer | undefined {
    let first: Timer | undefined
    for (const timer of this.timers) if (first === undefined || timer.at < first.at) first = timer
    return first
  }

  /** Waits to be chosen. */
  standAt(text: string, handle: object): Promise<void> {
    if (this.reason !== undefined) return Promise.reject(STOPPED)
    this.text = text
    this.handle = handle
    return new Promise((resolve, reject) => {
      this.#cancels.add(reject)
      this.#goOn = () => {
        this.#cancels.delete(reject)
        resolve()
      }
    })
  }

  goOn(): void {
    const goOn = this.#goOn
    this.#goOn = undefined
    goOn?.()
  }

  /** Does an operation. */
  async inside(perform: () => unknown): Promise<{ readonly result: unknown } | { readonly error: unknown }> {
    this.isInside = true
    try {
      return { result: await perform() }
    } catch (error) {
      if (error === STOPPED) throw error
      return { error }
    } finally {
      this.isInside = false
    }
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
}
