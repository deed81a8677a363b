/**
 * Condition: to wait until what a lock protects has changed, as Python's.
 *
 * Who waits gives the lock back, sleeps until it is notified, and takes the lock again, whatever has ended the sleep. As
 * who notifies holds the lock too, no change can fall between the look at what is protected and the sleep. Who may go is
 * kept in {@link file://./grants.ts}.
 */
import { InvalidStateError, UnsupportedError } from '../errors.ts'
import type { SentWords } from '../memory/neighbour-words.ts'
import { describe, isThenable } from '../options/describe.ts'
import { count } from '../options/option-rules.ts'
import { GRANT_WORDS, Grants } from './grants.ts'
import type { Guard } from './guard.ts'
import { elsewhere, Handles, type SharedState } from './handles.ts'
import { label, summary } from './inspect.ts'
import { Lock, type LockStatistics, unwindingOfLock } from './lock.ts'
import { type BlockOptions, checkName, type PrimitiveOptions, type WaitOptions } from './options.ts'
import { RLock, unwindingOfRLock } from './rlock.ts'
import { awaitSteps, blockSteps, step, type Steps } from './steps.ts'
import type { Unwinding } from './unwinding.ts'
import { WaitQueue } from './wait-queue.ts'

export interface ConditionStatistics {
  /** How many wait and were not notified, in all threads. */
  readonly waiting: number
  /** How many of them are tasks of this thread. */
  readonly waiters: number
  /** Those of the lock. */
  readonly lock: LockStatistics
}

/** What crosses to another thread. */
interface Extra {
  readonly name: string
  readonly lock: Lock | RLock
  readonly records: SentWords
}

const handles = new Handles<Condition>('Condition', (state, extra) => {
  const { name, lock, records } = extra as Extra
  return new Condition(lock, { name }, state, records)
})

const checkCount = count(0)

export class Condition {
  static {
    handles.furnish(Condition, {
      send(condition) {
        const { number, words } = condition.#state
        condition.#queue.share()
        const { name, lock } = condition
        return { number, words, extra: { name, lock, records: condition.#grants.records.share() } satisfies Extra }
      },
      look(condition) {
        return summary('Condition', condition.name, condition.#look())
      },
    })
  }

  /** What it stands in front of. */
  readonly lock: Lock | RLock
  readonly name: string
  readonly #state: SharedState
  readonly #unwinding: Unwinding
  readonly #queue: WaitQueue
  readonly #grants: Grants

  /**
   * A condition of what `lock` protects, by default an RLock of its own. Several conditions can have the same lock.
   * `name` is for people. Throws TypeError if `lock` is no lock.
   */
  constructor(lock?: Lock | RLock, options?: PrimitiveOptions)
  /** @internal */
  constructor(lock: Lock | RLock, options: PrimitiveOptions, state: SharedState, records: SentWords)
  constructor(
    lock?: Lock | RLock,
    options: PrimitiveOptions = {},
    state: SharedState = handles.make(GRANT_WORDS),
    records?: SentWords,
  ) {
    this.name = checkName(options, 'a Condition')
    this.lock = lock ?? new RLock(options)
    this.#unwinding = unwindingOf(this.lock)
    this.#state = state
    this.#queue = new WaitQueue(state, nothingToHandOn, label('Condition', this.name), () => this.#look())
    this.#grants = new Grants(this.#queue, records)
  }

  /** Takes the lock, see `Lock` and `RLock`. */
  acquire(options?: WaitOptions): Promise<Guard> {
    return this.lock.acquire(options)
  }

  /** Takes the lock, blocking this thread until it can. */
  acquireSync(options?: BlockOptions): Guard {
    return this.lock.acquireSync(options)
  }

  /** Takes the lock if that can be done at once. */
  tryAcquire(): Guard | undefined {
    return this.lock.tryAcquire()
  }

  /** Gives the lock back. */
  release(): void {
    this.lock.release()
  }

  /** Runs `f` with the lock held and gives it back when what `f` returns has settled. */
  with<T>(f: () => T | PromiseLike<T>, options?: WaitOptions): Promise<T> {
    return this.lock.with(f, options)
  }

  /** As `with`, for a thread that may block and an `f` that does not wait. */
  withSync<T>(f: () => T, options?: BlockOptions): T {
    return this.lock.withSync(f, options)
  }

  /**
   * Gives the lock back, waits to be notified, and takes the lock again. Resolves to true, or to false if the time was up
   * before. The lock is held again whatever comes out, so nothing limits how long that takes: not `timeout`, which is in
   * ms, and no signal. Rejects with the signal's reason, with InvalidStateError if the caller does not hold the
   * lock, and with BrokenLockError, without the lock, if a thread died as its owner.
   */
  wait(options?: WaitOptions): Promise<boolean> {
    return awaitSteps(this.#wait(false), options)
  }

  /**
   * As `wait`, but blocks this thread. Throws DeadlockError if there is no timeout and no other thread that could notify.
   * Tasks of this thread do not get the lock meanwhile.
   */
  waitSync(options?: BlockOptions): boolean {
    return blockSteps(this.#wait(true), options)
  }

  /**
   * Waits until `predicate` returns something truthy, and resolves to that; or to what it returned last, when the time is
   * up. It is called with the lock held, first at once: if it holds then, no lock is needed. `timeout`, in ms, is for the
   * whole of it. Rejects as `wait` does, with what `predicate` throws, and with TypeError if it returns a promise.
   */
  waitFor<T>(predicate: () => T, options?: WaitOptions): Promise<T> {
    return awaitSteps(this.#waitFor(predicate, false), options)
  }

  /** As `waitFor`, but blocks this thread. */
  waitForSync<T>(predicate: () => T, options?: BlockOptions): T {
    return blockSteps(this.#waitFor(predicate, true), options)
  }

  /**
   * Lets `n` of those go on who wait now, or all if there are fewer; they get the lock when the caller gives it back.
   * Within a thread it is those who have waited longest. If one is cancelled at that moment, another goes in its place.
   * Throws InvalidStateError if the caller does not hold the lock.
   */
  notify(n: number = 1): void {
    checkCount(n, 'n')
    if (!this.#unwinding.isHeld()) throw this.#notHeld('notify')
    this.#grants.give(n)
  }

  /** Lets all go on who wait now. Throws InvalidStateError if the caller does not hold the lock. */
  notifyAll(): void {
    this.notify(Infinity)
  }

  /** Whether somebody holds the lock. */
  get locked(): boolean {
    return this.lock.locked
  }

  statistics(): ConditionStatistics {
    const { waiting } = this.#grants
    return Object.freeze({ waiting, waiters: this.#queue.length, lock: this.lock.statistics() })
  }

  *#wait(blocks: boolean): Steps<boolean> {
    if (!this.#unwinding.isHeld()) throw this.#notHeld('wait for')
    const grants = this.#grants
    grants.join()
    const relock = this.#unwinding.unwind(blocks)
    let granted: boolean
    try {
      granted = yield* step<boolean>({ queue: this.#queue, attempt: this.#claim, late: isNotGranted, holder: nobody })
    } catch (reason) {
      yield* step(relock)
      // What has reached the one that is cancelled is for another.
      if (grants.leave()) grants.give(1)
      throw reason
    }
    yield* step(relock)
    if (!granted) return grants.leave()
    grants.take()
    return true
  }

  /** Who waits when the lock breaks would do so for ever: nobody can hold it to notify. The end of a thread makes all try. */
  readonly #claim = (): true | undefined => {
    if (this.#grants.claim()) return true
    this.#unwinding.throwIfBroken()
    return undefined
  };

  *#waitFor<T>(predicate: () => T, blocks: boolean): Steps<T> {
    for (;;) {
      const value = check(predicate)
      if (value) return value
      if (!(yield* this.#wait(blocks))) return check(predicate)
    }
  }

  #notHeld(verb: string): InvalidStateError {
    return new InvalidStateError(`cannot ${verb} the ${this.#queue.label}: the caller does not hold its lock`)
  }

  #look(): string {
    const { lock, waiting } = this.statistics()
    const state = lock.broken
      ? 'broken'
      : lock.owner === undefined
        ? 'free'
        : `held in thread ${JSON.stringify(lock.owner)}`
    return waiting === 0 ? state : `${state}, ${waiting} waiting`
  }
}

function unwindingOf(lock: Lock | RLock): Unwinding {
  if (typeof lock === 'object' && lock !== null && elsewhere in lock) {
    throw new UnsupportedError('the lock is in another process: make the Condition there, and send that')
  }
  if (lock instanceof RLock) return unwindingOfRLock(lock)
  if (lock instanceof Lock) return unwindingOfLock(lock)
  throw new TypeError(`the lock of a Condition must be a Lock or an RLock, not ${describe(lock)}`)
}

/** A promise is always truthy, so the wait would end at once. */
function check<T>(predicate: () => T): T {
  const value = predicate()
  if (isThenable(value)) throw new TypeError('the predicate of a Condition must not wait: it returned a promise')
  return value
}

function isNotGranted(): boolean {
  return false
}

/** A grant is for a certain thread. */
function nothingToHandOn(): boolean {
  return false
}

/** Nobody holds what is waited for. */
function nobody(): number {
  return 0
}
