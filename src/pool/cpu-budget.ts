/**
 * One CPU budget for all pools of this thread that were not given a size: together they keep as many workers busy as
 * there are cores, not each of them.
 *
 * The budget is soft. Calls of two pools may wait for each other (a barrier, a queue); if none of the busy workers
 * finishes for a while, one more may run. So it can slow a program down, but never stop it.
 */
import { parallelism } from '../platform/cpus.ts'

/** Milliseconds without a token given back, after which one more worker may be busy. */
const PATIENCE = 100

export class CpuBudget {
  #free: number
  #borrowed = 0
  readonly #waiting = new Set<() => void>()
  #impatience: ReturnType<typeof setTimeout> | undefined

  constructor(tokens: number = parallelism()) {
    this.#free = tokens
  }

  /** Takes a token for one busy worker. If there is none, `retry` is called once when there may be. */
  take(retry: () => void): boolean {
    if (this.#free > 0) {
      this.#free--
      return true
    }
    this.#waiting.add(retry)
    this.#beImpatient()
    return false
  }

  give(): void {
    if (this.#borrowed > 0) this.#borrowed--
    else this.#free++
    this.#serveOne()
  }

  /** Gives a token that there is to the pool that has waited longest. */
  #serveOne(): void {
    const [retry] = this.#waiting
    if (retry !== undefined && this.#free > 0) {
      this.#waiting.delete(retry)
      retry()
    }
    clearTimeout(this.#impatience)
    this.#impatience = undefined
    this.#beImpatient()
  }

  /** As long as pools wait, they do so for a limited time. */
  #beImpatient(): void {
    if (this.#waiting.size === 0) return
    this.#impatience ??= setTimeout(() => {
      this.#impatience = undefined
      this.#borrowed++
      this.#free++
      this.#serveOne()
    }, PATIENCE)
  }
}

/** The budget of this thread. In a worker it is one: the pool that runs the worker has the others. */
export const cpuBudget: CpuBudget = new CpuBudget()
