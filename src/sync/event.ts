/**
 * Event: a flag to wait for, as Python's. Whoever waits when it is set goes on, even if it is cleared at once.
 *
 * A flag alone would not do for that: a thread that wakes late would find it cleared and wait on. So the word also counts
 * how often the flag was set. Who waits keeps the word as it was in the beginning, and goes on when it is another: from a
 * flag that is not set, the only way on is that it is set.
 */
import { currentScope } from '../limits/scope.ts'
import { beginWait, compareExchange, load } from '../memory/atomics.ts'
import { Handles, type SharedState } from './handles.ts'
import { label, summary, waiting } from './inspect.ts'
import { type BlockOptions, checkName, type PrimitiveOptions, type WaitOptions } from './options.ts'
import { STATE_WORDS } from './patience.ts'
import { type Attempt, WaitQueue } from './wait-queue.ts'

/** 1 if it is set, and twice the number of times that it was. */
const STATE = STATE_WORDS
const WORDS = STATE_WORDS + 1

const SET = 1
/** Once more, and set. */
const STEP = 3

export interface EventStatistics {
  readonly set: boolean
  /** How many tasks of this thread wait for it. */
  readonly waiters: number
}

const handles = new Handles<Event>('Event', (state, name) => new Event({ name: name as string }, state))

export class Event {
  static {
    handles.furnish(Event, {
      send(event) {
        event.#queue.share()
        return { number: event.#queue.number, words: event.#words, extra: event.name }
      },
      look(event) {
        return summary('Event', event.name, event.#look(), waiting(event.#queue.length))
      },
    })
  }

  readonly name: string
  readonly #words: Int32Array<SharedArrayBuffer>
  readonly #queue: WaitQueue

  /** An event that is not set. `name` is for people. */
  constructor(options?: PrimitiveOptions)
  /** @internal */
  constructor(options: PrimitiveOptions, state: SharedState)
  constructor(options: PrimitiveOptions = {}, state: SharedState = handles.make(WORDS)) {
    this.name = checkName(options, 'an Event')
    this.#words = state.words
    this.#queue = new WaitQueue(state, nothingToHandOn, label('Event', this.name), () => this.#look())
  }

  get isSet(): boolean {
    return (load(this.#words, STATE) & SET) !== 0
  }

  /** Lets all go on who wait, in all threads, and all who come until it is cleared. */
  set(): void {
    for (;;) {
      const state = load(this.#words, STATE)
      // Whoever set it tells those who wait, or its end does.
      if ((state & SET) !== 0) return
      if (compareExchange(this.#words, STATE, state, (state + STEP) | 0) === state) break
    }
    this.#queue.wakeAll()
  }

  /** From now on whoever comes waits. */
  clear(): void {
    for (;;) {
      const state = load(this.#words, STATE)
      if ((state & SET) === 0 || compareExchange(this.#words, STATE, state, state & ~SET) === state) return
    }
  }

  /**
   * Waits until it is set. Resolves to true, or to false if the time was up before; rejects with the signal's reason.
   * A `timeout` of 0 asks whether it is set.
   */
  wait(options?: WaitOptions): Promise<boolean> {
    const began = load(this.#words, STATE)
    if (
      options === undefined &&
      (began & SET) !== 0 &&
      this.#queue.length === 0 &&
      currentScope()?.reason === undefined
    ) {
      return Promise.resolve(true)
    }
    const attempt = this.#since(began)
    return this.#queue.wait<boolean>(attempt, options, () => attempt() === true)
  }

  /**
   * Blocks this thread until it is set. Returns true, or false if the time was up before.
   * Throws DeadlockError if there is no timeout and no other thread that could set it.
   */
  waitSync(options?: BlockOptions): boolean {
    const began = load(this.#words, STATE)
    if (options === undefined && (began & SET) !== 0) return true
    beginWait(true)
    const attempt = this.#since(began)
    return this.#queue.block<boolean>(attempt, options, () => attempt() === true, nobody)
  }

  statistics(): EventStatistics {
    return Object.freeze({ set: this.isSet, waiters: this.#queue.length })
  }

  #look(): string {
    return this.isSet ? 'set' : 'not set'
  }

  /** Whether it is set, or was since the word was `began`. */
  #since(began: number): Attempt<true> {
    return () => {
      const state = load(this.#words, STATE)
      return (state & SET) !== 0 || state !== began ? true : undefined
    }
  }
}

/** It is set for all at once, so nobody has to pass it on. */
function nothingToHandOn(): boolean {
  return false
}

/** Nobody holds an event. */
function nobody(): number {
  return 0
}
