/**
 * When the parent looks for results: in each turn of its event loop while they come, and on a message when they do not.
 *
 * After a turn without results it looks for some turns more, as long as that has paid off lately and there are cores to
 * spare (on two cores, with two workers, it would take time from them). Then it arms the doorbell, looks once more, and
 * is woken by one message from the first worker that has a result.
 */
import { nextTurn } from '../platform/turns.ts'
import type { Doorbell } from '../wire/doorbell.ts'

const MOST_SPINS = 64
/** Every so many messages it tries again whether looking for longer pays. */
const TRY_AGAIN = 16

export interface Polled {
  /** Reads results. Returns how many there were. */
  collect(): number
  /** Whether results are owed. */
  busy(): boolean
  /** Whether there are results to read now. */
  hasResults(): boolean
  /** Whether it may look for longer than needed. */
  maySpin(): boolean
  /** Called before the loop may wait for a message, and when nothing is owed any more. */
  resting(): void
}

export class Poller {
  readonly #doorbell: Doorbell
  readonly #polled: Polled
  #polling = false
  #armed = false
  #spinsLeft = 0
  #spins = MOST_SPINS >> 1
  #messages = 0
  readonly #turn = (): void => this.#poll()

  constructor(doorbell: Doorbell, polled: Polled) {
    this.#doorbell = doorbell
    this.#polled = polled
  }

  /** Something is owed now. */
  start(): void {
    if (this.#polling || this.#armed) return
    this.#polling = true
    this.#spinsLeft = this.#spins
    nextTurn(this.#turn)
  }

  /** The message of the doorbell has come. */
  wake(): void {
    if (!this.#armed) return
    this.#armed = false
    this.#polling = true
    if (++this.#messages % TRY_AGAIN === 0 && this.#spins === 0) this.#spins = MOST_SPINS >> 2
    this.#poll()
  }

  /**
   * A worker has ended. It may have been the one that took the doorbell, and its message may have gone with its port: then
   * nobody would ring any more.
   */
  lookAgain(): void {
    if (this.#armed) this.takeOver()
    this.start()
  }

  /** Takes the doorbell back, for somebody who looks for results himself. `start` begins anew. */
  takeOver(): void {
    this.#doorbell.disarm()
    this.#armed = false
  }

  #poll(): void {
    const polled = this.#polled
    const got = polled.collect()
    if (got > 0) {
      if (this.#spinsLeft < this.#spins) this.#spins = Math.min(MOST_SPINS, this.#spins + 4)
      this.#spinsLeft = polled.maySpin() ? this.#spins : 0
      // One turn more even if nothing is owed: those who waited for the results have yet to run, and may submit more.
      nextTurn(this.#turn)
    } else if (!polled.busy()) {
      this.#polling = false
      polled.resting()
    } else if (this.#spinsLeft-- > 0) {
      nextTurn(this.#turn)
    } else {
      if (this.#spinsLeft === -1 && this.#spins > 0) this.#spins = this.#spins >> 1
      this.#arm()
    }
  }

  #arm(): void {
    this.#polling = false
    this.#armed = true
    this.#doorbell.arm()
    // A result that came before the doorbell was armed rang nothing; one that comes after this look rings.
    if (this.#polled.hasResults()) {
      this.takeOver()
      this.#polling = true
      nextTurn(this.#turn)
      return
    }
    this.#polled.resting()
  }
}
