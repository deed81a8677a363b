/**
 * The parking lot: how a thread sleeps until another has something for it, whatever the two share.
 *
 * The ancestors are WebKit's ParkingLot and the robust futexes of Linux. A thing that is waited for (a lock, a queue)
 * has one word, a mask of the threads that wait for it. A thread sleeps on a word of its own, in the thread table. Who
 * has something to give picks a thread from the mask, says which thing it is about, and wakes it. A call says only that
 * it may be worth trying again.
 *
 * Why not sleep on a word of the thing, as a futex does? Because of threads that are killed. A killed thread may have
 * swallowed the one wake-up there was, a withdrawn `waitAsync` stays in the list of waiters, and on Deno a terminated
 * thread does too. Here the end of a thread is told by calling everybody, and nothing is ever left behind in a list.
 *
 * Why no wake-up is lost: a waiter enlists, then tries, then sleeps on the count of its calls as it was before it
 * enlisted. A giver gives, then looks at the mask. Whichever is first, the other sees it. (Dekker's argument; all
 * operations here are sequentially consistent.)
 */
import { add, and, load, notify, or, store, wait, waitAsync } from './atomics.ts'
import { holdAlive, letGo } from './keep-alive.ts'
import {
  BLOCKED_BY,
  BLOCKED_ON,
  CALL_WORDS,
  CALLS,
  deaths,
  leavePlace,
  liveThreads,
  ownIdentity,
  placeNumber,
  placeOf,
  PLACES,
  takeCalls,
  threadAt,
  threadTable,
  usedPlaces,
  WAKE,
} from './thread-table.ts'

/* The words with which every thing begins. */

/** At least as many as there are bits in the mask. A giver looks at the mask only if it is not 0. */
export const WAITERS: number = 0
/** The number of deaths for which the mask was last cleared. */
const CLEARED = 1
const MASK = 2
/** The first word that is the thing's own. */
export const OWN_WORDS: number = MASK + PLACES / 32

/** A thing that threads wait for, as seen from one of them. */
export interface Thing {
  readonly number: number
  readonly words: Int32Array
  /** Called on the event loop: there may be something for the tasks of this thread. */
  called(): void
  /** This thread is about to block for something else: what it was called for has to go to another. */
  handOn(): void
}

/** The things for which tasks of this thread wait. */
const listening = new Map<number, Thing>()
let asleep = false

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

/** Takes that back. Returns false if this thread had been called by then: what it was called for has to go on. */
export function delist(thing: Thing): boolean {
  return clearBit(thing.words, placeNumber(ownIdentity()))
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

/** Calls one of the threads that wait for the thing, the next after this one in the order of their places. */
export function callOne(thing: Thing): void {
  const used = usedPlaces()
  const own = placeNumber(ownIdentity())
  for (let i = 1; i < used; i++) {
    if (callPlace(thing, (own + i) % used)) return
  }
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

function canRun(identity: number, number: number): boolean {
  const blockedOn = load(threadTable(), placeOf(identity) + BLOCKED_ON)
  return blockedOn === 0 || blockedOn === number
}

function call(identity: number, number: number): void {
  const table = threadTable()
  const at = placeOf(identity)
  or(table, at + CALLS + ((number >>> 5) & (CALL_WORDS - 1)), 1 << (number & 31))
  add(table, at + WAKE, 1)
  notify(table, at + WAKE, Infinity)
}

/** The count of calls of this thread, to be taken before `enlist`. */
export function callCount(): number {
  return load(threadTable(), placeOf(ownIdentity()) + WAKE)
}

/** Blocks this thread until it is called, unless it was since `count`; at most `timeout` ms. */
export function sleep(count: number, timeout: number): void {
  wait(threadTable(), placeOf(ownIdentity()) + WAKE, count, timeout)
}

/** Runs `f`, in which this thread sleeps for the thing. `holder`: the identity of who holds it, or 0. */
export function whileBlocked<T>(thing: Thing, holder: number, f: () => T): T {
  const table = threadTable()
  const at = placeOf(ownIdentity())
  store(table, at + BLOCKED_BY, holder)
  store(table, at + BLOCKED_ON, thing.number)
  // Calls that have come for the tasks of this thread would wait as long as it is blocked.
  if (listening.size > 0) eachCalled(other => other.number !== thing.number && other.handOn())
  try {
    return f()
  } finally {
    store(table, at + BLOCKED_ON, 0)
    // While it was blocked it was passed over.
    if (listening.size > 0) callForAll(ownIdentity())
  }
}

/** Begins to listen for calls about the thing; its tasks wait, and the program stays alive for them. */
export function listen(thing: Thing): void {
  if (listening.has(thing.number)) return
  listening.set(thing.number, thing)
  holdAlive()
  if (!asleep) sleepOnLoop()
}

export function unlisten(thing: Thing): void {
  if (listening.delete(thing.number)) letGo()
}

/** Waits on the event loop, once for all things. What is left of it when nobody listens any more keeps nothing alive. */
function sleepOnLoop(): void {
  const table = threadTable()
  const at = placeOf(ownIdentity()) + WAKE
  for (;;) {
    const count = load(table, at)
    eachCalled(thing => thing.called())
    if (listening.size === 0) return
    const result = waitAsync(table, at, count, Infinity)
    if (typeof result === 'string') continue
    asleep = true
    void result.then(() => {
      asleep = false
      sleepOnLoop()
    })
    return
  }
}

function eachCalled(f: (thing: Thing) => unknown): void {
  for (let word = 0; word < CALL_WORDS; word++) {
    const bits = takeCalls(word)
    if (bits === 0) continue
    for (const thing of listening.values()) {
      if (((thing.number >>> 5) & (CALL_WORDS - 1)) === word && (bits & (1 << (thing.number & 31))) !== 0) f(thing)
    }
  }
}

function callForAll(identity: number): void {
  const table = threadTable()
  const at = placeOf(identity)
  for (let word = 0; word < CALL_WORDS; word++) store(table, at + CALLS + word, -1)
  add(table, at + WAKE, 1)
  notify(table, at + WAKE, Infinity)
}

/** The thread has ended. What it held is broken, and what it was called for is free: everybody looks again. */
export function threadEnded(identity: number): void {
  if (!leavePlace(identity)) return
  for (const other of liveThreads()) callForAll(other)
}
