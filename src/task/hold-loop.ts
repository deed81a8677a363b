/**
 * Keeps the program alive as long as `run()` goes on, also if all its tasks wait for what is no business of the event loop:
 * a promise, a sleep without end, a signal.
 *
 * Not by a timer from the start, which would be simpler: a loop that never falls dry never tells those who wait for each
 * other's locks that they wait in vain (sync/waiters.ts). So the timer is set when the loop is dry and they have been told.
 */
import { onLoopEmpty } from '../platform/exit.ts'
import { runtime } from '../platform/runtime.ts'
import { waiters } from '../sync/waiters.ts'

const LONGEST_DELAY = 0x7fffffff
let holders = 0
let timer: ReturnType<typeof setInterval> | undefined
let watching = false

/** Returns what lets the loop go again. */
export function holdLoop(): () => void {
  holders++
  // Deno ends a program whose top-level await is pending without asking anybody.
  if (runtime === 'deno') hold()
  else if (!watching) {
    watching = true
    onLoopEmpty(() => {
      if (holders === 0) return false
      if (waiters().length === 0) hold()
      return true
    })
  }
  return () => {
    if (--holders > 0 || timer === undefined) return
    clearInterval(timer)
    timer = undefined
  }
}

function hold(): void {
  timer ??= setInterval(() => {}, LONGEST_DELAY)
}
