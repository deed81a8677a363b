/** Turns of the event loop. */
import { endsInMicrotasks } from './runtime.ts'

/** Calls `f` after the messages and timers that are due now. */
export function nextTurn(f: () => void): void {
  setImmediate(f)
}

/** Calls `f` where running out of memory ends the thread: at once if it does so anywhere, else in a turn of its own. */
export function whereMemoryMayEnd<T>(f: () => T): T | Promise<Awaited<T>> {
  if (endsInMicrotasks) return f()
  // An async function calls it in this very turn, and makes a rejection of what it throws.
  return new Promise(resolve => nextTurn(() => resolve((async () => f())() as Promise<Awaited<T>>)))
}
