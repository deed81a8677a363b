/**
 * Permits: what both semaphores are made of. So many are there to be taken; whoever takes one gives one back.
 *
 * The number is a word that is changed by compare-and-exchange alone. Beside it is a bit that says that threads wait,
 * so that giving a permit back does not have to look for them each time. Whoever waits sets the bit before it sleeps;
 * whoever gives while it is set looks who waits, after it has given. (Dijkstra's P and V, on a futex as in glibc.)
 */
import { InvalidStateError, TimeoutError } from '../errors.ts'
import { currentScope } from '../limits/scope.ts'
import { compareExchange, load, store, tryExchange } from '../memory/atomics.ts'
import { addPrimitive } from '../memory/primitives.ts'
import { WAITERS } from '../memory/waiting-mask.ts'
import { count } from '../options/option-rules.ts'
import { type Guard, OnceGuard } from './guard.ts'
import type { SharedState } from './handles.ts'
import { label } from './inspect.ts'
import { stopIfLetGo } from './let-go.ts'
import type { BlockOptions, WaitOptions } from './options.ts'
import { STATE_WORDS } from './patience.ts'
import { WaitQueue } from './wait-queue.ts'
import { runWith, runWithSync } from './run-with.ts'

/** Twice the number of permits, and 1 if threads wait. */
const STATE = STATE_WORDS
/** The words of shared memory that permits take. */
export const PERMIT_WORDS: number = STATE_WORDS + 1

const ONE = 2
/** Whoever gives has to look for threads that wait. Nobody takes in haste: a thread may have reserved the next permit. */
const CONTENDED = 1
/** The most that the word can count. */
export const MOST_PERMITS = 0x3fffffff

export interface SemaphoreStatistics {
  /** How many permits are there to be taken. */
  readonly value: number
  /** Whether a newcomer would have to wait. */
  readonly locked: boolean
  /** How many tasks of this thread wait for a permit. */
  readonly waiters: number
}

/** Throws unless it is a whole number from `least` that the word can count. */
export function checkPermits(value: number, name: string, least: number): void {
  count(least)(value, name)
  if (value > MOST_PERMITS) throw new RangeError(`${name} must be at most ${MOST_PERMITS}, not ${value}`)
}

export class Permits {
  static {
    addPrimitive({ type: 'Semaphore', prototype: Permits.prototype, memoryOf: undefined })
  }

  readonly queue: WaitQueue
  readonly words: Int32Array<SharedArrayBuffer>
  /** The most there may be. */
  readonly most: number
  /** The word as this thread saw it last. A guess, which the exchange proves; to read it first costs as much again. */
  #seen: number

  /** `type` and `name` of the semaphore, for the sentences. `value`: how many there are at first, if it is a new one. */
  constructor(state: SharedState, value: number, most: number, type: string, name: string, look: () => string) {
    this.words = state.words
    this.most = most
    this.queue = new WaitQueue(state, this.#available, label(type, name), look)
    if (!state.shared) store(this.words, STATE, value * ONE)
    this.#seen = value * ONE
  }

  get value(): number {
    return load(this.words, STATE) >> 1
  }

  get locked(): boolean {
    return this.queue.length > 0 || this.value === 0
  }

  statistics(): SemaphoreStatistics {
    return Object.freeze({ value: this.value, locked: this.locked, waiters: this.queue.length })
  }

  acquire(options: WaitOptions | undefined): Promise<Guard> {
    if (
      options === undefined &&
      this.queue.length === 0 &&
      currentScope()?.reason === undefined &&
      this.#takeInHaste()
    ) {
      return Promise.resolve(new OnceGuard(this))
    }
    return this.queue.wait(this.#take, options, this.#late)
  }

  acquireSync(options: BlockOptions | undefined): Guard {
    if (options === undefined && this.#takeInHaste()) return new OnceGuard(this)
    return this.queue.block(this.#take, options, this.#late, nobody)
  }

  tryAcquire(): Guard | undefined {
    if (this.queue.length > 0) return undefined
    return this.#takeInHaste() ? new OnceGuard(this) : this.#take()
  }

  release(n: number = 1): void {
    if (n !== 1) checkPermits(n, 'n', 1)
    let seen = this.#seen
    for (;;) {
      if ((seen >> 1) + n > this.most) {
        const state = load(this.words, STATE)
        if (state === seen) throw this.#tooMany(state >> 1, n)
        seen = state
        continue
      }
      const next = seen + n * ONE - this.#needless(seen)
      const state = compareExchange(this.words, STATE, seen, next)
      if (state === seen) {
        this.#seen = next
        break
      }
      seen = state
    }
    // Who gave under the bit looks for threads even if it took the bit away: one may have come to rely on it just then.
    if ((seen & CONTENDED) !== 0 || this.queue.length > 0) this.queue.wake()
  }

  with<T>(f: () => T | PromiseLike<T>, options: WaitOptions | undefined): Promise<T> {
    return runWith(this.acquire(options), f)
  }

  withSync<T>(f: () => T, options: BlockOptions | undefined): T {
    return runWithSync(this.acquireSync(options), f)
  }

  /** Takes one if the guess is right and nobody waits. */
  #takeInHaste(): boolean {
    stopIfLetGo()
    const seen = this.#seen
    if (seen < ONE || (seen & CONTENDED) !== 0) return false
    const state = tryExchange(this.words, STATE, seen, seen - ONE)
    this.#seen = state === seen ? seen - ONE : state
    return state === seen
  }

  readonly #take = (): Guard | undefined => {
    stopIfLetGo()
    for (;;) {
      const state = load(this.words, STATE)
      if (state < ONE) {
        if (this.#staysEmpty(state)) return undefined
        continue
      }
      if (this.queue.patience.reserver() !== 0) return undefined
      const contended = load(this.words, WAITERS) === 0 ? 0 : CONTENDED
      const next = ((state & ~CONTENDED) - ONE) | contended
      if (compareExchange(this.words, STATE, state, next) === state) {
        this.#seen = next
        return new OnceGuard(this)
      }
    }
  }

  /** Whoever gives next will look for threads that wait. False if there may be something by now. */
  #staysEmpty(state: number): boolean {
    if (state === CONTENDED || !this.queue.shared) return true
    return compareExchange(this.words, STATE, state, CONTENDED) === state
  }

  readonly #available = (): boolean => {
    for (;;) {
      const state = load(this.words, STATE)
      if (state >= ONE) return true
      if (this.#staysEmpty(state)) return false
    }
  }

  /** The bit, if it is set and nobody needs it. */
  #needless(state: number): number {
    if ((state & CONTENDED) === 0) return 0
    return load(this.words, WAITERS) === 0 && this.queue.patience.reserver() === 0 ? CONTENDED : 0
  }

  readonly #late = (timeout: number): never => {
    const still = timeout === 0 ? '' : `, and still had none after ${timeout} ms`
    throw new TimeoutError(`the ${this.queue.label} has no permit left${still}`)
  }

  #tooMany(value: number, n: number): InvalidStateError {
    const has = `the ${this.queue.label} has ${value} of at most ${this.most} permits`
    return new InvalidStateError(`${has}: it cannot take ${n} more`)
  }
}

/** A permit has no owner. */
function nobody(): number {
  return 0
}
