/** Those who wait in this thread for the end of another. */
import { onInterruption, throwIfInterrupted } from '../limits/interruption.ts'
import { holdAlive, letGo } from '../memory/keep-alive.ts'
import { checkWait, type WaitOptions } from '../sync/options.ts'

export class Joiners {
  readonly #waking = new Set<() => void>()

  get size(): number {
    return this.#waking.size
  }

  /**
   * Resolves when they are woken, at once if `over`; the program stays alive until then. Rejects with `late` when the
   * time is up, and with the signal's reason. Throws TypeError and RangeError for bad options.
   */
  async wait(options: WaitOptions, over: boolean, late: (timeout: number) => Error): Promise<void> {
    const { timeout } = checkWait(options)
    throwIfInterrupted(options.signal)
    if (over) return
    if (timeout === 0) throw late(0)
    holdAlive()
    let forget: (() => void) | undefined
    const { promise, wake, fail } = settler()
    this.#waking.add(wake)
    try {
      forget = onInterruption(timeout, options.signal, () => fail(late(timeout)), fail)
      await promise
    } finally {
      forget?.()
      this.#waking.delete(wake)
      letGo()
    }
  }

  /** The thread has ended. */
  wakeAll(): void {
    for (const wake of this.#waking) wake()
  }
}

function settler(): { promise: Promise<void>; wake: () => void; fail: (reason: unknown) => void } {
  let wake!: () => void
  let fail!: (reason: unknown) => void
  const promise = new Promise<void>((resolve, reject) => {
    wake = resolve
    fail = reject
  })
  return { promise, wake, fail }
}
