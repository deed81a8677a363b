/**
 * The mask of a thing: which threads wait for it, and how one of them is called.
 *
 * Each thread has a bit, the number of its place in the thread table. Who gives something clears the bit of the thread
 * that it calls, so that the next one to give calls another.
 */
import { add, and, load, or, store } from './atomics.ts'
import { wakeThread } from './neighbours.ts'
import {
  BLOCKED_ON,
  CALL_WORDS,
  CALLS,
  deaths,
  ownIdentity,
  placeNumber,
  placeOf,
  PLACES,
  threadAt,
  threadTable,
  usedPlaces,
} from './thread-table.ts'

/* The words with which every thing begins. */

/** At least as many as there are bits in the mask. A giver looks at the mask only if it is not 0. */
export const WAITERS: number = 0
/** The number of deaths for which the mask was last cleared. */
const CLEARED = 1
const MASK = 2
/** The place of the thread that was called last: the next one is behind it, so that none is left out. */
const LAST = MASK + PLACES / 32
/** The first word that is the thing's own. */
export const OWN_WORDS: number = LAST + 1

/** A thing that threads wait for, as seen from one of them. */
export interface Thing {
  readonly number: number
  readonly words: Int32Array
  /** What it is, for people who ask who waits for what. */
  readonly label: string
  /**
   * Called on the event loop: there may be something for the tasks of this thread. `unasked`: nobody has called, it is
   * only time to look again.
   */
  called(unasked: boolean): void
  /** This thread is about to block for something else: what it was called for has to go to another. */
  handOn(): void
}

/** Says that this thread waits for the thing. After it, and before a sleep, the thing has to be tried again. */
export function enlist(thing: Thing): void {
  const { words } = thing
  const count = deaths()
  if (load(words, CLEARED) !== count) {
    // A bit may be that of a thread that has ended, and its place may be another's now, who waits for something else
    // and would swallow the call. Whoever does wait enlists again.
    store(words, CLEARED, count)
    callAll(thing)
  }
  // In this order: a thread that is killed between the two leaves a count that is too high, which costs a look.
  add(words, WAITERS, 1)
  if (setBit(words, placeNumber(ownIdentity()))) add(words, WAITERS, -1)
}

/** Takes that back. It may have been called by then: what there is to have has to be offered to another. */
export function delist(thing: Thing): void {
  clearBit(thing.words, placeNumber(ownIdentity()))
}

function setBit(words: Int32Array, place: number): boolean {
  const bit = 1 << (place & 31)
  return (or(words, MASK + (place >>> 5), bit) & bit) !== 0
}

function clearBit(words: Int32Array, place: number): boolean {
  const bit = 1 << (place & 31)
  if ((and(words, MASK + (place >>> 5), ~bit) & bit) === 0) return false
  add(words, WAITERS, -1)
  return true
}

/** Calls one of the other threads that wait for the thing, by turns. Returns false if none of them can run. */
export function callOne(thing: Thing): boolean {
  const used = usedPlaces()
  const own = placeNumber(ownIdentity())
  const last = load(thing.words, LAST)
  for (let i = 1; i <= used; i++) {
    const place = (last + i) % used
    if (place === own || !callPlace(thing, place)) continue
    store(thing.words, LAST, place)
    return true
  }
  return false
}

/** Calls one thread, whether it waits or not. */
export function callThread({ words, number }: Thing, identity: number): void {
  clearBit(words, placeNumber(identity))
  call(identity, number)
}

/** Calls every other thread that waits for the thing, also those that cannot run now, and empties the mask. */
export function callAll({ words, number }: Thing): void {
  const used = usedPlaces()
  const own = placeNumber(ownIdentity())
  for (let place = 0; place < used; place++) {
    if (place === own || !clearBit(words, place)) continue
    const identity = threadAt(place)
    if (identity > 0) call(identity, number)
  }
}

/** Whether a thread waits there and was called, and can run. */
function callPlace({ words, number }: Thing, place: number): boolean {
  if ((load(words, MASK + (place >>> 5)) & (1 << (place & 31))) === 0) return false
  const identity = threadAt(place)
  // A thread that is blocked elsewhere keeps its bit. It tries again of itself when it is not blocked any more.
  if (identity > 0 && !canRun(identity, number)) return false
  if (!clearBit(words, place) || identity <= 0) return false
  call(identity, number)
  // If it has begun to block in the meantime, it may have looked at its calls before this one was there.
  return canRun(identity, number)
}

/** Whether a thread that is called for the thing of that number can answer: it is not blocked for another. */
export function canRun(identity: number, number: number): boolean {
  const blockedOn = load(threadTable(), placeOf(identity) + BLOCKED_ON)
  return blockedOn === 0 || blockedOn === number
}

function call(identity: number, number: number): void {
  const table = threadTable()
  const at = placeOf(identity)
  or(table, at + CALLS + ((number >>> 5) & (CALL_WORDS - 1)), 1 << (number & 31))
  wakeThread(identity)
}
