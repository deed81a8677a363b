/** Turns of the event loop. */

/** Calls `f` after the messages and timers that are due now. */
export function nextTurn(f: () => void): void {
  setImmediate(f)
}
