/**
 * A clock that a test holds in its hand. Whatever waits for time in this library waits by it, so that an hour passes in a
 * moment, and in the same order every time. (trio's autojumping MockClock is the model.)
 *
 * It jumps when nothing has happened for a few turns of the event loop: then all that goes on waits for time. What happens
 * outside, in threads or on the network, it does not see, and would overtake.
 */
import { type Clock, setClock } from '../limits/clock.ts'
import { countGivingWay } from '../task/sleep.ts'
import { settle, turn, TURNS_OF_REST } from './settle.ts'

interface Alarm {
  readonly at: number
  readonly ring: () => void
  off: boolean
}

export interface VirtualClockOptions {
  /** Whether it goes on by itself to the next alarm when everybody waits. True by default. */
  readonly autojump?: boolean | undefined
}

export class VirtualClock implements Clock, Disposable {
  readonly #before: Clock
  readonly #begin: number
  readonly #autojump: boolean
  #time: number
  /** By time, and those of one moment in the order in which they were set. */
  #alarms: Alarm[] = []
  #watching = false
  /** Grows with all that happens by this clock. */
  #events = 0

  /** Puts it in the place of the system's clock, until it is disposed of. */
  constructor({ autojump = true }: VirtualClockOptions = {}) {
    this.#before = setClock(this)
    // A whole number, so that times add up to whole numbers.
    this.#begin = Math.ceil(this.#before.now())
    this.#time = this.#begin
    this.#autojump = autojump
  }

  now(): number {
    return this.#time
  }

  /** How many ms have passed by it. */
  get elapsed(): number {
    return this.#time - this.#begin
  }

  alarm(milliseconds: number, ring: () => void): () => void {
    const alarm: Alarm = { at: this.#time + Math.max(0, milliseconds), ring, off: false }
    let index = this.#alarms.length
    while (index > 0 && this.#alarms[index - 1]!.at > alarm.at) index--
    this.#alarms.splice(index, 0, alarm)
    this.#events++
    if (this.#autojump) void this.#watch()
    return () => {
      alarm.off = true
      this.#events++
    }
  }

  /** Lets so many ms pass. Everybody who is woken on the way does what he has to do before it goes on. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#time + milliseconds
    await settle()
    for (let next = this.#next(); next !== undefined && next.at <= end; next = this.#next()) {
      this.#ring(next)
      await settle()
    }
    this.#time = end
  }

  [Symbol.dispose](): void {
    setClock(this.#before)
    this.#alarms = []
  }

  async #watch(): Promise<void> {
    if (this.#watching) return
    this.#watching = true
    try {
      let rest = 0
      let events = this.#events
      while (this.#next() !== undefined) {
        await turn()
        rest = events === this.#events && countGivingWay() === 0 ? rest + 1 : 0
        events = this.#events
        if (rest < TURNS_OF_REST) continue
        const next = this.#next()
        if (next !== undefined) this.#ring(next)
      }
    } finally {
      this.#watching = false
    }
  }

  #next(): Alarm | undefined {
    while (this.#alarms[0]?.off === true) this.#alarms.shift()
    return this.#alarms[0]
  }

  #ring(alarm: Alarm): void {
    this.#alarms.shift()
    this.#time = Math.max(this.#time, alarm.at)
    this.#events++
    alarm.ring()
  }
}
