/**
 * Patience: how a thread that was called in vain too often reserves the next turn.
 *
 * Between threads whoever comes first takes, and a thread that wakes comes later than one that runs. Against a neighbour
 * that holds a lock nearly all the time it might never be in time. So after a few calls in vain it reserves; the others
 * then leave what is free to it. (Go's mutex has such a mode, for the same reason.) From the moment in which there is
 * something to take, the thread has a short time to come: one that is busy may not keep everybody from what is free.
 */
import { compareExchange, load, store } from '../memory/atomics.ts'
import { canRun, OWN_WORDS, type Thing } from '../memory/waiting-mask.ts'
import { isAlive, ownIdentity } from '../memory/thread-table.ts'

/** The identity of the thread that has reserved, or 0. */
const RESERVED = OWN_WORDS
/** Until when, in ms of the wall clock, of which 31 bits are kept; or NOT_BEGUN. */
const UNTIL = OWN_WORDS + 1
/** Nothing was free since. The time must not run out while a neighbour holds the lock. */
const NOT_BEGUN = 0
/** The first word of a primitive that is its own. */
export const STATE_WORDS: number = OWN_WORDS + 2

/** Calls in vain before a thread reserves. */
const CALLS_IN_VAIN = 4
/** For how long, in ms. */
const TERM = 20
const CLOCK = 0x7fffffff

export class Patience {
  readonly #thing: Thing
  readonly #words: Int32Array
  #inVain = 0

  constructor(thing: Thing) {
    this.#thing = thing
    this.#words = thing.words
  }

  /** This thread was called and got nothing. Returns how long it may sleep, in ms, before it has to look again. */
  inVain(): number {
    const reserved = load(this.#words, RESERVED)
    if (this.#isAnothers(reserved)) {
      const until = load(this.#words, UNTIL)
      if (until === NOT_BEGUN) return Infinity
      if (!isOver(until)) return TERM
    }
    if (++this.#inVain <= CALLS_IN_VAIN) return Infinity
    if (compareExchange(this.#words, RESERVED, reserved, ownIdentity()) !== reserved) return TERM
    store(this.#words, UNTIL, NOT_BEGUN)
    return Infinity
  }

  /** This thread has got something, or waits no more. */
  rest(): void {
    if (this.#inVain === 0) return
    this.#inVain = 0
    compareExchange(this.#words, RESERVED, ownIdentity(), 0)
  }

  /** The identity of the other thread whose turn it is, or 0. To be asked when there is something to take: its time runs. */
  reserver(): number {
    const reserved = load(this.#words, RESERVED)
    if (reserved === 0 || !this.#isAnothers(reserved)) return 0
    let until = load(this.#words, UNTIL)
    if (until === NOT_BEGUN) {
      until = (Date.now() + TERM) & CLOCK || 1
      compareExchange(this.#words, UNTIL, NOT_BEGUN, until)
    }
    return isOver(until) ? 0 : reserved
  }

  /** Whether it is that of another thread that can come. */
  #isAnothers(reserved: number): boolean {
    return reserved !== 0 && reserved !== ownIdentity() && isAlive(reserved) && canRun(reserved, this.#thing.number)
  }
}

/** The difference is taken round the circle of 31 bits. A clock that was set ends the term too. */
function isOver(until: number): boolean {
  return ((until - (Date.now() & CLOCK)) & CLOCK) > TERM
}
