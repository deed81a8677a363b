/**
 * RobustMutex: a short critical section of several threads, which the death of a thread inside does not close for ever.
 *
 * The word names its owner. Whoever finds that the owner has died inherits the mutex, and is told so: what the other had
 * begun is for the heir to discard, so whatever is protected has to be published by one store, at the end. (The robust
 * futexes of Linux; EOWNERDEAD.) Lock breaks in this case instead: it protects what users do, and nobody can say what
 * half of that is worth.
 *
 * It is held for as long as it takes to copy a message, so whoever finds it held looks again for a moment, and only then
 * sleeps. Nothing that it protects may allocate much, run code of users, or wait.
 */
import { compareExchange, load, store, wait } from '../memory/atomics.ts'
import { callCount, sleep } from '../memory/parking-lot.ts'
import { isAlive, ownIdentity } from '../memory/thread-table.ts'
import { callAll, delist, enlist, OWN_WORDS, type Thing } from '../memory/waiting-mask.ts'
import { mayLinger, stopForEver } from './let-go.ts'

/** Twice the identity of the owner, and 1 if threads may wait; or FREE. */
const STATE = OWN_WORDS
/** The words of a mutex. */
export const MUTEX_WORDS: number = OWN_WORDS + 1

const FREE = 0
const CONTENDED = 1

/** How often to look before sleeping: some microseconds, in which a message of some kilobytes is copied. */
const LOOKS = 200
/**
 * For how long, in ms, the mutex of a thread that was ended stays its own. The end is told when it is ordered, and the
 * thread runs on until it looks up, which may be after the copy that it has begun.
 */
const GRACE = 20

export class RobustMutex implements Thing {
  readonly number: number
  readonly words: Int32Array
  readonly label = 'mutex'
  /** Whether this thread may run on when others have taken it for dead. */
  readonly #lingers = mayLinger()

  constructor(number: number, words: Int32Array) {
    this.number = number
    this.words = words
  }

  /** Takes it. Returns true if it was inherited from a thread that died inside. */
  enter(): boolean {
    const own = ownIdentity() << 1
    const inherited = compareExchange(this.words, STATE, FREE, own) !== FREE && this.#enterContended(own)
    // Asked when it has the mutex: what it does there has to be done by a thread that is not yet inherited from.
    if (this.#lingers && !isAlive(own >> 1)) {
      this.leave()
      stopForEver()
    }
    return inherited
  }

  /** Whether its owner has died, and nobody has inherited it yet. */
  get isOrphaned(): boolean {
    const state = load(this.words, STATE)
    return state !== FREE && !isAlive(state >> 1)
  }

  /** Gives it back. */
  leave(): void {
    const own = ownIdentity() << 1
    const state = compareExchange(this.words, STATE, own, FREE)
    // Of another: this thread was ended, and has an heir.
    if (state === own || state >> 1 !== own >> 1) return
    store(this.words, STATE, FREE)
    // All of them, as a thread that is blocked for a queue and tries its luck there would not count as one that can run.
    callAll(this)
  }

  #enterContended(own: number): boolean {
    for (let looks = LOOKS; looks > 0; looks--) {
      if (load(this.words, STATE) === FREE && compareExchange(this.words, STATE, FREE, own) === FREE) return false
    }
    for (;;) {
      const count = callCount()
      enlist(this)
      const state = load(this.words, STATE)
      if (state === FREE) {
        if (compareExchange(this.words, STATE, FREE, own) === FREE) return this.#entered(false)
      } else if (!isAlive(state >> 1)) {
        if (this.#inherit(state, own)) return this.#entered(true)
      } else if ((state & CONTENDED) !== 0 || compareExchange(this.words, STATE, state, state | CONTENDED) === state) {
        // The owner sees the mark when it leaves, and then calls who is enlisted. The end of the owner calls everybody.
        sleep(count, Infinity)
      }
    }
  }

  #entered(inherited: boolean): boolean {
    delist(this)
    return inherited
  }

  #inherit(state: number, own: number): boolean {
    wait(this.words, STATE, state, GRACE)
    // Others may wait who have marked it: the heir calls them.
    return compareExchange(this.words, STATE, state, own | CONTENDED) === state
  }

  called(): void {}
  handOn(): void {}
}
