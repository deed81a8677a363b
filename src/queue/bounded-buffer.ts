/**
 * BoundedBuffer: what all queues of one thread are, whatever the order in which their items come out.
 *
 * Producers wait while it is full, consumers while it is empty (E. W. Dijkstra's bounded buffer; the contract is that of
 * Python's queues). Two things hold whenever the outside can look: somebody waits to get only while there is no item, and
 * somebody waits to put only while there is no room. So an item that comes and a space that becomes free go to whoever
 * waits at once, and what nobody has to wait for needs no look at the lines.
 */
import { throwIfInterrupted } from '../limits/interruption.ts'
import { checkOptions, count, ofType } from '../options/option-rules.ts'
import { label } from '../sync/inspect.ts'
import { checkWait, type WaitOptions } from '../sync/options.ts'
import { furnish } from './furniture.ts'
import { type Getter, ItemIterator } from './item-iterator.ts'
import { hasNoMoreItems, isEmpty, isFull, look, type QueueStatistics, refusesItems } from './sentences.ts'
import { Unfinished } from './unfinished.ts'
import { isCancelled, WaitLine, Waiter } from './wait-line.ts'

/** Where the items are, and which of them is next. */
export interface Store<T> {
  readonly size: number
  /** May throw, and has added nothing then. */
  add(item: T): void
  /** Takes the next; there is one. May throw, and has taken nothing then. */
  take(): T
  clear(): void
}

export interface QueueShutdownOptions {
  /** Drops the items that the queue still holds. Default: false. */
  readonly immediate?: boolean | undefined
}

const checkMaxSize = count(0)

/** All puts that need not wait share one promise: making one would be half of their cost. */
const PUT: Promise<void> = Promise.resolve()

export class BoundedBuffer<T> {
  static {
    furnish(BoundedBuffer, queue => look(queue.#kind, queue.name, queue.statistics()))
  }

  readonly name: string
  readonly #kind: string
  readonly #store: Store<T>
  readonly #unfinished: Unfinished
  readonly #getters = new WaitLine<void, T>()
  readonly #putters = new WaitLine<T, void>()
  #maxSize = 0
  /** The same, but Infinity for none. */
  #limit = Infinity
  #isShutDown = false

  /** `kind`: the name of the class, for people. */
  constructor(kind: string, store: Store<T>, maxSize: number, name: string) {
    this.#kind = kind
    this.#store = store
    this.name = name
    this.#unfinished = new Unfinished(label(kind, name))
    this.maxSize = maxSize
  }

  /**
   * Puts an item, when there is room for it. Tasks get room in the order in which they asked.
   * Rejects with QueueFull when the time is up, with the signal's reason, and with QueueShutDown; the item is not put then.
   */
  put(item: T, options?: WaitOptions): Promise<void> {
    if (options !== undefined || this.#store.size >= this.#limit || this.#isShutDown || isCancelled()) {
      // Kept apart, as what a closure there captures would be made here too.
      return this.#putOrWait(item, options)
    }
    try {
      this.#add(item)
      return PUT
    } catch (error) {
      return rejection(error as Error)
    }
  }

  /** Puts an item if there is room. Throws QueueFull if there is none, and QueueShutDown. (Python's `put_nowait`.) */
  tryPut(item: T): void {
    if (this.#isShutDown) throw refusesItems(this.#label)
    if (this.full) throw this.#whenFull(0)
    this.#add(item)
  }

  /**
   * Takes the next item, when there is one. Tasks get items in the order in which they asked. An item that is a promise
   * is awaited on its way, as whatever a promise resolves to; `tryGet` and the loop hand out the promise itself.
   * Rejects with QueueEmpty when the time is up, with the signal's reason, and with QueueShutDown once a queue that was
   * shut down has no more items. No item is lost then.
   */
  get(options?: WaitOptions): Promise<T> {
    if (options !== undefined || this.#store.size === 0 || isCancelled()) return this.#getOrWait(options)
    try {
      return Promise.resolve(this.#take())
    } catch (error) {
      return rejection(error as Error)
    }
  }

  /**
   * Takes the next item if there is one. Throws QueueEmpty if there is none, and QueueShutDown if none will come. (Python's
   * `get_nowait`. It does not return undefined for none, as that may be an item.)
   */
  tryGet(): T {
    if (this.empty) throw this.#isShutDown ? hasNoMoreItems(this.#label) : this.#whenEmpty(0)
    return this.#take()
  }

  /**
   * Waits until every item that was put is done: taken, and `taskDone` called for it.
   * Rejects with TimeoutError, with the signal's reason, and with DeadlockError if nothing is left to run.
   */
  join(options?: WaitOptions): Promise<void> {
    return this.#unfinished.join(options)
  }

  /** Says that an item that was taken is done. Throws InvalidStateError if it was said for all of them. */
  taskDone(): void {
    this.#unfinished.done()
  }

  /**
   * Ends the queue, for good: from now on nothing can be put, and who waits for room gets QueueShutDown. What it holds can
   * still be taken, after that `get` throws QueueShutDown and loops end. With `immediate`, what it holds is dropped, and
   * counts as done.
   */
  shutdown(options: QueueShutdownOptions = {}): void {
    const { immediate = false } = checkOptions(options, { immediate: ofType('boolean', 'a boolean') }, 'shutdown')
    this.#isShutDown = true
    if (immediate) {
      const { size } = this.#store
      this.#store.clear()
      this.#unfinished.drop(size)
    }
    this.#putters.fail(() => refusesItems(this.#label))
    this.#getters.fail(() => hasNoMoreItems(this.#label))
  }

  /** How many items it holds. */
  get size(): number {
    return this.#store.size
  }

  /** How many items it can hold; 0 or Infinity for as many as come. */
  get maxSize(): number {
    return this.#maxSize
  }

  /** Room that this makes goes to those who wait for it. If there are too many items now, they stay. */
  set maxSize(value: number) {
    checkMaxSize(value, 'maxSize')
    this.#maxSize = value
    this.#limit = value === 0 ? Infinity : value
    this.#admit()
  }

  get empty(): boolean {
    return this.#store.size === 0
  }

  /** Whether there is no room. Never, if it can hold as many as come. */
  get full(): boolean {
    return this.#store.size >= this.#limit
  }

  get isShutDown(): boolean {
    return this.#isShutDown
  }

  statistics(): QueueStatistics {
    return Object.freeze({
      size: this.#store.size,
      maxSize: this.#maxSize,
      getters: this.#getters.length,
      putters: this.#putters.length,
      unfinished: this.#unfinished.count,
      joiners: this.#unfinished.length,
      isShutDown: this.#isShutDown,
    })
  }

  /** Takes items until the queue is shut down and has no more. Loops share the items; leaving one loses none. */
  [Symbol.asyncIterator](): AsyncIterableIterator<T> {
    return new ItemIterator(
      this,
      getter => this.#serve(getter, undefined),
      getter => this.#getters.leave(getter),
    )
  }

  /** There is room. */
  #add(item: T): void {
    this.#store.add(item)
    this.#unfinished.count++
    if (this.#getters.length > 0) this.#getters.shift()?.resolve(this.#store.take())
  }

  /** There is an item. */
  #take(): T {
    const item = this.#store.take()
    if (this.#putters.length > 0) this.#admit()
    return item
  }

  /** Gives room to those who wait for it. Whose item the store refuses is told, and the room goes to the next. */
  #admit(): void {
    while (this.#putters.length > 0 && !this.full) {
      const putter = this.#putters.shift() as Waiter<T, void>
      try {
        this.#add(putter.item)
      } catch (error) {
        putter.reject(error as Error)
        continue
      }
      putter.resolve()
    }
  }

  #putOrWait(item: T, options: WaitOptions | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const timeout = options === undefined ? Infinity : checkWait(options).timeout
      throwIfInterrupted(options?.signal)
      if (!this.full || this.#isShutDown || timeout === 0) resolve(this.tryPut(item))
      else this.#putters.enter(new Waiter(item, resolve, reject), timeout, options?.signal, this.#whenFull)
    })
  }

  #getOrWait(options: WaitOptions | undefined): Promise<T> {
    return new Promise((resolve, reject) => this.#serve(new Waiter(undefined, resolve, reject), options))
  }

  /** Settles a getter with an item or an error, or lets it wait. */
  #serve(getter: Getter<T>, options: WaitOptions | undefined): void {
    try {
      const timeout = options === undefined ? Infinity : checkWait(options).timeout
      throwIfInterrupted(options?.signal)
      if (!this.empty || this.#isShutDown || timeout === 0) getter.resolve(this.tryGet())
      else this.#getters.enter(getter, timeout, options?.signal, this.#whenEmpty)
    } catch (error) {
      getter.reject(error as Error)
    }
  }

  get #label(): string {
    return label(this.#kind, this.name)
  }

  readonly #whenFull = (timeout: number): Error => isFull(this.#label, this.size, timeout)

  readonly #whenEmpty = (timeout: number): Error => isEmpty(this.#label, timeout)
}

function rejection(reason: Error): Promise<never> {
  return Promise.reject(reason)
}
