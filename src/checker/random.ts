/** Schedules at random, the same ones for the same seed on every runtime. (The generator is Marsaglia's xorshift, 2003.) */
import type { Situation, Strategy } from './strategy.ts'

export class Random implements Strategy {
  #state: number
  #left: number

  /** So many schedules. */
  constructor(seed: number, schedules: number) {
    // Seeds beside each other should not begin alike, and 0 would give nothing but 0.
    this.#state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) | 0 || 1
    this.#left = schedules
  }

  begin(): void {}

  choose({ enabled }: Situation): number {
    let left = enabled
    for (let skip = this.#next() % countOf(enabled); skip > 0; skip--) left &= left - 1
    return 31 - Math.clz32(left & -left)
  }

  performed(): void {}

  end(): boolean {
    return --this.#left > 0
  }

  #next(): number {
    let x = this.#state
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    this.#state = x
    return x >>> 0
  }
}

function countOf(threads: number): number {
  let count = 0
  for (let left = threads; left !== 0; left &= left - 1) count++
  return count
}
