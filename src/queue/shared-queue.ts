/**
 * SharedQueue: any number of producers and consumers, in any threads.
 *
 * The items are bytes in a ring of shared memory: queue-core.ts has the rules, putters.ts and getters.ts the waiting.
 * Nobody takes an item before it is asked for one, so what a thread has not handled is still there for the others when
 * that thread ends.
 */
import { InvalidStateError } from '../errors.ts'
import { load, store } from '../memory/atomics.ts'
import { checkOptions, count, ofType } from '../options/option-rules.ts'
import { Handles, type SharedState } from '../sync/handles.ts'
import { label } from '../sync/inspect.ts'
import type { BlockOptions, PrimitiveOptions, WaitOptions } from '../sync/options.ts'
import type { QueueShutdownOptions } from './bounded-buffer.ts'
import { Getters } from './getters.ts'
import { Putters } from './putters.ts'
import { makeQueue, MAX_SIZE, UNLIMITED } from './queue-memory.ts'
import { nobody, QueueWaits } from './queue-waits.ts'
import { checkRingBytes } from './ring-bytes.ts'
import { isUnfinished, look, type QueueStatistics } from './sentences.ts'
import { SharedIterator } from './shared-iterator.ts'

export interface SharedQueueOptions extends PrimitiveOptions {
  /**
   * How much memory its items share, in bytes: a whole number from 1024, rounded up to a power of two. An item that is
   * larger goes through in pieces, while it is taken. Default: 262144 (256 KiB).
   */
  readonly bytes?: number | undefined
}

const DEFAULT_BYTES = 2 ** 18
const MOST_ITEMS = 0x7fffffff
const checkMaxSize = count(0)

const handles = new Handles<SharedQueue<unknown>>(
  'SharedQueue',
  (state, name) => new SharedQueue(0, { name: name as string }, state),
)

/**
 * A queue for the tasks of all threads: send it to a task, and both ends have it. Python's `multiprocessing.JoinableQueue`.
 *
 * Items are copied when they are put. Whatever a task can be given can be put, but for what is shared or moved: shared
 * memory, locks and the like, other queues, ports.
 */
export class SharedQueue<T> {
  static {
    handles.furnish(SharedQueue, {
      send(queue) {
        const { memory, notEmpty } = queue.#waits
        queue.#waits.share()
        return { number: notEmpty.number, words: memory.words, extra: queue.name }
      },
      look: queue => look('SharedQueue', queue.name, queue.statistics()),
    })
  }

  readonly name: string
  readonly #waits: QueueWaits
  readonly #putters: Putters
  readonly #getters: Getters<T>

  /**
   * A queue that holds at most so many items; 0 or Infinity: as many as its memory has room for.
   * Throws RangeError for a size that is negative, not whole, or NaN.
   */
  constructor(maxSize?: number, options?: SharedQueueOptions)
  /** @internal */
  constructor(maxSize: number, options: SharedQueueOptions, state: SharedState)
  constructor(maxSize: number = 0, options: SharedQueueOptions = {}, state?: SharedState) {
    const { name = '', bytes = DEFAULT_BYTES } = checkOptions(
      options,
      { name: ofType('string', 'a string'), bytes: checkRingBytes },
      'a SharedQueue',
    )
    this.name = name
    const most = state === undefined ? wordOf(maxSize) : 0
    this.#waits = new QueueWaits(state ?? makeQueue(handles, most, bytes), label('SharedQueue', name), () =>
      this.#state(),
    )
    this.#putters = new Putters(this.#waits)
    this.#getters = new Getters(this.#waits)
  }

  /**
   * Puts an item, when there is room for it. Tasks of one thread get room in the order in which they asked.
   * Rejects with CannotSendError, with QueueFull when the time is up, with the signal's reason, and with QueueShutDown;
   * the item is not put then.
   */
  put(item: T, options?: WaitOptions): Promise<void> {
    return this.#putters.put(item, options)
  }

  /** As `put`, but blocks this thread until there is room, and comes before the tasks that wait for it in this thread. */
  putSync(item: T, options?: BlockOptions): void {
    this.#putters.putSync(item, options)
  }

  /**
   * Puts an item if there is room. Throws QueueFull if there is none, QueueShutDown, and CannotSendError, also for an item
   * that is larger than the memory of the queue.
   */
  tryPut(item: T): void {
    this.#putters.tryPut(item)
  }

  /**
   * Takes the next item, when there is one. Tasks of one thread get items in the order in which they asked.
   * Rejects with QueueEmpty when the time is up, with the signal's reason, and with QueueShutDown once a queue that was
   * shut down has no more items. No item is lost then: one that is larger than the memory of the queue is waited for to
   * its end once its beginning was taken, whatever the time. Rejects with CannotLoadError if this thread cannot make the
   * item of what came.
   */
  get(options?: WaitOptions): Promise<T> {
    return this.#getters.get(options)
  }

  /**
   * As `get`, but blocks this thread until there is an item, and comes before the tasks that wait for one in this thread.
   * Throws CannotLoadError also for an item with a function or class of a module that has to be imported first.
   */
  getSync(options?: BlockOptions): T {
    return this.#getters.getSync(options)
  }

  /**
   * Takes the next item if there is one. Throws QueueEmpty if there is none, QueueShutDown if none will come, and
   * InvalidStateError if it is larger than the memory of the queue and has not come whole.
   */
  tryGet(): T {
    return this.#getters.tryGet()
  }

  /**
   * Waits until every item that was put is done: taken, and `taskDone` called for it, in whatever thread.
   * Rejects with TimeoutError and with the signal's reason.
   */
  join(options?: WaitOptions): Promise<void> {
    return this.#waits.allDone.wait(this.#isDone, options, this.#late).then(nothing)
  }

  /** As `join`, but blocks this thread. */
  joinSync(options?: BlockOptions): void {
    this.#waits.allDone.block(this.#isDone, options, this.#late, nobody)
  }

  /** Says that an item that was taken is done. Throws InvalidStateError if it was said for all of them. */
  taskDone(): void {
    const { core, allDone } = this.#waits
    if (core.done(1) === 0) {
      const queue = this.#waits.label
      throw new InvalidStateError(`taskDone() was called more often than items were put into the ${queue}`)
    }
    if (core.unfinished === 0) allDone.wakeAll()
  }

  /**
   * Ends the queue, for good and for all threads: from now on nothing can be put, and who waits for room gets
   * QueueShutDown. What it holds can still be taken, after that `get` throws QueueShutDown and loops end. With `immediate`,
   * what it holds is dropped, and counts as done.
   */
  shutdown(options: QueueShutdownOptions = {}): void {
    const { immediate = false } = checkOptions(options, { immediate: ofType('boolean', 'a boolean') }, 'shutdown')
    this.#waits.core.shutdown(immediate)
    this.#waits.changed()
  }

  /** How many items it holds, those not counted that have not come whole. */
  get size(): number {
    return this.#waits.core.size
  }

  /** How many items it can hold; 0 or Infinity for as many as its memory has room for. */
  get maxSize(): number {
    const most = load(this.#waits.memory.words, MAX_SIZE)
    return most === UNLIMITED ? Infinity : most
  }

  /** Room that this makes goes to those who wait for it. If there are too many items now, they stay. */
  set maxSize(value: number) {
    store(this.#waits.memory.words, MAX_SIZE, wordOf(value))
    this.#waits.notFull.wakeAll()
  }

  get empty(): boolean {
    return this.size === 0
  }

  /** Whether it holds as many items as it may. */
  get full(): boolean {
    return this.#waits.core.isFull
  }

  get isShutDown(): boolean {
    return this.#waits.core.isShutDown
  }

  /** Who waits is counted in this thread alone. */
  statistics(): QueueStatistics {
    const { core, notEmpty, notFull, allDone } = this.#waits
    return Object.freeze({
      size: core.size,
      maxSize: this.maxSize,
      getters: notEmpty.length,
      putters: notFull.length,
      unfinished: core.unfinished,
      joiners: allDone.length,
      isShutDown: core.isShutDown,
    })
  }

  /** Takes items until the queue is shut down and has no more. Loops share the items; leaving one loses none. */
  [Symbol.asyncIterator](): AsyncIterableIterator<T> {
    return new SharedIterator(this.#getters)
  }

  /**
   * The same for a thread that blocks: `for (const item of queue.itemsSync())`. (The queue itself is no iterable: to spread
   * it would block for ever.)
   */
  *itemsSync(): Generator<T, void, undefined> {
    for (;;) {
      let item: T
      try {
        item = this.getSync()
      } catch (error) {
        if (this.#getters.isEnd(error)) return
        throw error
      }
      yield item
    }
  }

  #state(): string {
    const { size, unfinished } = this.statistics()
    return `${size} items, ${unfinished} unfinished`
  }

  readonly #isDone = (): true | undefined => (this.#waits.core.unfinished === 0 ? true : undefined)

  readonly #late = (timeout: number): never => {
    throw isUnfinished(this.#waits.label, this.#waits.core.unfinished, timeout)
  }
}

function wordOf(maxSize: number): number {
  checkMaxSize(maxSize, 'maxSize')
  if (maxSize === Infinity) return UNLIMITED
  if (maxSize > MOST_ITEMS) throw new RangeError(`maxSize must be at most ${MOST_ITEMS}, or Infinity, not ${maxSize}`)
  return maxSize
}

function nothing(): void {}
