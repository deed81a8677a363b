/** The shared memory of a pipe: what is where. */
import { load, store } from '../memory/atomics.ts'
import { BYTES_PER_CELL, WORDS_PER_CELL } from '../memory/ring.ts'
import { nextThing } from '../memory/thread-table.ts'
import type { Handles, SharedState } from '../sync/handles.ts'
import { DICTIONARY_WORDS } from './key-dictionary.ts'
import { RecordRing } from './record-ring.ts'

/** A cache line. What different threads change often is kept on different ones. */
const LINE = 16

/** The ends of a pipe, as indexes. */
export type Side = 0 | 1

/* Each direction has two things that threads wait for, with numbers of their own. */
const THINGS = 4

const SETTINGS = THINGS * LINE
const SIZE = SETTINGS
/** How many directions there are: the first from end 1 to end 0, the second back. */
const DIRECTIONS = SETTINGS + 1
/** The thread that each end belongs to: its identity, or IN_TRANSIT, or CLOSED. */
export const OWNERS: number = SETTINGS + 2
/** The numbers of the things but for the first, which has that of the pipe. */
const NUMBERS = SETTINGS + 4
const HEAD_WORDS = SETTINGS + LINE

// Within a direction. Processors fetch lines by twos, so the two sides are two lines apart.
const WRITER_SIDE = 0
const READER_SIDE = 2 * LINE
const DICTIONARY = 4 * LINE
const CELLS = DICTIONARY + DICTIONARY_WORDS

/** It was sent to another thread and let go of here, and has not been received. */
export const IN_TRANSIT = 0
export const CLOSED = -1

export interface ChannelMemory {
  readonly notEmpty: SharedState
  readonly notFull: SharedState
  readonly dictionary: Int32Array
  readonly ring: RecordRing
}

export function makeDuct<T extends object>(handles: Handles<T>, duplex: boolean, bytes: number): SharedState {
  const size = 2 ** Math.ceil(Math.log2(bytes / BYTES_PER_CELL))
  const directions = duplex ? 2 : 1
  const state = handles.make(HEAD_WORDS + directions * (CELLS + size * WORDS_PER_CELL))
  store(state.words, SIZE, size)
  store(state.words, DIRECTIONS, directions)
  for (let thing = 1; thing < THINGS; thing++) store(state.words, NUMBERS + thing, nextThing())
  return state
}

/** The directions of a pipe. */
export function openDuct({ number, words, shared }: SharedState): ChannelMemory[] {
  const size = load(words, SIZE)
  const thing = (at: number): SharedState => ({
    number: at === 0 ? number : load(words, NUMBERS + at),
    words: words.subarray(at * LINE, (at + 1) * LINE),
    shared,
  })
  return Array.from({ length: load(words, DIRECTIONS) }, (_, direction) => {
    const start = HEAD_WORDS + direction * (CELLS + size * WORDS_PER_CELL)
    return {
      notEmpty: thing(2 * direction),
      notFull: thing(2 * direction + 1),
      dictionary: words.subarray(start + DICTIONARY, start + CELLS),
      ring: new RecordRing({
        words,
        writer: start + WRITER_SIDE,
        reader: start + READER_SIDE,
        cells: start + CELLS,
        size,
      }),
    }
  })
}
