/**
 * The wait queue of a primitive, as one thread sees it: its tasks in the order in which they asked, and, once the
 * primitive is shared, its place among the threads that wait.
 *
 * What a waiter waits for is an *attempt*: a function that takes what it wants if it can, and returns undefined if it
 * cannot. That is the whole algorithm of a primitive, written once. This file drives it: on the event loop for `await`,
 * in a loop that sleeps for a thread that blocks. (trio's ParkingLot is the model of the first, futexes of the second.)
 *
 * Tasks of one thread are served strictly in order: a newcomer never passes them. Between threads whoever comes first
 * takes, which is what makes an uncontended lock cheap, with two courtesies: after some turns in one thread the others
 * are called before it goes on, and a thread that has waited too long reserves the next turn.
 */
import { DeadlockError } from '../errors.ts'
import { alarm, now } from '../limits/clock.ts'
import { onInterruption, throwIfInterrupted } from '../limits/interruption.ts'
import { currentScope } from '../limits/scope.ts'
import { beginWait, isScheduled, load } from '../memory/atomics.ts'
import {
  callCount,
  firstNap,
  hasOthers,
  listen,
  longerNap,
  sleep,
  unlisten,
  whileBlocked,
} from '../memory/parking-lot.ts'
import { callAll, callOne, callThread, delist, enlist, type Thing, WAITERS } from '../memory/waiting-mask.ts'
import { type Held, lockWaitBegins } from './circles.ts'
import type { SharedState } from './handles.ts'
import { type BlockOptions, checkBlock, checkWait, type WaitOptions } from './options.ts'
import { callerHere } from './ownership.ts'
import { Patience } from './patience.ts'
import { makeWaiter, settleLate, type Waiter, WaiterList } from './waiter-list.ts'
import { type Awaited, waitBegins, waitEnds } from './waiters.ts'

/** Takes what is wanted, or returns undefined. May throw, which ends the wait with that error. */
export type Attempt<T> = () => T | undefined

/** What a wait comes to when its time is up: a value, or an error that it throws. */
export type Late<T> = (timeout: number) => T

/** For a wait that nothing ends but its success, not even the scope: to take back what has to be held when it goes on. */
export const FIRM: WaitOptions = Object.freeze({})

/** After so many turns within one thread, the threads that wait are called before its own tasks. */
const TURNS = 16
/** How long, in ms, the others have to come before its own tasks go on. */
const COURTESY = 1

export class WaitQueue implements Thing, Awaited {
  readonly label: string
  readonly look: () => string
  readonly number: number
  readonly words: Int32Array
  /** Whether other threads may have the primitive too. */
  shared: boolean
  readonly patience: Patience
  readonly #tasks = new WaiterList()
  /** Whether there is something to be had now. If not, whoever gives it has to see that threads wait. */
  readonly #available: () => boolean
  #turns = 0

  /** The lock for which one waits here, if it is one. */
  readonly #lock: Held | undefined

  /** `label` says what it is, such as `Lock "db"`; `look`, what state it is in. Both are for people. */
  constructor(
    state: SharedState,
    available: () => boolean,
    label: string = 'shared thing',
    look = (): string => '',
    lock?: Held,
  ) {
    this.#lock = lock
    this.label = label
    this.look = look
    this.number = state.number
    this.words = state.words
    this.shared = state.shared || isScheduled()
    this.patience = new Patience(this)
    this.#available = available
  }

  /** How many tasks of this thread wait. */
  get length(): number {
    return this.#tasks.length
  }

  /** Others get it too. From now on those who wait here can be called from other threads. */
  share(): void {
    if (this.shared) return
    this.shared = true
    if (this.length > 0) this.#enlist()
  }

  /** Awaits an attempt that succeeds. */
  wait<T>(attempt: Attempt<T>, options: WaitOptions | undefined, late: Late<T>): Promise<T> {
    let timeout = Infinity
    const signal = options?.signal
    try {
      if (options !== undefined) timeout = checkWait(options).timeout
      if (options !== FIRM) throwIfInterrupted(signal)
      if (this.length === 0) {
        const taken = attempt()
        if (taken !== undefined) return Promise.resolve(taken)
      }
      if (timeout === 0) return Promise.resolve(late(0))
    } catch (error) {
      return rejection(error as Error)
    }
    return new Promise((resolve, reject) => {
      const waiter = makeWaiter(attempt, resolve, reject)
      const leave = (settle: () => void): void => {
        this.#remove(waiter)
        settle()
        // What the one at the head could not take, the next one may, here or elsewhere.
        if (this.#tasks.first !== undefined) this.#serve()
        else this.#left()
        this.#offer()
      }
      const fail = (reason: unknown): void => leave(() => waiter.reject(reason))
      if (options !== FIRM) {
        waiter.settle = onInterruption(timeout, signal, () => leave(() => settleLate(waiter, late, timeout)), fail)
      }
      this.#append(waiter)
      if (this.#lock !== undefined) {
        const ends = timeout !== Infinity || signal !== undefined || currentScope()?.isLimited === true
        lockWaitBegins({ lock: this.#lock, caller: callerHere(), ends, firm: options === FIRM, fail }, waiter)
      }
      // It may have ended at once, as it closes a circle.
      if (!this.shared || this.length === 0) return
      this.#enlist()
      // Whoever gave called this thread only, and there may be more to have than was wanted here.
      if (this.#tasks.first === undefined) this.#offer()
    })
  }

  /** Blocks this thread until an attempt succeeds. `holder`: the identity of the thread that has it, or 0. */
  block<T>(attempt: Attempt<T>, options: BlockOptions | undefined, late: Late<T>, holder: () => number): T {
    const timeout = options === undefined ? Infinity : checkBlock(options).timeout
    beginWait(false)
    const first = attempt()
    if (first !== undefined) return first
    if (timeout === 0) return late(0)
    const deadline = now() + timeout
    const taken = whileBlocked(this, holder(), () => {
      try {
        return this.#sleepUntil(attempt, deadline)
      } finally {
        this.patience.rest()
        if (this.length > 0) enlist(this)
        else delist(this)
        // What is left, or came too late, is for another: this thread may have been called for it.
        this.#offer()
      }
    })
    return taken === undefined ? late(timeout) : taken
  }

  #sleepUntil<T>(attempt: Attempt<T>, deadline: number): T | undefined {
    let nap = firstNap()
    let called = false
    for (;;) {
      const count = callCount()
      enlist(this)
      const taken = attempt()
      if (taken !== undefined) return taken
      const left = deadline - now()
      if (left <= 0) return undefined
      // Asked each time, as the end of the last other thread wakes this one.
      if (left === Infinity && !this.hopeful) {
        throw new DeadlockError(`no other thread has the ${this.label}: to block for it would never end`)
      }
      if (this.#available()) this.#callNext()
      sleep(count, Math.min(left, nap, called ? this.patience.inVain() : Infinity))
      called = callCount() !== count
      nap = called ? firstNap() : longerNap(nap)
    }
  }

  /** Something was given: serves the tasks of this thread, then calls another thread if there is something left. */
  wake(): void {
    if (load(this.words, WAITERS) === 0) {
      if (this.#tasks.first !== undefined) this.#serve()
    } else this.#wakeAmongThreads()
  }

  /** What was given is for all. */
  wakeAll(): void {
    if (this.#tasks.first !== undefined) this.#serve()
    if (load(this.words, WAITERS) !== 0) callAll(this)
  }

  /** Whether another thread could still give something. */
  get hopeful(): boolean {
    return this.shared && hasOthers()
  }

  /** Ends the waits of this thread's tasks with an error. */
  fail(error: Error): void {
    for (let waiter = this.#tasks.first; waiter !== undefined; waiter = this.#tasks.first) {
      this.#remove(waiter)
      waiter.reject(error)
    }
    this.#left()
    this.#offer()
  }

  called(unasked: boolean): void {
    this.#serve()
    if (this.#tasks.first !== undefined) {
      const limit = unasked ? Infinity : this.patience.inVain()
      if (limit !== Infinity) alarm(limit, () => this.called(true))
      this.#enlist()
    }
    this.#offer()
  }

  handOn(): void {
    if (this.#tasks.first !== undefined) enlist(this)
    this.#offer()
  }

  #wakeAmongThreads(): void {
    if (this.#tasks.first !== undefined && ++this.#turns > TURNS) {
      this.#turns = 0
      if (this.#callNext()) {
        // They may be too busy to come. Nothing may stay free for which somebody waits.
        alarm(COURTESY, () => this.called(true))
        return
      }
    }
    this.#serve()
    this.#offer()
  }

  /** Lets the tasks try, the one that asked first before the others, as long as they succeed. */
  #serve(): void {
    for (let waiter = this.#tasks.first; waiter !== undefined; waiter = this.#tasks.first) {
      let taken
      try {
        taken = waiter.attempt()
        if (taken === undefined) return
      } catch (error) {
        this.#remove(waiter)
        waiter.reject(error)
        if (this.#tasks.first === undefined) this.#left()
        continue
      }
      this.#remove(waiter)
      waiter.resolve(taken as never)
      this.patience.rest()
      if (this.#tasks.first === undefined) this.#left()
    }
  }

  /** Calls another thread if there is something that it may take. Whoever was called, or might have been, does so. */
  #offer(): void {
    if (load(this.words, WAITERS) !== 0 && this.#available()) this.#callNext()
  }

  /** Returns whether there was one that can run. */
  #callNext(): boolean {
    const reserver = this.patience.reserver()
    if (reserver === 0) return callOne(this)
    callThread(this, reserver)
    return true
  }

  #append(waiter: Waiter): void {
    this.#tasks.append(waiter)
    if (this.length === 1) waitBegins(this)
  }

  #remove(waiter: Waiter): void {
    this.#tasks.remove(waiter)
    if (this.length === 0) waitEnds(this)
    waiter.settle()
  }

  #enlist(): void {
    listen(this)
    enlist(this)
    // What was given before this thread enlisted told it to nobody.
    this.#serve()
  }

  /** No task of this thread waits any more. */
  #left(): void {
    if (!this.shared) return
    this.patience.rest()
    unlisten(this)
    delist(this)
  }
}

function rejection(reason: Error): Promise<never> {
  return Promise.reject(reason)
}
