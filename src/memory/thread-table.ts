/**
 * The threads of this program, in memory that all of them see: who is alive, under which name, and the word on which
 * each of them sleeps.
 *
 * The thread that starts the others makes the table; each gets it, and its own place in it, when it is started.
 * A place is used again when its thread has ended, but under another identity: the number of the place and how often
 * it was given away. So an owner that is written in a lock can be told to be dead for ever after.
 *
 * Where processes can share memory, those that this one starts have the same table: see neighbours.ts.
 */
import { UnsupportedError } from '../errors.ts'
import { add, compareExchange, exchange, glance, load, sharedWords, store } from './atomics.ts'
import { fileOf, makeMapped, type MappedFile, noteFile } from './mapping.ts'
import { readText, writeText } from './table-text.ts'

/** How many threads can be alive at a time. Each has a bit in the mask of every thing that threads wait for. */
export const PLACES: number = 256
const PLACE_WORDS = 224

/** The words before the first place. */
const HEAD_WORDS = 16
/** How many places have ever been used. */
const USED = 0
/** The number of the next shared thing. */
const NEXT_THING = 1
/** How many threads have ended, or more. */
const DEATHS = 2
/** Whether nobody may nap. */
export const NAPLESS: number = 3

/** The words of a place. */
const IDENTITY = 0
const GENERATION = 1
/** Counts the wake-ups of the thread. It sleeps on this word alone, whatever it waits for. */
export const WAKE: number = 2
/** The thing for which the thread is blocked; 0 if it runs. */
export const BLOCKED_ON: number = 3
/** The identity of who holds it, if the thing has a holder. */
export const BLOCKED_BY: number = 4
/** The identity of the thread that started it. */
const PARENT = 6
/** What a Thread tells of itself. */
export const MARKS: number = 7
/** Which things have something for the thread's tasks: one bit for each 256th number. */
export const CALLS: number = 8
export const CALL_WORDS: number = 8
/** The first words of texts: the length, then a word for each code unit. */
const NAME = 16
/** For what the thread is blocked, in words for people. */
export const BLOCKED_TEXT: number = 80
/** For what tasks of the thread wait: one of the things, and how many there are. */
export const AWAITED_TEXT: number = 144
export const AWAITED: number = 5
/** The number of the place of the first thread of its process, and 1. */
const PROCESS = 208
/** Of the words from here on some are the process's, at its first thread's place. */
export const NEIGHBOUR_WORDS: number = 209
const LAST_WORD = 223

/** A place that is being filled. */
const TAKEN = -1
/** The name of the first thread of a process. */
const MAIN = 'MainThread'

let words: Int32Array<SharedArrayBuffer> | undefined
let own = 0

/** What a thread is started with, so that it finds its place. */
export interface ThreadPlace {
  readonly table: SharedArrayBuffer
  readonly identity: number
  /** Where the memory of the table comes from, if other processes can have it. */
  readonly file: MappedFile | undefined
}

/** A table that is in place, and whose place in it is one's own; `words` is undefined before it is made. */
export interface OpenTable {
  readonly words: Int32Array<SharedArrayBuffer> | undefined
  readonly own: number
}

/** Enters the table of the thread that started this one. Once, before anything else. */
export function enterThreadTable(place: ThreadPlace): void {
  words = new Int32Array(place.table)
  own = place.identity
  if (place.file !== undefined) noteFile(place.table, place.file)
}

let entrance: (() => ThreadPlace | undefined) | undefined

/** The same when the table is first used. If `find` finds none, this thread makes one. */
export function enterLater(find: () => ThreadPlace | undefined): void {
  entrance = find
}

/** Puts another table in place, for who plays several threads in one. Returns the one that was there. */
export function exchangeThreadTable(next: OpenTable): OpenTable {
  const before = { words, own }
  words = next.words
  own = next.own
  return before
}

/** Who this thread is from now on, in the table that is in place: for who plays several threads in one. */
export function playThread(identity: number): void {
  own = identity
}

/** Whether a word of the table changes only when a thread begins or ends. */
export function isSettled(index: number): boolean {
  if (index < HEAD_WORDS) return index !== NEXT_THING
  const at = (index - HEAD_WORDS) % PLACE_WORDS
  return at === IDENTITY || at === GENERATION || at === PARENT || (at >= NAME && at < NEIGHBOUR_WORDS)
}

/** The table, and this thread's place in it. The first thread makes it. */
export function threadTable(): Int32Array<SharedArrayBuffer> {
  if (words === undefined) {
    const place = entrance?.()
    if (place !== undefined) enterThreadTable(place)
  }
  if (words === undefined) {
    const count = HEAD_WORDS + PLACES * PLACE_WORDS
    const memory = makeMapped(count * 4)
    words = memory === undefined ? sharedWords(count) : new Int32Array(memory)
    store(words, NEXT_THING, 1)
    own = claim(words, MAIN, 0, 0)
  }
  return words
}

/** Who this thread is: a positive number below 2^29, of no other thread of the program before or after it. */
export function ownIdentity(): number {
  if (own === 0) threadTable()
  return own
}

/** The place of this thread, for another that acts as it. */
export function ownPlace(): ThreadPlace {
  const table = threadTable()
  return { table: table.buffer, identity: ownIdentity(), file: fileOf(table.buffer) }
}

/** The identity of the thread that started another; 0 if nobody did. */
export function parentOf(identity: number): number {
  return load(threadTable(), placeOf(identity) + PARENT)
}

/** The identity of the thread that started this one; 0 for the first of a process. */
export function parentIdentity(): number {
  const parent = parentOf(ownIdentity())
  return parent === 0 || isOfOwnProcess(parent) ? parent : 0
}

/** A place for a thread that is about to be started. Throws UnsupportedError if there are too many. */
export function claimPlace(name: string): ThreadPlace {
  const identity = claim(threadTable(), name, ownIdentity(), glance(threadTable(), placeOf(own) + PROCESS))
  return { ...ownPlace(), identity }
}

/** The same for the first thread of a process, under the first of this one: it goes on when its starter ends. */
export function claimProcess(name: string): ThreadPlace {
  const table = threadTable()
  return { ...ownPlace(), identity: claim(table, name, firstThread(), 0) }
}

/** The first word of the place of the first thread of a thread's process. */
export function processOf(identity: number): number {
  return placeOf(glance(threadTable(), placeOf(identity) + PROCESS) - 1)
}

/** Whether a thread is the first of its process. */
export function isFirst(identity: number): boolean {
  return processOf(identity) === placeOf(identity)
}

/** The first thread of this process; another, or 0, if that has ended. */
export function firstThread(): number {
  return load(threadTable(), processOf(ownIdentity()) + IDENTITY)
}

/** The first thread of the process that started this one; 0 if that is no neighbour. */
export function parentProcess(): number {
  return glance(threadTable(), processOf(ownIdentity()) + PARENT)
}

/** Whether a thread is one of this process. */
export function isOfOwnProcess(identity: number): boolean {
  const table = threadTable()
  return glance(table, placeOf(identity) + PROCESS) === glance(table, placeOf(ownIdentity()) + PROCESS)
}

/** `process`: the number of the process, and 1; 0 for a new one. */
function claim(table: Int32Array, name: string, parent: number, process: number): number {
  for (let place = 0; place < PLACES; place++) {
    const at = HEAD_WORDS + place * PLACE_WORDS
    if (compareExchange(table, at + IDENTITY, 0, TAKEN) !== 0) continue
    const generation = (load(table, at + GENERATION) % 0xfffff) + 1
    store(table, at + GENERATION, generation)
    store(table, at + BLOCKED_ON, 0)
    store(table, at + AWAITED, 0)
    store(table, at + PARENT, parent)
    store(table, at + PROCESS, process || place + 1)
    for (let word = NEIGHBOUR_WORDS; word <= LAST_WORD; word++) table[at + word] = 0
    writeText(table, at + NAME, name)
    let used = load(table, USED)
    while (used <= place) used = raise(table, used, place + 1)
    const identity = generation * PLACES + place
    store(table, at + IDENTITY, identity)
    return identity
  }
  const alone = [...allThreads()].every(isOfOwnProcess)
  const where = alone ? '' : ' in this program and its processes (each has so many with MULTITASK_SHARED_MEMORY=off)'
  throw new UnsupportedError(`${PLACES} threads are alive${where}, and there can be no more`)
}

function raise(table: Int32Array, used: number, wanted: number): number {
  const seen = compareExchange(table, USED, used, wanted)
  return seen === used ? wanted : seen
}

/**
 * The thread has ended, or will not run on; and so have those that it started, of whose end only it would have heard.
 * It may be said twice, and counts twice: in the moments between the two the thread may have left traces in its place.
 */
export function leavePlace(identity: number): void {
  const table = threadTable()
  compareExchange(table, placeOf(identity) + IDENTITY, identity, 0)
  add(table, DEATHS, 1)
  for (const other of allThreads()) if (parentOf(other) === identity) leavePlace(other)
}

/** A number that grows when a thread ends. */
export function deaths(): number {
  return load(threadTable(), DEATHS)
}

export function isAlive(identity: number): boolean {
  return load(threadTable(), placeOf(identity) + IDENTITY) === identity
}

/** The thread's name, which is kept until its place is used again. */
export function threadName(identity: number): string {
  const table = threadTable()
  const at = placeOf(identity)
  if (load(table, at + GENERATION) !== Math.trunc(identity / PLACES)) return 'a thread that has ended'
  const name = readText(table, at + NAME)
  // Its name in the table is that of the process, as others see it.
  return identity === firstThread() ? MAIN : name
}

/** The first word of the place of a thread. */
export function placeOf(identity: number): number {
  return HEAD_WORDS + (identity % PLACES) * PLACE_WORDS
}

/** The threads of this process that are alive, this one among them. */
export function* liveThreads(): Generator<number> {
  for (const identity of allThreads()) if (isOfOwnProcess(identity)) yield identity
}

/** The same with those of all processes that have the table. */
export function* allThreads(): Generator<number> {
  const used = usedPlaces()
  for (let place = 0; place < used; place++) {
    const identity = threadAt(place)
    if (identity > 0) yield identity
  }
}

/** The number of a thread's place. */
export function placeNumber(identity: number): number {
  return identity % PLACES
}

/** How many places may be in use: all of them have lower numbers. */
export function usedPlaces(): number {
  return load(threadTable(), USED)
}

/** Who has the place now; 0 or less if nobody. */
export function threadAt(place: number): number {
  return load(threadTable(), HEAD_WORDS + place * PLACE_WORDS + IDENTITY)
}

/** A number for a thing that threads share: a lock, a queue. No other thing of the program has it. */
export function nextThing(): number {
  const table = threadTable()
  for (;;) {
    const number = load(table, NEXT_THING)
    const next = number === 0x7fffffff ? 1 : number + 1
    if (compareExchange(table, NEXT_THING, number, next) === number) return number
  }
}

/** Takes the bits of a word of this thread's calls. */
export function takeCalls(word: number): number {
  return exchange(threadTable(), placeOf(ownIdentity()) + CALLS + word, 0)
}
