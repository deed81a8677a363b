/**
 * Barrier: a number of parties wait for one another, round after round, as with Python's.
 *
 * Who comes first waits inside, until the last one comes; who comes again before all of a round have gone waits at the
 * gate. The states are in {@link file://./barrier-round.ts}; here are the two waits.
 */
import { BrokenBarrierError, TimeoutError } from '../errors.ts'
import type { SentWords } from '../memory/neighbour-words.ts'
import { nextThing } from '../memory/thread-table.ts'
import { describe, isThenable } from '../options/describe.ts'
import { checkOptions, duration, ofType } from '../options/option-rules.ts'
import { ATTENDANCE_RECORD } from './attendance.ts'
import { type Arrival, type Departure, Round, ROUND_WORDS } from './barrier-round.ts'
import { Handles, type SharedState } from './handles.ts'
import { label, summary } from './inspect.ts'
import type { BlockOptions, PrimitiveOptions, WaitOptions } from './options.ts'
import { STATE_WORDS } from './patience.ts'
import { awaitSteps, blockSteps, step, type Steps } from './steps.ts'
import { ThreadRecords } from './thread-records.ts'
import { WaitQueue } from './wait-queue.ts'

/* A barrier's words: those of the queue inside, of the queue at the gate, and of the round. */
const GATE = STATE_WORDS
const ROUND = GATE + STATE_WORDS
const WORDS = ROUND + ROUND_WORDS

export interface BarrierOptions extends PrimitiveOptions {
  /**
   * Called once a round by the party that comes last, in its thread, before anybody is let go. It goes where the barrier
   * is sent, by the same rules as any function, and is a copy there. It must not wait: what it returns is ignored, but
   * a promise is an error. If it throws, that party gets the error, and the barrier is broken.
   */
  readonly action?: (() => unknown) | undefined
  /** In ms, for every `wait` that is given none. Missing or Infinity waits for ever. */
  readonly timeout?: number | undefined
}

export interface BarrierStatistics {
  readonly parties: number
  /** How many wait for the round to be completed, in all threads. */
  readonly waiting: number
  /** How many tasks of this thread wait, inside or for the round before to drain. */
  readonly waiters: number
  readonly broken: boolean
}

/** What crosses to another thread. */
interface Extra {
  readonly parties: number
  readonly options: BarrierOptions
  readonly records: SentWords
  /** The numbers of the gate and of the mutex. */
  readonly gate: number
  readonly mutex: number
}

const handles = new Handles<Barrier>('Barrier', (state, extra) => {
  const { parties, options, ...rest } = extra as Extra
  return new Barrier(parties, options, state, rest)
})

const rules = { name: ofType('string', 'a string'), action: ofType('function', 'a function'), timeout: duration }

export class Barrier {
  static {
    handles.furnish(Barrier, {
      send(barrier) {
        const { number, words } = barrier.#state
        barrier.#inside.share()
        barrier.#gate.share()
        const { parties } = barrier
        const records = barrier.#records.share()
        const extra = { ...barrier.#numbers, parties, options: barrier.#options, records } satisfies Extra
        return { number, words, extra }
      },
      look(barrier) {
        return summary('Barrier', barrier.name, barrier.#look())
      },
    })
  }

  /** How many have to come. */
  readonly parties: number
  readonly name: string
  readonly #options: BarrierOptions
  readonly #state: SharedState
  readonly #numbers: { readonly gate: number; readonly mutex: number }
  readonly #records: ThreadRecords
  readonly #round: Round
  readonly #inside: WaitQueue
  readonly #gate: WaitQueue

  /**
   * @param parties how many have to come, a whole number from 1
   * @param options `name` is for people
   * @throws RangeError or TypeError for numbers that cannot be, and for unknown options
   */
  constructor(parties: number, options?: BarrierOptions)
  /** @internal */
  constructor(parties: number, options: BarrierOptions, state: SharedState, sent: Omit<Extra, 'parties' | 'options'>)
  constructor(
    parties: number,
    options: BarrierOptions = {},
    state: SharedState = handles.make(WORDS),
    sent?: Omit<Extra, 'parties' | 'options'>,
  ) {
    this.parties = checkParties(parties)
    const { name = '', action, timeout } = checkOptions(options, rules, 'a Barrier')
    this.name = name
    this.#options = { name, action, timeout }
    this.#state = state
    const { gate, mutex } = sent ?? { gate: nextThing(), mutex: nextThing() }
    this.#numbers = { gate, mutex }
    this.#records = new ThreadRecords(ATTENDANCE_RECORD, sent?.records)
    const called = label('Barrier', name)
    const { words, shared } = state
    this.#round = new Round({
      words: words.subarray(ROUND),
      records: this.#records,
      mutex,
      parties,
      hasAction: action !== undefined,
      label: called,
    })
    const look = (): string => this.#look()
    this.#inside = new WaitQueue(state, nothingToHandOn, called, look)
    this.#gate = new WaitQueue({ number: gate, words: words.subarray(GATE), shared }, nothingToHandOn, called, look)
  }

  /**
   * Waits until all parties have come. Resolves to a number from 0 to `parties - 1`, another for each of them, so that one
   * can be chosen to do what is left to do; the last to come gets the highest.
   *
   * Rejects with BrokenBarrierError if the barrier is broken or is reset meanwhile. If its time is up, in ms, before all
   * have come, this party breaks the barrier for all. (While others still leave the round before, it is not one of the
   * parties yet: then it gets a TimeoutError, and nothing is broken.) If `signal` aborts, it rejects with the
   * reason; the others wait on, for one party more.
   */
  wait(options?: WaitOptions): Promise<number> {
    return awaitSteps(this.#wait(), withTimeout(options, this.#options.timeout))
  }

  /** As `wait`, but blocks this thread. Throws DeadlockError if there is no time limit and no other thread that could come. */
  waitSync(options?: BlockOptions): number {
    return blockSteps(this.#wait(), withTimeout(options, this.#options.timeout))
  }

  /** Makes it as new. Those who wait for a round to be completed, or have not left one yet, get a BrokenBarrierError. */
  reset(): void {
    this.#round.reset()
    this.#tell()
  }

  /** Breaks it: all who wait get a BrokenBarrierError, and so does whoever comes, until it is reset. */
  abort(): void {
    this.#round.abort()
    this.#tell()
  }

  /** How many wait for the round to be completed. */
  get nWaiting(): number {
    const { waiting: count } = this.#round
    this.#tell()
    return count
  }

  /** Whether it is broken: it was aborted, a party was late, its action threw, or a thread ended while it waited. */
  get broken(): boolean {
    const { broken } = this.#round
    this.#tell()
    return broken
  }

  statistics(): BarrierStatistics {
    const { parties, nWaiting, broken } = this
    return Object.freeze({ parties, waiting: nWaiting, waiters: this.#inside.length + this.#gate.length, broken })
  }

  *#wait(): Steps<number> {
    try {
      const arrival = (this.#gate.length === 0 ? this.#round.arrive() : undefined) ?? (yield* this.#waitAtGate())
      if (arrival.as === 'waiter') return yield* this.#waitInside()
      if (arrival.as === 'actor') this.#act(arrival.round)
      return this.parties - 1
    } finally {
      this.#tell()
    }
  }

  #waitAtGate(): Steps<Arrival> {
    const late = (timeout: number): never => {
      throw new TimeoutError(`the ${this.#gate.label} was still being left by the round before after ${timeout} ms`)
    }
    return step({ queue: this.#gate, attempt: this.#round.arrive, late, holder: nobody })
  }

  *#waitInside(): Steps<number> {
    const round = this.#round
    let isInside = true
    const goWith = (departure: Departure): number => {
      isInside = false
      if ('error' in departure) throw departure.error
      return departure.index
    }
    const attempt = (): number | undefined => {
      const departure = round.depart()
      return departure === undefined ? undefined : goWith(departure)
    }
    const late = (timeout: number): number => goWith(round.giveUp(() => this.#lateError(timeout)))
    try {
      return yield* step({ queue: this.#inside, attempt, late, holder: nobody })
    } catch (error) {
      if (isInside) round.withdraw()
      throw error
    }
  }

  #lateError(timeout: number): BrokenBarrierError {
    const cause = new TimeoutError(`not all ${this.parties} parties had come after ${timeout} ms`)
    return new BrokenBarrierError(`the ${this.#inside.label} is broken: ${cause.message}`, { cause })
  }

  /** Runs the action of the round. Those who wait are let go after it. */
  #act(round: number): void {
    try {
      const result = this.#options.action!()
      if (isThenable(result)) throw new TypeError('the action of a Barrier must not wait: it returned a promise')
    } catch (error) {
      this.#round.failed(round)
      throw error
    }
    this.#round.acted(round)
  }

  /**
   * Tells those who wait what has changed. Not in the attempts that change it: a queue that is being served must not be
   * served anew.
   */
  #tell(): void {
    const round = this.#round
    const { stirsInside, stirsGate } = round
    round.stirsInside = false
    round.stirsGate = false
    if (stirsInside) this.#inside.wakeAll()
    if (stirsGate) this.#gate.wakeAll()
  }

  #look(): string {
    const { broken, nWaiting, parties } = this
    return broken ? 'broken' : `${nWaiting} of ${parties} have come`
  }
}

function checkParties(parties: number): number {
  if (typeof parties !== 'number')
    throw new TypeError(`the parties of a Barrier must be a number, not ${describe(parties)}`)
  if (!Number.isInteger(parties) || parties < 1 || parties > 0x7fffffff) {
    throw new RangeError(`the parties of a Barrier must be a whole number from 1, not ${parties}`)
  }
  return parties
}

/** The options with a timeout if they have none. What is no options is left as it is, to be refused. */
function withTimeout<T extends BlockOptions>(options: T | undefined, timeout: number | undefined): T | undefined {
  if (timeout === undefined || (options !== undefined && Object(options) !== options)) return options
  return { ...options, timeout: options?.timeout ?? timeout } as T
}

/** Who may go may go: nobody has to pass it on. */
function nothingToHandOn(): boolean {
  return false
}

/** Nobody holds what is waited for. */
function nobody(): number {
  return 0
}
