/**
 * The clock by which this library waits. Everything that has a timeout asks here what time it is and sets its alarms
 * here, so that a test can put another clock in its place without touching a global. (trio's clocks are the model.)
 */

export interface Clock {
  /** Milliseconds since some moment in the past; never goes back. */
  now(): number
  /** Calls `ring` in `milliseconds`, which is finite. Returns what takes it back. */
  alarm(milliseconds: number, ring: () => void): () => void
}

/** A timer longer than this fires at once, on every runtime. */
const LONGEST_TIMER = 0x7fffffff

const systemClock: Clock = {
  now: () => performance.now(),
  alarm(milliseconds, ring) {
    let timer: ReturnType<typeof setTimeout>
    const arm = (left: number): void => {
      timer =
        left > LONGEST_TIMER
          ? setTimeout(() => arm(left - LONGEST_TIMER), LONGEST_TIMER)
          : setTimeout(ring, Math.max(0, left))
    }
    arm(milliseconds)
    return () => clearTimeout(timer)
  },
}

let clock = systemClock

/** Puts another clock in place, or the system's. Returns the one that was there. */
export function setClock(next: Clock = systemClock): Clock {
  const before = clock
  clock = next
  return before
}

export function now(): number {
  return clock.now()
}

/** Calls `ring` in `milliseconds`, never if that is Infinity. Returns what takes it back. */
export function alarm(milliseconds: number, ring: () => void): () => void {
  return milliseconds === Infinity ? nothing : clock.alarm(milliseconds, ring)
}

function nothing(): void {}
