/**
 * The word of a lock, which names the thread that owns it.
 *
 * It is taken by one compare-and-exchange and given back by another, as in the robust futexes of Linux. As it names its
 * owner, those who wait can tell that the owner has died. What the lock protected may then be half changed, so the lock
 * is broken for all, and for good: nobody is given it any more.
 */
import { BrokenLockError, DeadlockError, InvalidStateError, TimeoutError } from '../errors.ts'
import { compareExchange, load, tryExchange } from '../memory/atomics.ts'
import { isAlive, ownIdentity, threadName } from '../memory/thread-table.ts'
import { WAITERS } from '../memory/waiting-mask.ts'
import { type Held, noteTaking } from './circles.ts'
import type { SharedState } from './handles.ts'
import { label } from './inspect.ts'
import { stopIfLetGo } from './let-go.ts'
import { type BlockOptions, checkBlock } from './options.ts'
import { STATE_WORDS } from './patience.ts'
import { type Attempt, WaitQueue } from './wait-queue.ts'

/** Twice the identity of the owner, and 1 if threads wait; its negative if the owner died; or one of the two below. */
const STATE = STATE_WORDS
/** The words of shared memory that a lock takes. */
export const LOCK_WORDS: number = STATE_WORDS + 1

const FREE = 0
/** Free, but for whoever has reserved it, so not by the fast path. No identity is as small. */
const RESERVED = 2
/** The owner has to look for threads that wait when it gives the lock back. */
const CONTENDED = 1

export interface LockStatistics {
  readonly locked: boolean
  /** Whether a thread died as its owner. */
  readonly broken: boolean
  /** The name of the thread whose task holds it. */
  readonly owner: string | undefined
  /** How many tasks of this thread wait for it. */
  readonly waiters: number
}

export class OwnerWord implements Held {
  readonly words: Int32Array<SharedArrayBuffer>
  readonly queue: WaitQueue
  readonly label: string
  holder: object | undefined = undefined
  turns = 0

  /** `type` and `name` of the lock, for people. */
  constructor(state: SharedState, type: string, name: string) {
    this.words = state.words
    this.label = label(type, name)
    this.queue = new WaitQueue(state, this.#available, this.label, () => this.look(), this)
  }

  /**
   * Takes it if it is free, in one step. The fast path: it looks for nobody who waits. `holder`: the task or flow that
   * takes it, if that is known.
   */
  seize(holder: object | undefined): boolean {
    stopIfLetGo()
    if (tryExchange(this.words, STATE, FREE, ownIdentity() << 1) !== FREE) return false
    if (holder !== undefined) {
      this.#heldBy(holder)
      noteTaking(holder)
    }
    return true
  }

  /** Takes it if it is free and no other thread has reserved it. Throws BrokenLockError. */
  take(holder: object | undefined): boolean {
    stopIfLetGo()
    for (;;) {
      const state = load(this.words, STATE)
      if (isFree(state)) {
        if (this.queue.patience.reserver() !== 0) return false
        const contended = load(this.words, WAITERS) === 0 ? 0 : CONTENDED
        const taken = (ownIdentity() << 1) | contended
        if (compareExchange(this.words, STATE, state, taken) !== state) continue
        if (holder !== undefined) this.#heldBy(holder)
        return true
      } else if (this.#staysHeld(state)) return false
    }
  }

  /** Blocks this thread until `attempt` succeeds. Throws DeadlockError if this thread is the owner and there is no timeout. */
  block<T>(attempt: Attempt<T>, options: BlockOptions | undefined): T {
    const timeout = options === undefined ? Infinity : checkBlock(options).timeout
    if (timeout === Infinity && this.owner === ownIdentity()) {
      throw new DeadlockError(`the ${this.queue.label} is held in this thread: to block for it would never end`)
    }
    return this.queue.block(attempt, options, this.late, this.ownerNow)
  }

  /** Gives it back. Throws InvalidStateError if nobody holds it. */
  release(): void {
    const own = ownIdentity() << 1
    this.holder = undefined
    if (compareExchange(this.words, STATE, own, FREE) !== own) {
      if (this.#free()) this.queue.wake()
    } else if (this.queue.length > 0) this.queue.wake()
  }

  /** Gives it back, but to no task of this thread: it is about to block, and they could do nothing with it. */
  releaseToOthers(): void {
    this.holder = undefined
    if (this.#free() && this.queue.shared) this.queue.handOn()
  }

  /** Throws BrokenLockError if a thread died as the owner. */
  throwIfBroken(): void {
    for (;;) {
      const state = load(this.words, STATE)
      if (isFree(state) || this.#isOwned(state)) return
    }
  }

  /** The identity of the owner; 0 if there is none that lives. */
  get owner(): number {
    return ownerOf(load(this.words, STATE))
  }

  /** The same, for who asks by whom a wait is held up. */
  readonly ownerNow = (): number => this.owner

  /** Whether somebody holds it. A broken lock counts as held. */
  get locked(): boolean {
    return !isFree(load(this.words, STATE))
  }

  get broken(): boolean {
    return load(this.words, STATE) < 0
  }

  statistics(): LockStatistics {
    const state = load(this.words, STATE)
    const owner = ownerOf(state) === 0 ? undefined : threadName(ownerOf(state))
    return { locked: !isFree(state), broken: state < 0, owner, waiters: this.queue.length }
  }

  /** Its state in a few words. */
  look(): string {
    const { broken, owner } = this.statistics()
    return broken ? 'broken' : owner === undefined ? 'free' : `held in thread ${JSON.stringify(owner)}`
  }

  /** What a wait for it comes to when the time is up. */
  readonly late = (timeout: number): never => {
    const { owner } = this.statistics()
    const by = owner === undefined ? '' : ` by thread ${JSON.stringify(owner)}`
    const still = timeout === 0 ? '' : `, and still was after ${timeout} ms`
    throw new TimeoutError(`the ${this.queue.label} is held${by}${still}`)
  }

  #heldBy(holder: object): void {
    this.holder = holder
    this.turns++
  }

  /** The owner is alive and will look for threads that wait. False if the state is another by now. */
  #staysHeld(state: number): boolean {
    if (!this.#isOwned(state)) return false
    if ((state & CONTENDED) !== 0 || !this.queue.shared) return true
    return compareExchange(this.words, STATE, state, state | CONTENDED) === state
  }

  /** The owner is alive. False if the state is another by now; throws if the lock is broken. */
  #isOwned(state: number): boolean {
    if (state < 0) {
      const name = JSON.stringify(threadName(ownerOf(-state)))
      throw new BrokenLockError(`the ${this.queue.label} is broken: thread ${name} ended as its owner`)
    }
    const owner = ownerOf(state)
    if (owner === ownIdentity() || isAlive(owner)) return true
    // Whoever is first here says so, once for all.
    compareExchange(this.words, STATE, state, -state)
    return false
  }

  readonly #available = (): boolean => {
    for (;;) {
      const state = load(this.words, STATE)
      if (isFree(state)) return true
      // Those who wait have been told that it is broken: a thread's end calls everybody.
      if (state < 0 || this.#staysHeld(state)) return false
    }
  }

  /** Frees the word, whatever bits are set in it. Returns false if the lock is broken, which it stays. */
  #free(): boolean {
    for (;;) {
      const state = load(this.words, STATE)
      if (isFree(state)) throw new InvalidStateError(`cannot release the ${this.queue.label}: nobody holds it`)
      // Who waits has been told.
      if (state < 0) return false
      const next = this.queue.patience.reserver() === 0 ? FREE : RESERVED
      if (compareExchange(this.words, STATE, state, next) === state) return true
    }
  }
}

function isFree(state: number): boolean {
  return state === FREE || state === RESERVED
}

function ownerOf(state: number): number {
  return isFree(state) || state < 0 ? 0 : state >> 1
}
