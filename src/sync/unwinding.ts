/** A lock as a condition sees it, which gives it back for as long as it waits. */
import type { Step } from './steps.ts'

export interface Unwinding {
  /** Whether the caller holds it. */
  isHeld(): boolean
  /** Throws BrokenLockError if a thread died as its owner: then nobody will ever hold it again. */
  throwIfBroken(): void
  /**
   * Gives it back wholly, however often its owner has taken it. `blocks`: this thread is about to block. Returns the step
   * that takes it again as it was held, and that nothing ends but the success, or the lock's being broken.
   */
  unwind(blocks: boolean): Step<true>
}
