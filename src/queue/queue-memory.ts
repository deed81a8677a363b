/** The shared memory of a SharedQueue: what is where. One block, so that one number and one block are all that crosses. */
import { load, store } from '../memory/atomics.ts'
import { BYTES_PER_CELL, WORDS_PER_CELL } from '../memory/ring.ts'
import { nextThing } from '../memory/thread-table.ts'
import type { Handles, SharedState } from '../sync/handles.ts'
import { RobustMutex } from '../sync/robust-mutex.ts'
import { DICTIONARY_WORDS } from './key-dictionary.ts'
import { RecordRing } from './record-ring.ts'

/** A cache line. What different threads change often is kept on different ones. */
const LINE = 16

// Things that threads wait for, each with a number of its own.
const NOT_EMPTY = 0
const NOT_FULL = 1
const ALL_DONE = 2
const ARRIVALS = 3
const PRODUCERS = 4
const CONSUMERS = 5
const THINGS = 6

// Words that rarely change, and are read all the time.
const SETTINGS = THINGS * LINE
const SIZE = SETTINGS
/** The most items; 0 and UNLIMITED for as many as there is room for. */
export const MAX_SIZE: number = SETTINGS + 1
/** Infinity, which is told from 0 when it is asked for. */
export const UNLIMITED = -1
export const IS_SHUT_DOWN: number = SETTINGS + 2
/** The identity of the thread that writes an item in pieces, or 0. Changed by whoever has the producers' mutex. */
export const WRITER: number = SETTINGS + 3
/** The serial number of that item. */
export const SERIAL: number = SETTINGS + 4
/** Where it begins. */
export const START: number = SETTINGS + 5
/** The identity of the thread that puts one together, or 0. Changed by whoever has the consumers' mutex. */
export const READER: number = SETTINGS + 6
/** The numbers of the things but for the first, which has that of the queue. */
const NUMBERS = SETTINGS + 7

/** How often `taskDone` was called. */
export const DONE: number = SETTINGS + LINE

// Processors fetch lines by twos, so the two sides are two lines apart.
const WRITER_SIDE = SETTINGS + 2 * LINE
const READER_SIDE = WRITER_SIDE + 2 * LINE
const DICTIONARY = READER_SIDE + 2 * LINE
const CELLS = DICTIONARY + DICTIONARY_WORDS

export interface QueueMemory {
  readonly words: Int32Array<SharedArrayBuffer>
  readonly notEmpty: SharedState
  readonly notFull: SharedState
  readonly allDone: SharedState
  readonly arrivals: SharedState
  readonly producers: RobustMutex
  readonly consumers: RobustMutex
  readonly dictionary: Int32Array
  readonly ring: RecordRing
}

/** The state of a new queue. `bytes`: the size of its ring, rounded up to a power of two. */
export function makeQueue<T extends object>(handles: Handles<T>, maxSize: number, bytes: number): SharedState {
  const size = 2 ** Math.ceil(Math.log2(bytes / BYTES_PER_CELL))
  const state = handles.make(CELLS + size * WORDS_PER_CELL)
  store(state.words, SIZE, size)
  store(state.words, MAX_SIZE, maxSize)
  for (let thing = 1; thing < THINGS; thing++) store(state.words, NUMBERS + thing, nextThing())
  return state
}

/** Finds the parts of a queue in its memory. */
export function openQueue({ number, words, shared }: SharedState): QueueMemory {
  const thing = (at: number): SharedState => ({
    number: at === NOT_EMPTY ? number : load(words, NUMBERS + at),
    words: words.subarray(at * LINE, (at + 1) * LINE),
    shared,
  })
  const mutex = (at: number): RobustMutex => {
    const { number: its, words: itsWords } = thing(at)
    return new RobustMutex(its, itsWords)
  }
  return {
    words,
    notEmpty: thing(NOT_EMPTY),
    notFull: thing(NOT_FULL),
    allDone: thing(ALL_DONE),
    arrivals: thing(ARRIVALS),
    producers: mutex(PRODUCERS),
    consumers: mutex(CONSUMERS),
    dictionary: words.subarray(DICTIONARY, CELLS),
    ring: new RecordRing({
      words,
      writer: WRITER_SIDE,
      reader: READER_SIDE,
      cells: CELLS,
      size: load(words, SIZE),
    }),
  }
}
