/**
 * RLock: a lock that its owner may take again, and gives back as often as it has taken it.
 *
 * The owner is a task where the runtime can tell tasks apart, else what `with` runs, else the thread: ownership.ts. To
 * other threads it is the thread whose name is in the word, see {@link file://./owner-word.ts}. Which of its tasks it is,
 * and how often it has taken the lock, only that thread has to know: it is kept here, so to take it again needs no
 * atomic operation.
 */
import { InvalidStateError } from '../errors.ts'
import { isScheduled } from '../memory/atomics.ts'
import { throwIfInterrupted } from '../limits/interruption.ts'
import { currentScope } from '../limits/scope.ts'
import { type Guard, OnceGuard } from './guard.ts'
import { Handles, type SharedState } from './handles.ts'
import { summary, waiting } from './inspect.ts'
import {
  type BlockOptions,
  checkBlock,
  checkName,
  checkWait,
  type PrimitiveOptions,
  type WaitOptions,
} from './options.ts'
import { LOCK_WORDS, type LockStatistics, OwnerWord } from './owner-word.ts'
import { Flow, isOwner, ownerHere } from './ownership.ts'
import type { Step } from './steps.ts'
import type { Unwinding } from './unwinding.ts'

export interface RLockStatistics extends LockStatistics {
  /** How often the caller has taken it and not given back. */
  readonly depth: number
}

/** The lock as its owner in this thread holds it. */
interface Hold {
  readonly owner: object
  depth: number
  /** Gives back one of them. */
  release(): void
}

const handles = new Handles<RLock>('RLock', (state, name) => new RLock({ name: name as string }, state))

/**
 * Those that are held here and that others have too. If such a handle were dropped, the next one to come for the same
 * lock would not know by whom it is held.
 */
const kept = new Set<RLock>()

/** How a condition gives it back and takes it again. */
export let unwindingOfRLock: (lock: RLock) => Unwinding

export class RLock {
  static {
    handles.furnish(RLock, {
      send(lock) {
        const { queue, words } = lock.#word
        queue.share()
        if (lock.#hold !== undefined) kept.add(lock)
        return { number: queue.number, words, extra: lock.name }
      },
      look(lock) {
        return summary('RLock', lock.name, lock.#word.look(), waiting(lock.#word.queue.length))
      },
    })
    unwindingOfRLock = lock => ({
      isHeld: () => lock.#held !== undefined,
      throwIfBroken: () => lock.#word.throwIfBroken(),
      unwind: blocks => lock.#unwind(blocks),
    })
  }

  readonly name: string
  readonly #word: OwnerWord
  #hold: Hold | undefined = undefined

  /** A lock that is free. `name` is for people. */
  constructor(options?: PrimitiveOptions)
  /** @internal */
  constructor(options: PrimitiveOptions, state: SharedState)
  constructor(options: PrimitiveOptions = {}, state: SharedState = handles.make(LOCK_WORDS)) {
    this.name = checkName(options, 'an RLock')
    this.#word = new OwnerWord(state, 'RLock', this.name)
  }

  /**
   * Waits until the lock is free or the caller's own, and takes it. Tasks of one thread get it in the order in which they
   * asked. The owner is the task that calls, of an executor or a group; or else the `with` of an RLock in which the call
   * is; or else the whole thread, so that all that runs in no task can take it again. Prefer `with`.
   * Rejects with TimeoutError, with the signal's reason, with BrokenLockError if a thread died as the owner, and with
   * DeadlockError if the wait closes a circle of tasks that wait for each other's locks, and nothing limits it.
   */
  acquire(options?: WaitOptions): Promise<Guard> {
    const held = this.#held
    return held === undefined ? this._acquireFor(ownerHere(), options) : this.#acquireAgain(held, options)
  }

  /**
   * Blocks this thread until the lock is free, and takes it, before the tasks that wait for it in this thread; or takes
   * it again. Throws as `acquire` does, and DeadlockError if another task of this thread holds the lock and there is no
   * timeout.
   */
  acquireSync(options?: BlockOptions): Guard {
    const held = this.#held
    if (held !== undefined) {
      if (options !== undefined) checkBlock(options)
      return again(held)
    }
    const owner = ownerHere()
    if (options === undefined && this.#word.seize(owner)) return this.#begin(owner)
    return this.#word.block(() => this.#takeFor(owner), options)
  }

  /** Takes the lock if it is the caller's, or free and no task of this thread waits for it. Throws BrokenLockError. */
  tryAcquire(): Guard | undefined {
    const held = this.#held
    if (held !== undefined) return again(held)
    return this.#word.queue.length === 0 ? this.#takeFor(ownerHere()) : undefined
  }

  /**
   * Gives back what the caller took last. The lock is free when it was given back as often as it was taken.
   * Throws InvalidStateError if the caller does not hold it. (A guard can be released from wherever it has got to.)
   */
  release(): void {
    const held = this.#held
    if (held !== undefined) held.release()
    else this.#notHeld()
  }

  /**
   * Runs `f` with the lock held and gives it back when what `f` returns has settled. Unless the caller holds the lock
   * already, the owner is this call: `f` and what it awaits can take the lock again, and nobody else can, not even
   * others in the same task.
   */
  async with<T>(f: () => T | PromiseLike<T>, options?: WaitOptions): Promise<T> {
    const held = this.#held
    const flow = held === undefined ? new Flow() : undefined
    const guard = await (held === undefined ? this._acquireFor(flow!, options) : this.#acquireAgain(held, options))
    try {
      return await (flow === undefined ? f() : flow.run(f))
    } finally {
      if (flow !== undefined) flow.over = true
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
    return this.#word.locked
  }

  statistics(): RLockStatistics {
    return Object.freeze({ ...this.#word.statistics(), depth: this.#held?.depth ?? 0 })
  }

  /** What the caller holds. */
  get #held(): Hold | undefined {
    const hold = this.#hold
    return hold !== undefined && isOwner(hold.owner) ? hold : undefined
  }

  /** @internal */
  _acquireFor(owner: object, options: WaitOptions | undefined): Promise<Guard> {
    const word = this.#word
    if (options === undefined && word.queue.length === 0 && currentScope()?.reason === undefined && word.seize(owner)) {
      return Promise.resolve(this.#begin(owner))
    }
    return word.queue.wait(() => this.#takeFor(owner), options, word.late)
  }

  /** It waits for nothing, but it is refused where any wait would be. */
  async #acquireAgain(held: Hold, options: WaitOptions | undefined): Promise<Guard> {
    if (options !== undefined) checkWait(options)
    throwIfInterrupted(options?.signal)
    return again(held)
  }

  #takeFor(owner: object): Guard | undefined {
    return this.#word.take(owner) ? this.#begin(owner) : undefined
  }

  /** The word has been taken. */
  #begin(owner: object): Guard {
    const hold: Hold = { owner, depth: 1, release: () => this.#giveBack(hold) }
    this.#keep(hold)
    return new OnceGuard(hold)
  }

  #keep(hold: Hold): void {
    this.#hold = hold
    // A scheduler runs threads again and again, and each time with handles of their own that nobody keeps.
    if (this.#word.queue.shared && !isScheduled()) kept.add(this)
  }

  #giveBack(hold: Hold): void {
    if (this.#hold !== hold) return this.#notHeld()
    if (--hold.depth > 0) return
    this.#let()
    this.#word.release()
  }

  #let(): void {
    this.#hold = undefined
    kept.delete(this)
  }

  #notHeld(): void {
    const { broken, owner } = this.#word.statistics()
    // It is given to nobody any more: there is nothing to give back.
    if (broken) return
    const by =
      owner === undefined ? 'nobody holds it' : `it is held in thread ${JSON.stringify(owner)}, but not by the caller`
    throw new InvalidStateError(`cannot release the ${this.#word.queue.label}: ${by}`)
  }

  #unwind(blocks: boolean): Step<true> {
    const word = this.#word
    const hold = this.#hold!
    this.#let()
    if (blocks) word.releaseToOthers()
    else word.release()
    const attempt = (): true | undefined => {
      if (!word.take(hold.owner)) return undefined
      this.#keep(hold)
      return true
    }
    return { queue: word.queue, attempt, late: undefined, holder: word.ownerNow }
  }
}

function again(held: Hold): Guard {
  held.depth++
  return new OnceGuard(held)
}
