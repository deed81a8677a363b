/**
 * The round of a barrier: how many parties have come, and whether they may go.
 *
 *   filling ──the last one comes──▶ acting ──▶ draining ──all have gone──▶ filling
 *      │                              │            │
 *      ├── reset ─────────────────────┴────────────┴──▶ resetting ──all have gone──▶ filling
 *      └── a party's time is up, its thread ends, abort, the action throws ──▶ broken ──reset──▶ …
 *
 * As Python's, which has the same states under a lock. Here each change is a few plain steps in a mutex, so that `reset`
 * and `abort` need not wait, and so that a waiter goes in the very step in which it sees that it may.
 */
import { BrokenBarrierError } from '../errors.ts'
import { load, store } from '../memory/atomics.ts'
import { isAlive, ownIdentity, threadName } from '../memory/thread-table.ts'
import { Attendance, ATTENDANCE_WORDS, type Loss } from './attendance.ts'
import type { ThreadRecords } from './thread-records.ts'

const PHASE = 0
/** Counts the rounds that ended, one way or another. */
const ROUND = 1
/** Who runs the action. */
const ACTOR = 2
/** Why it is broken, and which thread was the cause. */
const CAUSE = 3
const CULPRIT = 4
const ATTENDANCE = 5
/** The words of shared memory that it takes. */
export const ROUND_WORDS: number = ATTENDANCE + ATTENDANCE_WORDS

const FILLING = 0
const ACTING = 1
const DRAINING = 2
const RESETTING = 3
const BROKEN = 4

/** Why a barrier is broken. */
const ABORTED = 0
const LATE = 1
const ACTION = 2
const DIED = 3
const causes = ['was aborted', 'was left by a party whose time was up', 'has an action that threw'] as const

/** A party that has come. */
export interface Arrival {
  /** Whether it is inside and waits for others, runs the action, or has let the others go. */
  readonly as: 'waiter' | 'actor' | 'last'
  /** The number of its round. */
  readonly round: number
}

/** A party that goes: with its index, or with what it throws. */
export type Departure = { readonly index: number } | { readonly error: BrokenBarrierError }

export interface RoundOptions {
  readonly words: Int32Array
  readonly records: ThreadRecords
  /** The number of the mutex. */
  readonly mutex: number
  readonly parties: number
  readonly hasAction: boolean
  /** Such as `Barrier "start"`. */
  readonly label: string
}

export class Round {
  /** Something has changed for those who wait inside; for those who wait at the gate. The barrier tells them. */
  stirsInside = false
  stirsGate = false
  readonly #words: Int32Array
  /** Who is inside: all who have come and not gone, but for the last one, which has no reason to wait. */
  readonly #attendance: Attendance
  readonly #parties: number
  readonly #hasAction: boolean
  readonly #label: string

  constructor({ words, records, mutex, parties, hasAction, label }: RoundOptions) {
    this.#words = words
    this.#attendance = new Attendance(words.subarray(ATTENDANCE), mutex, records, loss => this.#lost(loss))
    this.#parties = parties
    this.#hasAction = hasAction
    this.#label = label
  }

  /** A party comes; undefined if it has to wait for the round before. Throws BrokenBarrierError. */
  readonly arrive = (): Arrival | undefined =>
    this.#attendance.alone(() => {
      const phase = this.#get(PHASE)
      if (phase === BROKEN) throw this.#brokenError()
      if (phase !== FILLING) return undefined
      const round = this.#get(ROUND)
      if (this.#attendance.count + 1 < this.#parties) {
        this.#change(1)
        return { as: 'waiter', round }
      }
      if (this.#hasAction) {
        this.#set(ACTOR, ownIdentity())
        this.#set(PHASE, ACTING)
        return { as: 'actor', round }
      }
      this.#end(DRAINING)
      return { as: 'last', round }
    })

  /** The action of that round has been run. Throws BrokenBarrierError if the round has ended meanwhile. */
  acted(round: number): void {
    this.#attendance.alone(() => {
      if (this.#get(ROUND) === round) this.#end(DRAINING)
      else throw this.#get(PHASE) === BROKEN ? this.#brokenError() : this.#resetError()
    })
  }

  /** The action of that round has thrown. */
  failed(round: number): void {
    this.#attendance.alone(() => {
      if (this.#get(ROUND) === round) this.#break(ACTION, ownIdentity())
    })
  }

  /** A party that is inside goes, if it may. */
  depart(): Departure | undefined {
    const phase = this.#get(PHASE)
    if ((phase === FILLING || phase === ACTING) && this.#attendance.isUpToDate) return undefined
    return this.#attendance.alone(() => this.#depart())
  }

  /** The time of a party that is inside is up. It goes, and if it could not have gone of itself, the round is spoiled. */
  giveUp(why: () => BrokenBarrierError): Departure {
    return this.#attendance.alone(() => {
      const departure = this.#depart()
      if (departure !== undefined) return departure
      this.#break(LATE, ownIdentity())
      this.#change(-1)
      return { error: why() }
    })
  }

  /** A party that is inside goes, whether it may or not. The others wait on, for one more. */
  withdraw(): void {
    this.#attendance.alone(() => this.#change(-1))
  }

  abort(): void {
    this.#attendance.alone(() => this.#break(ABORTED, ownIdentity()))
  }

  reset(): void {
    this.#attendance.alone(() => {
      const phase = this.#get(PHASE)
      if (phase === RESETTING || (phase === FILLING && this.#attendance.count === 0)) return
      this.#end(RESETTING)
    })
  }

  /** How many wait for the round to be completed. */
  get waiting(): number {
    this.#lookAround()
    return this.#get(PHASE) === FILLING ? this.#attendance.count : 0
  }

  get broken(): boolean {
    this.#lookAround()
    return this.#get(PHASE) === BROKEN
  }

  #lookAround(): void {
    if (!this.#attendance.isUpToDate) this.#attendance.alone(() => {})
  }

  #depart(): Departure | undefined {
    const phase = this.#get(PHASE)
    if (phase === FILLING || phase === ACTING) return undefined
    const index = this.#parties - 1 - this.#attendance.count
    this.#change(-1)
    if (phase === DRAINING) return { index }
    return { error: phase === BROKEN ? this.#brokenError() : this.#resetError() }
  }

  /** Threads have ended. In a round that was complete it does no harm that a party did: it had come. */
  #lost({ who, halfway }: Loss): void {
    const phase = this.#get(PHASE)
    const actor = this.#get(ACTOR)
    if (halfway || (phase === FILLING && who !== 0)) this.#break(DIED, who)
    else if (phase === ACTING && !isAlive(actor)) this.#break(DIED, actor)
    else this.#openIfEmpty()
  }

  #change(by: 1 | -1): void {
    this.#attendance.change(by)
    this.#openIfEmpty()
  }

  #break(cause: number, culprit: number): void {
    if (this.#get(PHASE) === BROKEN) return
    this.#set(CAUSE, cause)
    this.#set(CULPRIT, culprit)
    this.#end(BROKEN)
  }

  /** The round is over: nobody is to come any more, and those who have come are to go. */
  #end(phase: number): void {
    this.#set(ROUND, (this.#get(ROUND) + 1) | 0)
    this.#set(PHASE, phase)
    this.stirsInside = true
    // Who waits at the gate of a barrier that breaks is told too.
    this.stirsGate = true
    this.#openIfEmpty()
  }

  /** The last one out opens the gate. */
  #openIfEmpty(): void {
    const phase = this.#get(PHASE)
    if ((phase !== DRAINING && phase !== RESETTING) || this.#attendance.count > 0) return
    this.#set(PHASE, FILLING)
    this.stirsGate = true
  }

  #brokenError(): BrokenBarrierError {
    const cause = this.#get(CAUSE)
    const culprit = this.#get(CULPRIT)
    if (cause !== DIED) return new BrokenBarrierError(`the ${this.#label} is broken: it ${causes[cause]}`)
    const thread = culprit === 0 ? 'a thread' : `thread ${JSON.stringify(threadName(culprit))}`
    return new BrokenBarrierError(`the ${this.#label} is broken: ${thread} ended as one of its parties`)
  }

  #resetError(): BrokenBarrierError {
    return new BrokenBarrierError(`the ${this.#label} was reset while this party waited`)
  }

  #get(word: number): number {
    return load(this.#words, word)
  }

  #set(word: number, value: number): void {
    store(this.#words, word, value)
  }
}
