/**
 * Lock: one owner at a time, among the tasks of a thread and among threads.
 *
 * Its state is one word, see {@link file://./owner-word.ts}. Whatever task holds it, any task or thread may give it back,
 * as with Python's.
 */
import { currentScope } from '../limits/scope.ts'
import { ownIdentity } from '../memory/thread-table.ts'
import { type Guard, OnceGuard } from './guard.ts'
import { Handles, type SharedState } from './handles.ts'
import { summary, waiting } from './inspect.ts'
import { type BlockOptions, checkName, type PrimitiveOptions, type WaitOptions } from './options.ts'
import { LOCK_WORDS, type LockStatistics, OwnerWord } from './owner-word.ts'
import { currentOwner, flowIfCheap } from './ownership.ts'
import type { Step } from './steps.ts'
import type { Unwinding } from './unwinding.ts'

export type { LockStatistics } from './owner-word.ts'

const handles = new Handles<Lock>('Lock', (state, name) => new Lock({ name: name as string }, state))

/** How a condition gives it back and takes it again. */
export let unwindingOfLock: (lock: Lock) => Unwinding

export class Lock {
  static {
    handles.furnish(Lock, {
      send(lock) {
        const { queue, words } = lock.#word
        queue.share()
        return { number: queue.number, words, extra: lock.name }
      },
      look(lock) {
        return summary('Lock', lock.name, lock.#word.look(), waiting(lock.#word.queue.length))
      },
    })
    unwindingOfLock = lock => new LockUnwinding(lock.#word)
  }

  readonly name: string
  readonly #word: OwnerWord

  /** A lock that is free. `name` is for people. */
  constructor(options?: PrimitiveOptions)
  /** @internal */
  constructor(options: PrimitiveOptions, state: SharedState)
  constructor(options: PrimitiveOptions = {}, state: SharedState = handles.make(LOCK_WORDS)) {
    this.name = checkName(options, 'a Lock')
    this.#word = new OwnerWord(state, 'Lock', this.name)
  }

  /**
   * Waits until the lock is free, and takes it. Tasks of one thread get it in the order in which they asked.
   * Rejects with TimeoutError, with the signal's reason, with BrokenLockError if a thread died as the owner, and with
   * DeadlockError if the wait closes a circle of tasks that wait for each other's locks, and nothing limits it.
   */
  acquire(options?: WaitOptions): Promise<Guard> {
    return this._acquireFor(currentOwner(), options)
  }

  /**
   * Blocks this thread until the lock is free, and takes it, before the tasks that wait for it in this thread.
   * Throws as `acquire` does, and DeadlockError if a task of this thread holds the lock and there is no timeout.
   */
  acquireSync(options?: BlockOptions): Guard {
    // Who blocks gives it back before he waits for anything else. To ask for his task would cost as much as the lock.
    if (options === undefined && this.#word.seize(undefined)) return new OnceGuard(this)
    return this.#block(options)
  }

  /** Takes the lock if it is free and no task of this thread waits for it. Throws BrokenLockError. */
  tryAcquire(): Guard | undefined {
    return this.#word.queue.length === 0 ? this.#takeFor(currentOwner()) : undefined
  }

  /** Gives the lock back, whichever task or thread took it. Throws InvalidStateError if nobody holds it. */
  release(): void {
    this.#word.release()
  }

  /** Runs `f` with the lock held and gives it back when what `f` returns has settled. */
  async with<T>(f: () => T | PromiseLike<T>, options?: WaitOptions): Promise<T> {
    const flow = flowIfCheap()
    const guard = await this._acquireFor(flow, options)
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

  statistics(): LockStatistics {
    return Object.freeze(this.#word.statistics())
  }

  /** @internal Its name begins with `_`, so that the checker sees where `with` takes the lock. */
  _acquireFor(holder: object | undefined, options: WaitOptions | undefined): Promise<Guard> {
    const word = this.#word
    if (
      options === undefined &&
      word.queue.length === 0 &&
      currentScope()?.reason === undefined &&
      word.seize(holder)
    ) {
      return Promise.resolve(new OnceGuard(this))
    }
    return this.#wait(holder, options)
  }

  #wait(holder: object | undefined, options: WaitOptions | undefined): Promise<Guard> {
    return this.#word.queue.wait(() => this.#takeFor(holder), options, this.#word.late)
  }

  /** Kept apart, as what a closure there captures would be made in the fast path too. */
  #block(options: BlockOptions | undefined): Guard {
    return this.#word.block(() => this.#takeFor(undefined), options)
  }

  #takeFor(holder: object | undefined): Guard | undefined {
    return this.#word.take(holder) ? new OnceGuard(this) : undefined
  }
}

class LockUnwinding implements Unwinding {
  readonly #word: OwnerWord

  constructor(word: OwnerWord) {
    this.#word = word
  }

  /** Whether it is held in this thread. Which of its tasks holds it, the lock does not know. */
  isHeld(): boolean {
    return this.#word.owner === ownIdentity()
  }

  throwIfBroken(): void {
    this.#word.throwIfBroken()
  }

  unwind(blocks: boolean): Step<true> {
    const word = this.#word
    const { holder } = word
    if (blocks) word.releaseToOthers()
    else word.release()
    return { queue: word.queue, attempt: () => word.take(holder) || undefined, late: undefined, holder: word.ownerNow }
  }
}
