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
import { InvalidStateError } from '../errors.ts'
import { load, sharedWords, store, wait, waitAsync } from './atomics.ts'
import { hasNeighbours, wakeThread } from './neighbours.ts'
import {
  AWAITED,
  AWAITED_TEXT,
  BLOCKED_BY,
  BLOCKED_ON,
  BLOCKED_TEXT,
  CALL_WORDS,
  CALLS,
  claimPlace,
  allThreads,
  isAlive,
  isOfOwnProcess,
  leavePlace,
  NAPLESS,
  ownIdentity,
  placeOf,
  takeCalls,
  threadAt,
  type ThreadPlace,
  threadTable,
  usedPlaces,
  WAKE,
} from './thread-table.ts'
import { writeText } from './table-text.ts'
import type { Thing } from './waiting-mask.ts'

/**
 * Nobody sleeps for ever, because a call may go to a thread that is too busy to answer it: its event loop is in the middle
 * of a long computation, and what is free stays there. So everybody looks again, at first soon, then as late as this, in
 * ms. Each nap is twice as long as the one before: a thing is never taken much later than after twice the time.
 */
const LONGEST_NAP = 512
const SHORTEST_NAP = 16
/** A timer longer than this fires at once, on every runtime. */
const LONGEST_TIMER = 0x7fffffff

export function firstNap(): number {
  return load(threadTable(), NAPLESS) === 0 ? SHORTEST_NAP : Infinity
}

export function longerNap(nap: number): number {
  return nap === Infinity ? nap : Math.min(2 * nap, LONGEST_NAP)
}

/** In all threads. For tests: a call that is lost shows only if nobody looks again without one. */
export function forbidNaps(forbidden: boolean): void {
  store(threadTable(), NAPLESS, forbidden ? 1 : 0)
}

/** The things for which tasks of this thread wait. */
const listening = new Map<number, Thing>()
/** Whether this thread will look of itself for what it was called for. */
let attentive = false

/** The count of calls of this thread, to be taken before `enlist`. */
export function callCount(): number {
  return load(threadTable(), placeOf(ownIdentity()) + WAKE)
}

/** Blocks this thread until it is called, unless it was since `count`; at most `timeout` ms. */
export function sleep(count: number, timeout: number): void {
  wait(threadTable(), placeOf(ownIdentity()) + WAKE, count, timeout)
  stopIfEnded()
}

const lastThings = new Set<() => void>()

/** Calls `f` each time before this thread is blocked: what it was about to do in a moment, others may wait for. */
export function beforeBlocking(f: () => void): void {
  lastThings.add(f)
}

/** To be called by whoever blocks this thread in another way. */
export function aboutToBlock(): void {
  for (const each of lastThings) each()
}

/** Runs `f`, in which this thread sleeps for the thing. `holder`: the identity of who holds it, or 0. */
export function whileBlocked<T>(thing: Thing, holder: number, f: () => T): T {
  const table = threadTable()
  const at = placeOf(ownIdentity())
  // It may be in a handler of its own exit, so it must not sleep for ever.
  if (!isAlive(ownIdentity()))
    throw new InvalidStateError(`this thread has ended: it cannot wait for the ${thing.label}`)
  aboutToBlock()
  store(table, at + BLOCKED_BY, holder)
  writeText(table, at + BLOCKED_TEXT, thing.label)
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

/** A thread that was ended may run on for a moment, on Deno for long. By now its place may be another's. */
function stopIfEnded(): void {
  if (!isAlive(ownIdentity())) wait(sharedWords(1), 0, 0, Infinity)
}

/** This thread itself has told its end: it is in the handlers of its exit. */
let leaves = false

/** Whether others have ended this thread, and it runs on. */
export function wasLetGo(): boolean {
  return !leaves && !isAlive(ownIdentity())
}

/** Begins to listen for calls about the thing. The program stays alive as long as another thread could call. */
export function listen(thing: Thing): void {
  if (listening.has(thing.number)) return
  listening.set(thing.number, thing)
  publish()
  hold()
  if (!attentive) sleepOnLoop()
}

export function unlisten(thing: Thing): void {
  if (!listening.delete(thing.number)) return
  publish()
  hold()
}

/** Lets other threads read for what this one waits. */
function publish(): void {
  const table = threadTable()
  const at = placeOf(ownIdentity())
  const [first] = listening.values()
  if (first !== undefined && listening.size === 1) writeText(table, at + AWAITED_TEXT, first.label)
  store(table, at + AWAITED, listening.size)
}

let holding: ReturnType<typeof setTimeout> | undefined
let nap = SHORTEST_NAP
/** Whether this thread was called in this nap. */
let called = false

/**
 * While tasks wait and there is another thread, which may be the one that they wait for, a timer keeps the program alive,
 * as no waitAsync does. It is also what ends a nap. (A time limit of the waitAsync itself costs as much as a wake-up.)
 */
function hold(): void {
  const wanted = listening.size > 0 && hasOthers()
  if (wanted === (holding !== undefined)) return
  if (wanted) return beginNap(firstNap())
  clearTimeout(holding)
  holding = undefined
}

function beginNap(length: number): void {
  nap = length
  called = false
  holding = setTimeout(endNap, Math.min(nap, LONGEST_TIMER))
}

function endNap(): void {
  beginNap(called ? firstNap() : longerNap(nap))
  for (const thing of listening.values()) thing.called(true)
  hold()
}

/** Whether another thread of the program is alive. */
export function hasOthers(): boolean {
  const withNeighbours = hasNeighbours()
  // Not by `liveThreads`, as it is asked before each sleep.
  for (let place = usedPlaces() - 1; place >= 0; place--) {
    const identity = threadAt(place)
    if (identity > 0 && identity !== ownIdentity() && (withNeighbours || isOfOwnProcess(identity))) return true
  }
  return false
}

/** A place for a thread that is about to be started. Throws UnsupportedError if there are too many threads. */
export function threadBegins(name: string): ThreadPlace {
  const place = claimPlace(name)
  hold()
  return place
}

/** Waits on the event loop, once for all things. What is left of it when nobody listens any more keeps nothing alive. */
function sleepOnLoop(): void {
  const table = threadTable()
  const at = placeOf(ownIdentity()) + WAKE
  // Also while it looks: a thing that begins to be listened to in the meantime is seen below.
  attentive = true
  for (;;) {
    const count = load(table, at)
    eachCalled(thing => thing.called(false))
    hold()
    if (listening.size === 0) break
    const result = waitAsync(table, at, count, Infinity)
    if (typeof result === 'string') continue
    void result.then(wakeOnLoop)
    return
  }
  attentive = false
}

function wakeOnLoop(): void {
  called = true
  sleepOnLoop()
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
  wakeThread(identity, true)
}

/**
 * The thread has ended, or is about to. What it held is broken, and what it was called for is free: everybody looks again.
 * To be said again when it has really ended: what it gave in its last moments it may have told to nobody.
 */
export function threadEnded(identity: number): void {
  if (identity === ownIdentity()) leaves = true
  leavePlace(identity)
  for (const other of allThreads()) callForAll(other)
  for (const each of afterDeaths) each()
}

const afterDeaths = new Set<() => void>()

/** Calls `f` each time after this thread has told of the end of another. */
export function afterDeath(f: () => void): void {
  afterDeaths.add(f)
}
