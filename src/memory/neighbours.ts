/**
 * Neighbours: processes that have one table of threads, as their memory has the same pages. Threads of one wait for things
 * that those of another give, and all that is written for threads holds for them, but for one thing: a thread of another
 * process cannot be woken by `notify`.
 *
 * So each of these processes has a bell, and a thread that listens to it (host/bell-keeper.ts). Who has something for a
 * thread of another process marks its place, rings the bell of the process, and the keeper wakes those that are marked.
 *
 * Why no wake-up is lost: who calls has changed the word on which the other sleeps before it marks the place, and it rings
 * unless somebody has since the keeper looked last; the keeper says that it will look before it does.
 */
import { add, compareExchange, exchange, hook, load, notify, store } from './atomics.ts'
import { fileOf, type MappedFile, openMapped } from './mapping.ts'
import {
  allThreads,
  claimProcess,
  enterLater,
  firstThread,
  isAlive,
  isFirst,
  isOfOwnProcess,
  NEIGHBOUR_WORDS,
  ownIdentity,
  ownPlace,
  parentOf,
  parentProcess,
  placeOf,
  PLACES,
  processOf,
  threadTable,
  WAKE,
} from './thread-table.ts'

/** Of a thread: whether the keeper has to wake it. */
const MARKED = NEIGHBOUR_WORDS
/* Of a process, at its first thread's place. */
/** Whether its bell was rung since the keeper looked last. */
const RUNG = NEIGHBOUR_WORDS + 1
/** The number by which the system knows it. */
const PROCESS_ID = NEIGHBOUR_WORDS + 2
/** The descriptor of its bell, and 1. */
const BELL = NEIGHBOUR_WORDS + 3
/** The number of the pipe that it is. */
const PIPE = NEIGHBOUR_WORDS + 4
/** The identity of the thread that has started the keeper, and with which it ends. */
const KEEPER = NEIGHBOUR_WORDS + 5

/** A pipe, and where it is. */
export interface Bell {
  readonly process: number
  readonly descriptor: number
  readonly pipe: number
}

type Ring = (bell: Bell) => void

let ring: Ring | undefined

/** Says how a bell is rung. */
export function provideBells(provided: Ring): void {
  ring = provided
}

/** The name of the table that this process shares with its neighbours; undefined if nobody can. */
export function neighbourhood(): string | undefined {
  return fileOf(threadTable().buffer)?.name
}

/** What the first thread of a process that is started needs, to be one of the neighbours. */
export interface ProcessPlace {
  readonly file: MappedFile
  readonly identity: number
}

/** At most so many places are given to processes: their threads need some too. */
const MOST_USED = (PLACES * 3) / 4

/** A place for a process that is about to be started; undefined if it has to do with a table of its own. */
export function placeForProcess(name: string): ProcessPlace | undefined {
  const { file } = ownPlace()
  if (file === undefined || [...allThreads()].length >= MOST_USED) return undefined
  return { file, identity: claimProcess(name).identity }
}

/**
 * The table is that of the process that started this one, if it can be had: else this process has one of its own. To be
 * called before anything is made that threads share. Nothing is opened before it is used.
 */
export function enterNeighbourhood({ file, identity }: ProcessPlace): void {
  enterLater(() => {
    const table = openMapped(file)
    return table === undefined ? undefined : { table, identity, file }
  })
}

/**
 * Wakes a thread, wherever it is. `firmly`: also if the bell of its process seems to have been rung: who was about to may
 * have died before.
 */
export function wakeThread(identity: number, firmly: boolean = false): void {
  const table = threadTable()
  const at = placeOf(identity)
  add(table, at + WAKE, 1)
  if (hook !== undefined || isOfOwnProcess(identity)) notify(table, at + WAKE, Infinity)
  else call(table, identity, firmly)
}

function call(table: Int32Array, identity: number, firmly: boolean): void {
  store(table, placeOf(identity) + MARKED, 1)
  const first = processOf(identity)
  if (exchange(table, first + RUNG, 1) !== 0 && !firmly) return
  const bell = load(table, first + BELL)
  // Without a bell it has not begun to wait for anything of others.
  if (bell === 0) return
  ring?.({ process: load(table, first + PROCESS_ID), descriptor: bell - 1, pipe: load(table, first + PIPE) >>> 0 })
}

/** Rings every bell but the own one. */
export function callNeighbours(): void {
  const table = threadTable()
  for (const identity of allThreads()) if (!isOfOwnProcess(identity) && isFirst(identity)) call(table, identity, true)
}

/**
 * Whether this process may run on for a moment when others have been told that it has ended: the one that started it has
 * ended, and told nobody else of its own children.
 */
export function mayOutliveItself(): boolean {
  return hook === undefined && parentProcess() !== 0
}

/** Whether threads of this process wait for things that those of others have too. */
export function hasNeighbours(): boolean {
  return hook === undefined && load(threadTable(), processOf(ownIdentity()) + BELL) !== 0
}

/** The number by which the system knows the process of a thread; 0 if it has no bell. */
export function processWithBell(identity: number): number {
  const table = threadTable()
  return load(table, processOf(identity) + BELL) === 0 ? 0 : load(table, processOf(identity) + PROCESS_ID)
}

/** Whether this thread is to start the keeper of the bell of this process: nobody has, or who has is dead. */
export function mayKeepBell(): boolean {
  const table = threadTable()
  const at = processOf(ownIdentity()) + KEEPER
  const keeper = load(table, at)
  if ((keeper !== 0 && isAlive(keeper)) || !isAlive(ownIdentity())) return false
  return compareExchange(table, at, keeper, ownIdentity()) === keeper
}

/** The keeper that this thread has started has ended: who next meets a neighbour starts another. */
export function loseKeeper(): void {
  compareExchange(threadTable(), processOf(ownIdentity()) + KEEPER, ownIdentity(), 0)
}

/** This process has a bell from now on. */
export function hangBell({ process, descriptor, pipe }: Bell): void {
  const table = threadTable()
  const at = processOf(ownIdentity())
  store(table, at + PROCESS_ID, process)
  store(table, at + PIPE, pipe)
  store(table, at + BELL, descriptor + 1)
  // It has to hear when this process ends, and may be the only one that can: see host/bell-keeper.ts.
  const parent = parentProcess()
  if (parent > 0 && isAlive(parent)) call(table, parent, true)
}

/** The first threads of the processes that this one has started. */
export function childProcesses(): number[] {
  const own = firstThread()
  return [...allThreads()].filter(identity => isFirst(identity) && parentOf(identity) === own && identity !== own)
}

/** For the keeper, when the bell was rung, and once before: wakes the threads of this process that are called. */
export function answerBell(): void {
  const table = threadTable()
  // First: who calls from now on rings again.
  store(table, processOf(ownIdentity()) + RUNG, 0)
  for (const identity of allThreads()) {
    const at = placeOf(identity)
    if (isOfOwnProcess(identity) && exchange(table, at + MARKED, 0) !== 0) notify(table, at + WAKE, Infinity)
  }
}
