/**
 * Dynamic partial order reduction: every order that can make a difference, and few others.
 *
 * Two steps that do not touch the same cells can be done in either order with the same outcome. So a schedule is run, and
 * wherever two steps of different threads met in one cell and might have come the other way round, a schedule in which
 * they do is put down to be tried (Flanagan and Godefroid 2005). Whom to run first there is chosen by source sets (Abdulla,
 * Aronis, Jonsson, Sagonas 2014); without them states were missed in 3 of 400 random programs. Sleep sets (Godefroid 1996)
 * leave out what would only repeat a schedule that was tried.
 *
 * A step that could not be done before another one was, such as an acquire before the release, has not met it in this
 * sense: the other order does not exist. There one looks further back, to what had made it wait.
 */
import type { Footprint } from './footprint.ts'
import { type Blocked, goesOn, has, lowest, REDUNDANT, type Situation, type Strategy } from './strategy.ts'

/** What was decided at a step, kept from schedule to schedule. */
interface Choice {
  readonly enabled: number
  /** Threads whose next step was tried in another branch, and met nothing since. */
  readonly sleep: number
  chosen: number
  done: number
  /** Threads to be tried here. */
  wanted: number
}

/** A step of this schedule. */
interface Taken {
  readonly thread: number
  readonly footprint: Footprint
  /** How many steps of the schedule, up to the last that came before this one in every order, thread by thread. */
  readonly clock: Int32Array
}

export class Dpor implements Strategy {
  readonly #path: Choice[] = []
  #steps: Taken[] = []
  #clocks: Int32Array[] = []
  #sleep = 0
  #last = -1
  #situation: Situation | undefined
  /** The step number of each thread's last step, plus 1. */
  #moved: number[] = []
  /** Schedules that were given up because they repeated another. */
  redundant = 0

  begin(threads: number): void {
    this.#steps = []
    this.#clocks = Array.from({ length: threads }, () => new Int32Array(threads))
    this.#moved = Array<number>(threads).fill(0)
    this.#sleep = 0
    this.#last = -1
  }

  choose(situation: Situation): number {
    this.#situation = situation
    const { enabled } = situation
    const known = this.#path[this.#steps.length]
    if (known !== undefined) return known.chosen
    const awake = enabled & ~this.#sleep
    if (awake === 0) return REDUNDANT
    const chosen = goesOn(awake, this.#last)
    this.#path.push({ enabled, sleep: this.#sleep, chosen, done: 0, wanted: 1 << chosen })
    return chosen
  }

  performed(thread: number, footprint: Footprint): void {
    this.#meet(thread, footprint)
    const { sleep, done } = this.#path[this.#steps.length]!
    this.#sleep = 0
    for (let left = (sleep | done) & ~(1 << thread); left !== 0; left &= left - 1) {
      const sleeper = lowest(left)
      const its = this.#situation!.footprintOf(sleeper)
      if (its !== undefined && !its.conflicts(footprint)) this.#sleep |= 1 << sleeper
    }
    const clock = this.#clocks[thread]!
    for (const step of this.#steps) if (step.footprint.conflicts(footprint)) join(clock, step.clock)
    clock[thread] = this.#steps.length + 1
    this.#steps.push({ thread, footprint, clock: Int32Array.from(clock) })
    this.#moved[thread] = this.#steps.length
    this.#last = thread
  }

  end(blocked: readonly Blocked[]): boolean {
    for (const { thread, footprint } of blocked) this.#meet(thread, footprint)
    if (this.#path.length > this.#steps.length) this.#path.length = this.#steps.length
    for (let choice = this.#path.at(-1); choice !== undefined; choice = this.#path.at(-1)) {
      choice.done |= 1 << choice.chosen
      const left = choice.wanted & ~choice.done & ~choice.sleep & choice.enabled
      if (left !== 0) {
        choice.chosen = lowest(left)
        return true
      }
      this.#path.pop()
    }
    return false
  }

  /** Looks back from a step that is about to be taken, or waits: which steps might have come after it? */
  #meet(thread: number, footprint: Footprint): void {
    const clock = this.#clocks[thread]!
    // What came before a step that was found is dealt with when that one has come the other way round.
    const covered = new Int32Array(clock.length)
    for (let index = this.#steps.length - 1; index >= 0; index--) {
      const step = this.#steps[index]!
      if (step.thread === thread || clock[step.thread]! > index || covered[step.thread]! > index) continue
      if (!step.footprint.conflicts(footprint)) continue
      const stoodThere = this.#moved[thread]! <= index
      if (stoodThere && !has(this.#path[index]!.enabled, thread)) continue
      join(covered, step.clock)
      this.#want(index, thread, footprint)
    }
  }

  /** Sees to it that at `index` somebody is tried with whom `thread` can come before the step there. */
  #want(index: number, thread: number, footprint: Footprint): void {
    const clock = this.#clocks[thread]!
    const owner = this.#steps[index]!.thread
    const choice = this.#path[index]!
    // The steps since that do not depend on it, and who could take the first of them.
    const since: { readonly step: Taken; readonly index: number }[] = []
    let seen = 0
    let first = 0
    for (let later = index + 1; later < this.#steps.length; later++) {
      const step = this.#steps[later]!
      if (step.clock[owner]! > index) continue
      if (!has(seen, step.thread)) {
        seen |= 1 << step.thread
        if (!since.some(each => step.clock[each.step.thread]! > each.index)) first |= 1 << step.thread
      }
      since.push({ step, index: later })
    }
    if (!has(seen, thread)) {
      const depends = since.some(
        each => clock[each.step.thread]! > each.index || each.step.footprint.conflicts(footprint),
      )
      if (!depends) first |= 1 << thread
    }
    first &= choice.enabled
    if (first === 0) choice.wanted |= choice.enabled
    else if ((first & choice.wanted) === 0) choice.wanted |= has(first, thread) ? 1 << thread : first & -first
  }
}

function join(clock: Int32Array, other: Int32Array): void {
  for (let thread = 0; thread < clock.length; thread++)
    if (other[thread]! > clock[thread]!) clock[thread] = other[thread]!
}
