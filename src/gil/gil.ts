/**
 * Gil: CPython's global interpreter lock, to see and to measure what it does, and then to go without.
 *
 * Of the threads that run something under one Gil one runs at a time. Who waits sleeps for one interval; if it was not taken
 * by anybody in that time, the waiter asks for it, and the holder lets go of it at its next checkpoint and waits for a
 * moment until somebody else has it. (CPython since 3.2: Antoine Pitrou's new GIL, with forced switching.) Whoever blocks
 * for something of this library lets go of it meanwhile, as I/O does there.
 *
 * JavaScript has no interpreter loop that could look at the request: a long computation has to call `checkpoint` itself, or
 * be transformed as it is loaded, so that each turn of its loops does. A loop without one keeps the GIL, as a C extension
 * does in Python.
 */
import { InvalidStateError } from '../errors.ts'
import {
  add,
  attachHook,
  compareExchange,
  exchange,
  load,
  newBuffer,
  notify,
  type SchedulerHook,
  store,
  wait,
} from '../memory/atomics.ts'
import { performNow } from '../memory/perform.ts'
import { isAlive, ownIdentity, threadName } from '../memory/thread-table.ts'
import { isThenable } from '../options/describe.ts'
import { checkOptions, duration, ofType } from '../options/option-rules.ts'
import { Handles, type SharedState } from '../sync/handles.ts'
import { summary } from '../sync/inspect.ts'
import { standAtCheckpoints } from './checkpoints.ts'
import {
  DROP,
  FORCED,
  GIL_WORDS,
  HOLDER,
  type Holding,
  noteTaking,
  TAKEN,
  timeline,
  VOLUNTARY,
  WAITED,
} from './gil-memory.ts'

export interface GilOptions {
  /** For how long, in ms, a thread waits before it asks the holder to let go. Default: 5, as in Python. */
  readonly switchInterval?: number | undefined
  /** For people. */
  readonly name?: string | undefined
}

export interface GilStatistics {
  /** The name of the thread that holds it. */
  readonly holder: string | undefined
  /** How often it was taken. */
  readonly taken: number
  /** How often a holder was made to let go of it, and how often it did so as it blocked or was done. */
  readonly forced: number
  readonly voluntary: number
  /** For how long, in ms, all threads together have waited for it. */
  readonly waited: number
  /** Who held it from when, the last 1024 times. */
  readonly timeline: readonly Holding[]
}

/** The most calls of `checkpoint` between two looks at the request, which costs several ns. */
const CALLS = 64
/** Looks that are closer, in ms, become rarer; those that are farther apart come each time. */
const CLOSE = 0.05
const FAR = 0.5
/** For how long, in ms, one that was made to let go waits for another to take it. */
const COURTESY = 1

const handles = new Handles<Gil>('Gil', (state, extra) => new Gil(extra as GilOptions, state))

export class Gil {
  static {
    handles.furnish(Gil, {
      send: gil => ({
        number: gil.#state.number,
        words: gil.#state.words,
        extra: { switchInterval: gil.switchInterval, name: gil.name } satisfies GilOptions,
      }),
      look: gil => summary('Gil', gil.name, gil.statistics().holder ?? 'free'),
    })
  }

  readonly name: string
  /** In ms. Python's `sys.getswitchinterval()`, which is in seconds. */
  readonly switchInterval: number
  readonly #state: SharedState
  readonly #words: Int32Array
  /** How many calls of `run` this thread is in; 0 while it has let go of it. */
  #depth = 0
  /** Calls of `checkpoint` from one look to the next, and up to it. */
  #calls = 1
  #left = 1
  #lookedAt = 0
  #outer: SchedulerHook | undefined
  #outerCheckpoint: (() => void) | undefined

  /** A Gil that nobody holds. Throws TypeError or RangeError for bad options. */
  constructor(options?: GilOptions)
  /** @internal */
  constructor(options: GilOptions, state: SharedState)
  constructor(options: GilOptions = {}, state: SharedState = handles.make(GIL_WORDS)) {
    const rules = { switchInterval: duration, name: ofType('string', 'a string') }
    const { switchInterval = 5, name = '' } = checkOptions(options, rules, 'a Gil')
    this.switchInterval = switchInterval
    this.name = name
    this.#state = state
    this.#words = state.words
  }

  /**
   * Runs `f` under the GIL: takes it, blocking this thread, and lets go of it when `f` has returned. Returns what `f` returns.
   * Throws TypeError if that is a promise: a task that awaits is not running.
   */
  run<T>(f: () => T): T {
    if (this.#depth > 0) return this.#inside(f)
    this.#take()
    try {
      return this.#inside(f)
    } finally {
      add(this.#words, VOLUNTARY, 1)
      this.#letGo()
    }
  }

  /** Where a long computation may be interrupted: lets another thread have the GIL if one has waited for an interval. */
  checkpoint(): void {
    if (--this.#left === 0) this.#look()
  }

  /** Runs `f` without the GIL, and takes it again: Python's `Py_BEGIN_ALLOW_THREADS`. Without it, it only calls `f`. */
  released<T>(f: () => T): T {
    const depth = this.#depth
    if (depth === 0) return f()
    this.#depth = 0
    add(this.#words, VOLUNTARY, 1)
    this.#letGo()
    try {
      return f()
    } finally {
      this.#take()
      this.#depth = depth
    }
  }

  /** What has happened so far, in all threads. */
  statistics(): GilStatistics {
    const words = this.#words
    const holder = load(words, HOLDER)
    return Object.freeze({
      holder: holder === 0 ? undefined : threadName(holder),
      taken: load(words, TAKEN),
      forced: load(words, FORCED),
      voluntary: load(words, VOLUNTARY),
      waited: load(words, WAITED) / 1000,
      timeline: timeline(words),
    })
  }

  #inside<T>(f: () => T): T {
    this.#depth++
    try {
      const result = f()
      if (isThenable(result)) throw new TypeError('gil.run() is for functions that do not wait: it returned a promise')
      return result
    } finally {
      this.#depth--
    }
  }

  #take(): void {
    const words = this.#words
    const own = ownIdentity()
    if (load(words, HOLDER) === own) {
      throw new InvalidStateError('the Gil is held in this thread, by another handle of it')
    }
    if (compareExchange(words, HOLDER, 0, own) !== 0) this.#await(own)
    store(words, DROP, 0)
    noteTaking(words, own)
    notify(words, TAKEN, Infinity)
    this.#outer = attachHook(this.#hook)
    this.#outerCheckpoint = standAtCheckpoints(this.#checkpoint)
  }

  #await(own: number): void {
    const words = this.#words
    const began = performance.now()
    for (;;) {
      const holder = compareExchange(words, HOLDER, 0, own)
      if (holder === 0) break
      // A thread that was ended holds nothing.
      if (!isAlive(holder)) {
        compareExchange(words, HOLDER, holder, 0)
        continue
      }
      const taken = load(words, TAKEN)
      const result = wait(words, HOLDER, holder, this.switchInterval)
      if (result === 'timed-out' && load(words, TAKEN) === taken) store(words, DROP, 1)
    }
    add(words, WAITED, Math.round((performance.now() - began) * 1000))
  }

  #letGo(): void {
    attachHook(this.#outer)
    standAtCheckpoints(this.#outerCheckpoint)
    // Not of another: this thread may have been taken for dead.
    compareExchange(this.#words, HOLDER, ownIdentity(), 0)
    notify(this.#words, HOLDER, 1)
  }

  /** A loop whose turns take long is looked after in each of them, one that only counts hardly ever. */
  #look(): void {
    const now = performance.now()
    const time = now - this.#lookedAt
    if (time > FAR) this.#calls = 1
    else if (time < CLOSE) this.#calls = Math.min(CALLS, this.#calls * 2)
    this.#left = this.#calls
    this.#lookedAt = now
    if (this.#depth > 0 && load(this.#words, DROP) !== 0) this.#yield()
  }

  #yield(): void {
    const words = this.#words
    // One request is answered once.
    if (exchange(words, DROP, 0) === 0) return
    add(words, FORCED, 1)
    const taken = load(words, TAKEN)
    this.#letGo()
    const end = performance.now() + COURTESY
    for (let left = COURTESY; left > 0 && load(words, TAKEN) === taken; left = end - performance.now()) {
      wait(words, TAKEN, taken, left)
    }
    this.#take()
  }

  readonly #checkpoint = (): void => this.checkpoint()

  /** While it is held, whoever blocks lets go of it. */
  readonly #hook: SchedulerHook = {
    plays: false,
    perform: performNow,
    wait: (words, index, value, timeout) => this.released(() => wait(words, index, value, timeout)),
    allocate: newBuffer,
    beginWait() {},
  }
}
