/** Semaphore: so many permits, to be taken and given back by any task of any thread. See {@link file://./permits.ts}. */
import type { Guard } from './guard.ts'
import { Handles, type SharedState } from './handles.ts'
import { summary, waiting } from './inspect.ts'
import { type BlockOptions, checkName, type PrimitiveOptions, type WaitOptions } from './options.ts'
import { checkPermits, MOST_PERMITS, PERMIT_WORDS, Permits, type SemaphoreStatistics } from './permits.ts'

const handles = new Handles<Semaphore>('Semaphore', (state, name) => new Semaphore(0, { name: name as string }, state))

export class Semaphore {
  static {
    handles.furnish(Semaphore, {
      send(semaphore) {
        const { queue, words } = semaphore.#permits
        queue.share()
        return { number: queue.number, words, extra: semaphore.name }
      },
      look(semaphore) {
        return summary('Semaphore', semaphore.name, semaphore.#look(), waiting(semaphore.#permits.queue.length))
      },
    })
  }

  readonly name: string
  readonly #permits: Permits

  /**
   * @param value how many permits there are at first: a whole number from 0. There may be more later; a BoundedSemaphore
   * refuses that.
   * @param options `name` is for people.
   * @throws RangeError if `value` is negative or no whole number
   */
  constructor(value?: number, options?: PrimitiveOptions)
  /** @internal */
  constructor(value: number, options: PrimitiveOptions, state: SharedState)
  constructor(value: number = 1, options: PrimitiveOptions = {}, state: SharedState = handles.make(PERMIT_WORDS)) {
    checkPermits(value, 'value', 0)
    this.name = checkName(options, 'a Semaphore')
    this.#permits = new Permits(state, value, MOST_PERMITS, 'Semaphore', this.name, () => this.#look())
  }

  /**
   * Waits for a permit and takes it. Tasks of one thread get theirs in the order in which they asked.
   * Rejects with TimeoutError or with the signal's reason; then nothing was taken.
   */
  acquire(options?: WaitOptions): Promise<Guard> {
    return this.#permits.acquire(options)
  }

  /**
   * Blocks this thread until there is a permit, and takes it, before the tasks that wait for one in this thread.
   * Throws TimeoutError, and DeadlockError if there is no timeout and no other thread that could give one.
   */
  acquireSync(options?: BlockOptions): Guard {
    return this.#permits.acquireSync(options)
  }

  /** Takes a permit if there is one and no task of this thread waits for it. */
  tryAcquire(): Guard | undefined {
    return this.#permits.tryAcquire()
  }

  /**
   * Gives `n` permits, a whole number from 1, whether or not they were taken before: so many waiters go on.
   * Throws RangeError, or InvalidStateError if there would be more than can be counted.
   */
  release(n?: number): void {
    this.#permits.release(n)
  }

  /** Runs `f` with a permit and gives it back when what `f` returns has settled. */
  with<T>(f: () => T | PromiseLike<T>, options?: WaitOptions): Promise<T> {
    return this.#permits.with(f, options)
  }

  /** As `with`, for a thread that may block and an `f` that does not wait. */
  withSync<T>(f: () => T, options?: BlockOptions): T {
    return this.#permits.withSync(f, options)
  }

  /** How many permits there are to be taken. */
  get value(): number {
    return this.#permits.value
  }

  /** Whether a newcomer would have to wait: there is no permit, or tasks of this thread wait. */
  get locked(): boolean {
    return this.#permits.locked
  }

  statistics(): SemaphoreStatistics {
    return this.#permits.statistics()
  }

  #look(): string {
    return `${this.#permits.value} free`
  }
}
