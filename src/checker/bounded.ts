/**
 * Every schedule with at most so many preemptions, in depth first order. (CHESS, Musuvathi and Qadeer 2007: most bugs show
 * with one or two.) To go on with another thread where the last one cannot go on costs nothing.
 */
import type { Footprint } from './footprint.ts'
import { goesOn, has, lowest, type Situation, type Strategy } from './strategy.ts'

interface Choice {
  chosen: number
  /** Threads that are still to be tried here. */
  left: number
}

export class Bounded implements Strategy {
  readonly #bound: number
  readonly #path: Choice[] = []
  #depth = 0
  #last = -1
  #preemptions = 0
  /** Whether anything was left out because of the bound. */
  isCut = false

  constructor(bound: number) {
    this.#bound = bound
  }

  begin(): void {
    this.#depth = 0
    this.#last = -1
    this.#preemptions = 0
  }

  choose({ enabled, late }: Situation): number {
    const last = this.#last
    const preempts = has(enabled & ~late, last)
    let choice = this.#path[this.#depth]
    if (choice === undefined) {
      const chosen = goesOn(has(enabled & late, last) && enabled !== late ? enabled & ~late : enabled, last)
      const others = enabled & ~(1 << chosen)
      const mayPreempt = !preempts || this.#preemptions < this.#bound
      if (others !== 0 && !mayPreempt) this.isCut = true
      choice = { chosen, left: mayPreempt ? others : 0 }
      this.#path.push(choice)
    }
    if (preempts && choice.chosen !== last) this.#preemptions++
    return choice.chosen
  }

  performed(thread: number, _footprint: Footprint): void {
    this.#depth++
    this.#last = thread
  }

  end(): boolean {
    this.#path.length = this.#depth
    for (let choice = this.#path.at(-1); choice !== undefined; choice = this.#path.at(-1)) {
      if (choice.left !== 0) {
        choice.chosen = lowest(choice.left)
        choice.left &= ~(1 << choice.chosen)
        return true
      }
      this.#path.pop()
    }
    return false
  }
}
