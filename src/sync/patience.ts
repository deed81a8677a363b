/**
 * Patience: how a thread that was called in vain too often reserves the next turn.
 *
 * Between threads whoever comes first takes, and a thread that wakes comes later than one that runs. Against a neighbour
 * that holds a lock nearly all the time it might never be in time. So after a few calls in vain it reserves; the others
 * then leave what is free to it. (Go's mutex has such a mode, for the same reason.) A reservation ends by itself: a
 * thread that is busy may not keep everybody from what is free.
 */
import { compareExchange, load, store } from '../memory/atomics.ts'
import { OWN_WORDS } from '../memory/waiting-mask.ts'
import { isAlive, ownIdentity } from '../memory/thread-table.ts'

/** The identity of the thread that has reserved, or 0. */
const RESERVED = OWN_WORDS
/** Until when, in ms of the wall clock, of which 31 bits are kept. */
const UNTIL = OWN_WORDS + 1
/** The first word of a primitive that is its own. */
export const STATE_WORDS: number = OWN_WORDS + 2

/** Calls in vain before a thread reserves. */
const CALLS_IN_VAIN = 4
/** For how long, in ms. */
const TERM = 20

export class Patience {
  readonly #words: Int32Array
  #inVain = 0

  constructor(words: Int32Array) {
    this.#words = words
  }

  /** This thread was called and got nothing. Returns how long it may sleep, in ms, before it has to look again. */
  inVain(): number {
    if (this.reserver() !== 0) return TERM
    if (++this.#inVain <= CALLS_IN_VAIN) return Infinity
    const reserved = load(this.#words, RESERVED)
    if (compareExchange(this.#words, RESERVED, reserved, ownIdentity()) !== reserved) return TERM
    store(this.#words, UNTIL, (Date.now() + TERM) & 0x7fffffff)
    return Infinity
  }

  /** This thread waits no more. */
  rest(): void {
    if (this.#inVain === 0) return
    this.#inVain = 0
    compareExchange(this.#words, RESERVED, ownIdentity(), 0)
  }

  /** The identity of the other thread whose turn is next, or 0. */
  reserver(): number {
    const reserved = load(this.#words, RESERVED)
    if (reserved === 0 || reserved === ownIdentity() || !isAlive(reserved)) return 0
    // The difference is taken round the circle of 31 bits.
    const left = (load(this.#words, UNTIL) - (Date.now() & 0x7fffffff)) & 0x7fffffff
    return left <= TERM ? reserved : 0
  }
}
