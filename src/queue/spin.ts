/**
 * Spin: waits for some microseconds, in the hope that what is wanted comes, before one sleeps; as long as that pays.
 *
 * Where the other side runs on another core and answers at once, looking is several times as fast as being woken. Where it
 * cannot run because of that, it is time lost. Which it is shows by how it went: what is looked for in time doubles the
 * patience for the next time, what is not halves it; and now and then a long look is risked again.
 *
 * Two things that looks alone do badly. In a stream, whoever is the faster side looks all the time at the very words that
 * the other writes, and each look takes them away from it: so the faster one first leaves the other alone for a moment,
 * and then finds a batch. And where there is but one core, nothing comes while one looks: a thread that blocks goes to sleep
 * at once, and one that awaits sleeps for a moment, as being woken on the event loop takes four times as long.
 */
import { parallelism } from '../platform/cpus.ts'
import type { WaitQueue } from '../sync/wait-queue.ts'
import { nobody } from './queue-waits.ts'

/** Each look takes about 50 ns. */
const LEAST = 8
const MOST = 400
/** After so many vain looks that were short, a long one: in it a thread can be woken on another core, and answer. */
const RISK = 64
const LONG = 1200

/** What comes within so few looks, so many times in a row, is a stream. No answer is as quick. */
const QUICK = 10
const STREAM = 8
/** How long the other side is left alone then, in ms: as long as it takes to make some dozen items. */
const BATCH = 0.01

/**
 * How long the sleep may be, in ms. It pays only if it was much shorter; but a shorter limit would cost more than all the
 * rest, as the clock of the processor has to be set for it.
 */
const DOZE = 5
const SHORT_DOZE = 0.2

export class Spin {
  #looks = 100
  #vain = 0
  /** How often in a row it came quickly. */
  #quick = 0

  /** Whether `look` is true in time. `queue`: where one waits for it on the event loop; undefined for who is to block. */
  until(look: () => boolean, queue: WaitQueue | undefined): boolean {
    if (this.#quick >= STREAM) {
      leaveAlone()
      if (look()) return true
      this.#quick = 0
    }
    const risky = this.#looks === LEAST && this.#vain % RISK === RISK - 1
    const looks = risky ? LONG : this.#looks
    if (parallelism() === 1) return queue !== undefined && this.#doze(look, queue, looks)
    for (let left = looks; left > 0; left--) {
      if (!look()) continue
      this.#quick = looks - left < QUICK ? this.#quick + 1 : 0
      return this.#learn(true, looks)
    }
    return this.#learn(false, looks)
  }

  #doze(look: () => boolean, queue: WaitQueue, looks: number): boolean {
    if (looks === LEAST) return this.#learn(false, looks)
    const began = performance.now()
    const came = queue.block(() => look() || undefined, { timeout: DOZE }, no, nobody)
    this.#learn(performance.now() - began < SHORT_DOZE, looks)
    return came
  }

  #learn(came: boolean, looks: number): boolean {
    if (came) {
      this.#looks = Math.min(MOST, looks * 2)
      this.#vain = 0
    } else {
      this.#looks = Math.max(LEAST, this.#looks >> 1)
      this.#vain++
    }
    return came
  }
}

function leaveAlone(): void {
  for (const end = performance.now() + BATCH; performance.now() < end;);
}

function no(): boolean {
  return false
}
