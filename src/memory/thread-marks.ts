/**
 * What the thread table tells of a Thread beyond what it tells of every thread, in one word of its place: whether the
 * program waits for it, whether its target is done, whether it has Threads of its own to wait for.
 */
import { compareExchange, load, store } from './atomics.ts'
import { MARKS, placeOf, threadTable } from './thread-table.ts'

/** The word begins with the identity, as the place may be another thread's by now, or of one that is no Thread. */
const IDENTITY_SHIFT = 3

/** The program does not wait for it. */
export const DAEMON = 1
/** Its target has returned or thrown, which is a little before the thread ends. */
export const DONE = 2
/** It has started Threads that are alive and no daemons. */
export const HAS_THREADS = 4

/** Makes a thread that was just started known as a Thread. Before its target is called, which may ask. */
export function markThread(identity: number, marks: number): void {
  store(threadTable(), placeOf(identity) + MARKS, (identity << IDENTITY_SHIFT) | marks)
}

/** Sets or takes away a mark of a Thread. Does nothing if it has ended, or is no Thread. */
export function mark(identity: number, which: number, set: boolean): void {
  const table = threadTable()
  const at = placeOf(identity) + MARKS
  for (;;) {
    const word = load(table, at)
    if (word >>> IDENTITY_SHIFT !== identity) return
    // The thread itself sets one of the marks, the thread that started it another.
    if (compareExchange(table, at, word, set ? word | which : word & ~which) === word) return
  }
}

/** Whether the thread is a Thread with this mark. */
export function isMarked(identity: number, which: number): boolean {
  const word = load(threadTable(), placeOf(identity) + MARKS)
  return word >>> IDENTITY_SHIFT === identity && (word & which) !== 0
}

/** Keeps a place out of the list of the program's threads: it is that of an agent, or of nobody. */
export function hideThread(identity: number): void {
  markThread(identity, DONE)
}
