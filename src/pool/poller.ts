/**
 * When the parent looks for results: when the doorbell says so, and for some turns more where that pays.
 *
 * As soon as something is owed the doorbell is armed: the first result after that brings one message, and all results
 * that are there by then are read together. Where there are cores to spare it does not arm at once but looks in each
 * turn of the event loop for a while, which answers a single call much sooner; how long is learnt from how often it paid.
 */
import { nextTurn } from '../platform/turns.ts'
import type { Doorbell } from '../wire/doorbell.ts'

/**
 * Turns in which it looks on, each less than a microsecond. A worker that is awake answers within a few of them; where it
 * takes longer, it waits for the very core that looking on keeps busy, and the number goes down to none.
 */
const MOST_SPINS = 48
/** Results read at once that mean a flood: more will be there in the next turn, and a message would cost more than a look. */
const FLOOD = 16
/** Every so many messages it tries again whether looking for longer pays. */
const TRY_AGAIN = 64
/** Milliseconds without anything owed after which the pool counts as quiet. Whoever waited for results may submit more. */
const QUIET_AFTER = 2

export interface Polled {
  /** Reads results. Returns how many there were. */
  collect(): number
  /** Whether results are owed. */
  busy(): boolean
  /** Whether there are results to read now. */
  hasResults(): boolean
  /** Whether it may look for longer than needed. */
  maySpin(): boolean
  /** Whether calls could go to a worker that has nothing to do, in the next turn: then it has to look again soon. */
  unbalanced(): boolean
  /** Whether a call waits only for room in a ring, of which nobody tells. */
  crowded(): boolean
  /** Called before the loop may wait for a message, and when nothing is owed any more. */
  resting(): void
}

export class Poller {
  readonly #doorbell: Doorbell
  readonly #polled: Polled
  /** A turn is on its way that will look. */
  #looking = false
  #armed = false
  #spins = MOST_SPINS >> 1
  #spinsLeft = 0
  #messages = 0
  #restComes = false
  #rested = true
  readonly #turn = (): void => {
    this.#looking = false
    this.#look()
  }

  constructor(doorbell: Doorbell, polled: Polled) {
    this.#doorbell = doorbell
    this.#polled = polled
  }

  /** Something is owed now. */
  start(): void {
    if (this.#looking || this.#armed) return
    // Workers that have rested sleep deeply: looking on would only keep a core from them.
    this.#spinsLeft = !this.#rested && this.#polled.maySpin() ? this.#spins : 0
    this.#rested = false
    if (this.#spinsLeft > 0) this.#lookNextTurn()
    else this.#arm()
  }

  /** The message of the doorbell has come. */
  wake(): void {
    if (!this.#armed) return
    this.#armed = false
    if (++this.#messages % TRY_AGAIN === 0 && this.#spins === 0) this.#spins = MOST_SPINS >> 1
    this.#look()
  }

  /**
   * A worker has ended. It may have been the one that took the doorbell, and its message may have gone with its port: then
   * nobody would ring any more.
   */
  lookAgain(): void {
    if (this.#armed) this.takeOver()
    this.#lookNextTurn()
  }

  /** Takes the doorbell back, for somebody who looks for results himself. `start` begins anew. */
  takeOver(): void {
    this.#doorbell.disarm()
    this.#armed = false
  }

  #lookNextTurn(): void {
    if (this.#looking) return
    this.#looking = true
    nextTurn(this.#turn)
  }

  #look(): void {
    const polled = this.#polled
    const got = polled.collect()
    if (got > 0) {
      // It paid to look on.
      if (this.#spinsLeft > 0) this.#spins = Math.min(MOST_SPINS, this.#spins + 4)
      this.#spinsLeft = polled.maySpin() ? this.#spins : 0
      if (this.#spinsLeft > 0 || got >= FLOOD || polled.unbalanced()) this.#lookNextTurn()
      else this.#settle()
    } else if (polled.crowded()) {
      this.#lookNextTurn()
    } else if (this.#spinsLeft > 0 && polled.busy()) {
      if (--this.#spinsLeft === 0) this.#spins >>= 1
      this.#lookNextTurn()
    } else {
      this.#settle()
    }
  }

  #settle(): void {
    if (this.#polled.busy()) {
      if (!this.#armed) this.#arm()
    } else {
      this.#restSoon()
    }
  }

  #restSoon(): void {
    if (this.#restComes) return
    this.#restComes = true
    setTimeout(() => {
      this.#restComes = false
      if (this.#polled.busy()) return
      this.#rested = true
      this.#polled.resting()
    }, QUIET_AFTER)
  }

  #arm(): void {
    this.#armed = true
    this.#doorbell.arm()
    // A result that came before the doorbell was armed rang nothing; one that comes after this look rings.
    if (this.#polled.hasResults()) {
      this.takeOver()
      this.#lookNextTurn()
      return
    }
    this.#polled.resting()
  }
}
