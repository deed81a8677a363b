/**
 * Lock: one owner at a time, among the tasks of a thread and among threads.
 *
 * The lock is a word that names its owner, as the robust futexes of Linux do: taken by one compare-and-exchange, given
 * back by another. As it names its owner, those who wait can tell that the owner has died. What the lock protected may
 * then be half changed, so the lock is broken for all, and for good: nobody is given it any more.
 */
import { BrokenLockError, DeadlockError, InvalidStateError, TimeoutError } from '../errors.ts'
import { currentScope } from '../limits/scope.ts'
import { compareExchange, load } from '../memory/atomics.ts'
import { WAITERS } from '../memory/waiting-mask.ts'
import { isAlive, ownIdentity, threadName } from '../memory/thread-table.ts'
import { type Guard, OnceGuard } from './guard.ts'
import { Handles, type SharedState } from './handles.ts'
import { label, summary, waiting } from './inspect.ts'
import { type BlockOptions, checkName, type PrimitiveOptions, type WaitOptions } from './options.ts'
import { STATE_WORDS } from './patience.ts'
import { WaitQueue } from './wait-queue.ts'

/** Twice the identity of the owner, and 1 if threads wait; its negative if the owner died; or one of the two below. */
const STATE = STATE_WORDS
const WORDS = STATE_WORDS + 1

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

const handles = new Handles<Lock>('Lock', (state, name) => new Lock({ name: name as string }, state))

export class Lock {
  static {
    handles.furnish(Lock, {
      send(lock) {
        lock.#queue.share()
        return { number: lock.#queue.number, words: lock.#words, extra: lock.name }
      },
      look(lock) {
        return summary('Lock', lock.name, lock.#state(), waiting(lock.#queue.length))
      },
    })
  }

  readonly name: string
  readonly #words: Int32Array<SharedArrayBuffer>
  readonly #queue: WaitQueue

  /** A lock that is free. `name` is for people. */
  constructor(options?: PrimitiveOptions)
  /** @internal */
  constructor(options: PrimitiveOptions, state: SharedState)
  constructor(options: PrimitiveOptions = {}, state: SharedState = handles.make(WORDS)) {
    this.name = checkName(options, 'a Lock')
    this.#words = state.words
    this.#queue = new WaitQueue(state, this.#available, label('Lock', this.name), () => this.#state())
  }

  /**
   * Waits until the lock is free, and takes it. Tasks of one thread get it in the order in which they asked.
   * Rejects with TimeoutError, with the signal's reason, or with BrokenLockError if a thread died as the owner.
   */
  acquire(options?: WaitOptions): Promise<Guard> {
    if (
      options === undefined &&
      this.#queue.length === 0 &&
      currentScope()?.reason === undefined &&
      compareExchange(this.#words, STATE, FREE, ownIdentity() << 1) === FREE
    ) {
      return Promise.resolve(new OnceGuard(this))
    }
    return this.#queue.wait(this.#take, options, this.#late)
  }

  /**
   * Blocks this thread until the lock is free, and takes it, before the tasks that wait for it in this thread.
   * Throws as `acquire` does, and DeadlockError if a task of this thread holds the lock and there is no timeout.
   */
  acquireSync(options?: BlockOptions): Guard {
    if (options === undefined) {
      const own = ownIdentity()
      const state = compareExchange(this.#words, STATE, FREE, own << 1)
      if (state === FREE) return new OnceGuard(this)
      if (state >> 1 === own) {
        throw new DeadlockError(`${this.#label} is held in this thread: to block for it would never end`)
      }
    }
    return this.#queue.block(this.#take, options, this.#late, () => ownerOf(load(this.#words, STATE)))
  }

  /** Takes the lock if it is free and no task of this thread waits for it. Throws BrokenLockError. */
  tryAcquire(): Guard | undefined {
    return this.#queue.length === 0 ? this.#take() : undefined
  }

  /** Gives the lock back, whichever task or thread took it. Throws InvalidStateError if nobody holds it. */
  release(): void {
    const own = ownIdentity() << 1
    if (compareExchange(this.#words, STATE, own, FREE) !== own) this.#releaseContended()
    else if (this.#queue.length > 0) this.#queue.wake()
  }

  /** Runs `f` with the lock held and gives it back when what `f` returns has settled. */
  async with<T>(f: () => T | PromiseLike<T>, options?: WaitOptions): Promise<T> {
    const guard = await this.acquire(options)
    try {
      return await f()
    } finally {
      guard.release()
    }
  }

  /** As `with`, for a thread that may block and an `f` that does not wait. */
  withSync<T>(f: () => T, options?: BlockOptions): T {
    const guard = this.acquireSync(options)
    try {
      return f()
    } finally {
      guard.release()
    }
  }

  /** Whether somebody holds it. A broken lock counts as held. */
  get locked(): boolean {
    return !isFree(load(this.#words, STATE))
  }

  statistics(): LockStatistics {
    const state = load(this.#words, STATE)
    const owner = ownerOf(state) === 0 ? undefined : threadName(ownerOf(state))
    return Object.freeze({ locked: !isFree(state), broken: state < 0, owner, waiters: this.#queue.length })
  }

  get #label(): string {
    return `the ${label('Lock', this.name)}`
  }

  #state(): string {
    const { broken, owner } = this.statistics()
    return broken ? 'broken' : owner === undefined ? 'free' : `held in thread ${JSON.stringify(owner)}`
  }

  readonly #take = (): Guard | undefined => {
    for (;;) {
      const state = load(this.#words, STATE)
      if (isFree(state)) {
        if (this.#queue.patience.reserver() !== 0) return undefined
        const contended = load(this.#words, WAITERS) === 0 ? 0 : CONTENDED
        const taken = (ownIdentity() << 1) | contended
        if (compareExchange(this.#words, STATE, state, taken) === state) return new OnceGuard(this)
      } else if (this.#staysHeld(state)) return undefined
    }
  }

  /** The owner is alive and will look for threads that wait. False if the state is another by now. */
  #staysHeld(state: number): boolean {
    if (state < 0) {
      const name = JSON.stringify(threadName(ownerOf(-state)))
      throw new BrokenLockError(`${this.#label} is broken: thread ${name} ended as its owner`)
    }
    const owner = ownerOf(state)
    if (owner !== ownIdentity() && !isAlive(owner)) {
      // Whoever is first here says so, once for all.
      compareExchange(this.#words, STATE, state, -state)
      return false
    }
    if ((state & CONTENDED) !== 0 || !this.#queue.shared) return true
    return compareExchange(this.#words, STATE, state, state | CONTENDED) === state
  }

  readonly #available = (): boolean => {
    for (;;) {
      const state = load(this.#words, STATE)
      if (isFree(state)) return true
      // Those who wait have been told that it is broken: a thread's end calls everybody.
      if (state < 0 || this.#staysHeld(state)) return false
    }
  }

  readonly #late = (timeout: number): never => {
    const { owner } = this.statistics()
    const by = owner === undefined ? '' : ` by thread ${JSON.stringify(owner)}`
    throw new TimeoutError(`${this.#label} is held${by}${timeout === 0 ? '' : `, and still was after ${timeout} ms`}`)
  }

  #releaseContended(): void {
    for (;;) {
      const state = load(this.#words, STATE)
      if (isFree(state)) throw new InvalidStateError(`cannot release ${this.#label}: nobody holds it`)
      // What is broken stays broken, and who waits has been told.
      if (state < 0) return
      const next = this.#queue.patience.reserver() === 0 ? FREE : RESERVED
      if (compareExchange(this.#words, STATE, state, next) === state) break
    }
    this.#queue.wake()
  }
}

function isFree(state: number): boolean {
  return state === FREE || state === RESERVED
}

/** The identity of the owner, 0 if there is none that lives. */
function ownerOf(state: number): number {
  return isFree(state) || state < 0 ? 0 : state >> 1
}
