/** Turns of the event loop. */
import { endsInMicrotasks, runtime } from './runtime.ts'

/** Calls `f` after the messages and timers that are due now. */
export function nextTurn(f: () => void): void {
  setImmediate(f)
}

/**
 * As `nextTurn`, for a loop that blocks between its turns. Deno looks for what other threads have sent only every 31st
 * time as long as there is always something to do at once (measured on 2.9.6: 300 ms and more), but whenever it waits.
 */
export function turnWithMessages(f: () => void): void {
  if (runtime === 'deno') setTimeout(f, 0)
  else setImmediate(f)
}

/** Calls `f` where running out of memory ends the thread: at once if it does so anywhere, else in a turn of its own. */
export function whereMemoryMayEnd<T>(f: () => T): T | Promise<Awaited<T>> {
  if (endsInMicrotasks) return f()
  // An async function calls it in this very turn, and makes a rejection of what it throws.
  return new Promise(resolve => nextTurn(() => resolve((async () => f())() as Promise<Awaited<T>>)))
}

/** Calls `f` when all microtasks are done that follow from what is going on, before any timer or message. */
export function afterMicrotasks(f: () => void): void {
  const host = (globalThis as { process?: Partial<Pick<NodeJS.Process, 'nextTick'>> }).process
  const later = host?.nextTick ?? nextTurn
  later(f)
}
