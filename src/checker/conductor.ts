/**
 * The conductor of synchronous threads: leads a schedule from its beginning to its end, step by step, whoever plays the
 * threads. It keeps what each of them is about to do, asks the strategy who is next, and says what was wrong in the end.
 */
import type { Course, Engine, TakenStep } from './course.ts'
import { CourseFailure, type Failure, failureOf } from './failure.ts'
import type { Footprint } from './footprint.ts'
import type { LogicalThread, Pending } from './logical-thread.ts'
import { Races } from './races.ts'
import type { Scenery } from './scenery.ts'
import { SUSPEND } from './stepper.ts'
import { REDUNDANT, type Situation, type Strategy } from './strategy.ts'
import { deadlockOf, livelockOf, raceOf } from './verdicts.ts'

/** Nobody was chosen: the thread that ran has ended, or cannot go on. */
const UNDECIDED = -2
const NOBODY = -3

export interface EngineOptions {
  /** What one step is: an operation of a primitive, or of the atomics that it is made of. */
  readonly steps: 'operations' | 'atomics'
  /** Steps after which a schedule is said to go on for ever. */
  readonly maxSteps: number
}

/** What the stage needs of whoever directs: to be told that a thread has come to a new step. */
export interface Director {
  /** May the thread take its step, or does it have to stop? */
  mayGoOn(thread: LogicalThread): boolean
  /** The others are to look what they would do now. */
  refresh(): void
  performed(thread: LogicalThread, footprint: Footprint, text: string): void
  readonly races: Races
  /** Whether texts are wanted. */
  readonly isRecorded: boolean
}

/** Plays threads, each up to where it may not go on. */
export interface Player {
  /** A schedule begins: everything is as it was in the beginning. */
  open(): void
  close(): void
  /** Runs a thread up to its next step, or further. Throws SUSPEND where it stops, and what the thread throws. */
  play(thread: LogicalThread): void
  /** Plays another thread in the middle of one. */
  aside(f: () => void): void
  /** Wakes a thread that sleeps. Returns false if it does not. */
  wake(thread: LogicalThread): boolean
}

export class Conductor implements Engine, Director, Situation {
  readonly #scenery: Scenery
  readonly #options: EngineOptions
  readonly #stage: Player
  #strategy!: Strategy
  races!: Races
  #schedule: number[] = []
  #steps: TakenStep[] = []
  #isRecorded = false
  /** The thread that is run. */
  #running: LogicalThread | undefined
  /** It is run only to see what it would do. */
  #isProbe = false
  /** It was chosen before it was run, so its next step is to be taken. */
  #isChosen = false
  #next = UNDECIDED
  enabled = 0
  late = 0

  constructor(scenery: Scenery, options: EngineOptions, playerFor: (director: Director) => Player) {
    this.#options = options
    this.#scenery = scenery
    this.#stage = playerFor(this)
  }

  run(strategy: Strategy, recorded: boolean): Course {
    const stage = this.#stage
    this.#strategy = strategy
    this.#schedule = []
    this.#steps = []
    this.#isRecorded = recorded
    stage.open()
    try {
      return this.#runOnce(recorded)
    } finally {
      stage.close()
    }
  }

  close(): void {}

  footprintOf(thread: number): Footprint | undefined {
    return this.#threads[thread]!.pending?.footprint
  }

  get isRecorded(): boolean {
    return this.#isRecorded
  }

  get #threads(): readonly LogicalThread[] {
    return this.#scenery.threads
  }

  #runOnce(recorded: boolean): Course {
    const threads = this.#threads
    this.races = new Races(threads.length)
    this.#strategy.begin(threads.length)
    let failure: Failure | undefined
    let outcome: unknown
    let isRedundant = false
    try {
      for (const thread of threads) this.#execute(thread, true)
      let next = UNDECIDED
      for (;;) {
        if (next === UNDECIDED) {
          this.refresh()
          next = this.#choose()
        }
        if (next < 0) break
        next = this.#perform(threads[next]!)
      }
      isRedundant = next === REDUNDANT
      if (next === NOBODY) {
        failure = deadlockOf(threads)
        if (failure !== undefined && recorded) this.#recordWaits()
        if (failure === undefined) outcome = this.#scenery.check()
      }
    } catch (error) {
      failure = failureOf(error, this.#running?.name ?? 'check')
    }
    this.#running = undefined
    const blocked = threads.flatMap(({ number, pending }) =>
      pending === undefined || pending.enabled ? [] : [{ thread: number, footprint: pending.footprint }],
    )
    const hasMore = this.#strategy.end(blocked)
    const { found } = this.races
    return {
      names: threads.map(({ name }) => name),
      schedule: this.#schedule,
      failure,
      race: found === undefined ? undefined : raceOf(found, threads, cell => this.#scenery.nameOfCell(cell)),
      isRedundant,
      outcome,
      steps: this.#steps,
      hasMore,
    }
  }

  /** Those who wait for ever have taken no step for it, but it is what one wants to see. */
  #recordWaits(): void {
    for (const { number, pending, isDone } of this.#threads) {
      if (!isDone) this.#steps.push({ thread: number, text: `${pending?.text ?? ''} … waits` })
    }
  }

  /** Takes the step of a thread that has been chosen, and runs it on. Returns who is next. */
  #perform(thread: LogicalThread): number {
    this.#next = UNDECIDED
    const woken = this.#stage.wake(thread)
    this.#execute(thread, false, !woken)
    return this.#next
  }

  /** Runs the body from its beginning to its next step, or further. */
  #execute(thread: LogicalThread, isProbe: boolean, isChosen = false): void {
    const outer = { running: this.#running, isProbe: this.#isProbe, isChosen: this.#isChosen }
    this.#running = thread
    this.#isProbe = isProbe
    this.#isChosen = isChosen
    thread.isStale = false
    try {
      this.#stage.play(thread)
    } catch (error) {
      if (error !== SUSPEND) throw error
    }
    this.#running = outer.running
    this.#isProbe = outer.isProbe
    this.#isChosen = outer.isChosen
  }

  refresh(): void {
    if (this.#isProbe || this.#isChosen) return
    for (const thread of this.#threads) {
      if (thread.isStale && thread !== this.#running) this.#stage.aside(() => this.#execute(thread, true))
    }
  }

  mayGoOn(thread: LogicalThread): boolean {
    if (this.#isProbe) return false
    if (this.#isChosen) {
      this.#isChosen = false
      if (thread.pending?.enabled === true) return true
      throw new CourseFailure({ kind: 'nondeterminism', message: `${thread.name} waits where it did not wait before` })
    }
    const next = this.#choose()
    if (next === thread.number) return true
    this.#next = next
    return false
  }

  performed(thread: LogicalThread, footprint: Footprint, text: string): void {
    this.#strategy.performed(thread.number, footprint)
    this.#schedule.push(thread.number)
    if (this.#isRecorded) this.#steps.push({ thread: thread.number, text })
    let changed = false
    for (const other of this.#threads) {
      const { pending } = other
      if (pending === undefined || other === thread || pending.isFixed) continue
      if (footprint.changes(pending.footprint)) other.isStale = true
    }
    for (const word of footprint.writes) if (word !== 0) changed = true
    if (changed) for (const other of this.#threads) other.idle = 0
    else thread.idle++
  }

  /** Who takes the next step; NOBODY if nobody can. */
  #choose(): number {
    if (this.#schedule.length >= this.#options.maxSteps) {
      throw new CourseFailure(livelockOf(this.#threads, this.#options.maxSteps))
    }
    let enabled = 0
    let late = 0
    let spinning = 0
    for (const { number, pending, spins } of this.#threads) {
      if (!isEnabled(pending)) continue
      if (spins) spinning |= 1 << number
      else enabled |= 1 << number
      if (pending.isLate) late |= 1 << number
    }
    // A loop that looks only for so long comes to its end like this, and one that does not to the limit.
    if (enabled === 0) enabled = spinning
    if (enabled === 0) return NOBODY
    this.enabled = enabled
    this.late = late & enabled
    return this.#strategy.choose(this)
  }
}

function isEnabled(pending: Pending | undefined): pending is Pending {
  return pending !== undefined && pending.enabled
}
