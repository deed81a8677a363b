/**
 * Spin: looks again for some microseconds before one sleeps, as long as that pays.
 *
 * Where the other side runs on another core and answers at once, looking is several times as fast as being woken. Where it
 * cannot run because of that, it is time lost. Which it is shows by how it went: what is looked for in time doubles the
 * patience for the next time, what is not halves it; and now and then a long look is risked again.
 */

/** Each look takes about 50 ns. */
const LEAST = 8
const MOST = 400
/** After so many vain looks that were short, a long one. */
const RISK = 64

export class Spin {
  #looks = 100
  #vain = 0

  /** Whether `look` was true in time. */
  until(look: () => boolean): boolean {
    const risky = this.#looks === LEAST && this.#vain % RISK === RISK - 1
    for (let left = risky ? MOST : this.#looks; left > 0; left--) {
      if (!look()) continue
      this.#looks = Math.min(MOST, (risky ? MOST : this.#looks) * 2)
      this.#vain = 0
      return true
    }
    this.#looks = Math.max(LEAST, this.#looks >> 1)
    this.#vain++
    return false
  }
}
