/** One schedule, as it was found. Where it cannot be followed (the program has changed), the last thread goes on. */
import type { Footprint } from './footprint.ts'
import { goesOn, has, type Situation, type Strategy } from './strategy.ts'

export class Replay implements Strategy {
  readonly #schedule: readonly number[]
  #depth = 0
  #last = -1
  /** Whether it was followed to its end. */
  isFaithful = true

  constructor(schedule: readonly number[]) {
    this.#schedule = schedule
  }

  begin(): void {
    this.#depth = 0
    this.#last = -1
    this.isFaithful = true
  }

  choose({ enabled }: Situation): number {
    const wanted = this.#schedule[this.#depth]
    if (wanted !== undefined && has(enabled, wanted)) return wanted
    if (wanted !== undefined) this.isFaithful = false
    return goesOn(enabled, this.#last)
  }

  performed(thread: number, _footprint: Footprint): void {
    this.#depth++
    this.#last = thread
  }

  end(): boolean {
    return false
  }
}
