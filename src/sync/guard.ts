/** A guard: what acquiring returns, so that `using` gives back what was taken, once, whatever happens. */
import { addPrimitive } from '../memory/primitives.ts'

/** Holds something until it is released or disposed of. Releasing it again does nothing. */
export interface Guard extends Disposable {
  release(): void
}

/** A guard that calls `release` of `owner`, once. */
export class OnceGuard implements Guard {
  static {
    addPrimitive({ type: 'Guard', prototype: OnceGuard.prototype, memoryOf: undefined })
  }

  #owner: { release(): void } | undefined

  constructor(owner: { release(): void }) {
    this.#owner = owner
  }

  release(): void {
    const owner = this.#owner
    this.#owner = undefined
    owner?.release()
  }

  [Symbol.dispose](): void {
    this.release()
  }
}
