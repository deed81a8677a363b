/**
 * The least that a lock between threads can be: the second mutex of "Futexes Are Tricky" (Drepper, 2011). It knows
 * nothing of owners, of tasks, of timeouts, or of threads that die. Plain JavaScript, for workers.
 */
const FREE = 0
const HELD = 1
/** Held, and somebody may be asleep. */
const CONTENDED = 2

export function lock(words) {
  let state = Atomics.compareExchange(words, 0, FREE, HELD)
  while (state !== FREE) {
    if (state === CONTENDED || Atomics.compareExchange(words, 0, HELD, CONTENDED) !== FREE)
      Atomics.wait(words, 0, CONTENDED)
    state = Atomics.compareExchange(words, 0, FREE, CONTENDED)
  }
}

export function unlock(words) {
  if (Atomics.sub(words, 0, 1) === HELD) return
  Atomics.store(words, 0, FREE)
  Atomics.notify(words, 0, 1)
}
