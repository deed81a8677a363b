/**
 * How many calls are sent ahead to a worker that nobody can look into.
 *
 * What was sent cannot be taken back at once, so nothing should be sent that does not begin at once; but to wait for each
 * answer costs a way there and back for each call. As TCP does, it begins with one, and doubles as long as all that is on
 * its way comes back within a millisecond: then no call waits there for longer than that. Calls that take longer find
 * themselves alone.
 */

/** Milliseconds of work that are to be on their way. */
const TARGET = 1
const MOST = 512

export class Pace {
  /** The most calls that may be unanswered. */
  window = 1
  #answers = 0
  #since = 0

  /** So many answers have come. */
  answered(count: number): void {
    this.#answers += count
    if (this.#answers < this.window) return
    const now = performance.now()
    const elapsed = now - this.#since
    if (elapsed <= TARGET) this.window = Math.min(MOST, this.window * 2)
    else if (elapsed > 2 * TARGET && this.window > 1) this.window >>= 1
    this.#answers = 0
    this.#since = now
  }

  /** Calls are sent after none was on its way. */
  begin(): void {
    this.#answers = 0
    this.#since = performance.now()
  }

  /** A call takes long. */
  slow(): void {
    this.window = 1
    this.begin()
  }
}
