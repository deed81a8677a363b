/** The lanes of a connection between processes that can share memory: made by the parent when something large first crosses. */
import { LANE_WORDS } from '../memory/lane.ts'
import { neighbourWords, receiveWords, type SentWords, sendWords } from '../memory/neighbour-words.ts'

type Words = Int32Array<SharedArrayBuffer>

export interface Lanes {
  readonly calls: Words
  readonly results: Words
}

/** How they cross. */
export interface SentLanes {
  readonly calls: SentWords
  readonly results: SentWords
}

/** In bytes, of all the buffers of a message: below that the stream does as well. */
const WORTH_A_LANE = 1 << 16

export function isWorthLane(large: ReadonlySet<ArrayBuffer> | undefined): boolean {
  let bytes = 0
  for (const { byteLength } of large ?? []) bytes += byteLength
  return bytes >= WORTH_A_LANE
}

/** Undefined where there is no such memory. */
export function makeLanes(): { readonly lanes: Lanes; readonly sent: SentLanes } | undefined {
  const [calls, results] = [neighbourWords(LANE_WORDS), neighbourWords(LANE_WORDS)]
  const sent = { calls: withoutMemory(calls), results: withoutMemory(results) }
  return sent.calls.file === undefined || sent.results.file === undefined
    ? undefined
    : { lanes: { calls, results }, sent }
}

/** Undefined if they cannot be had here. */
export function receiveLanes(sent: SentLanes): Lanes | undefined {
  const [calls, results] = [receiveWords(sent.calls), receiveWords(sent.results)]
  return calls === undefined || results === undefined ? undefined : { calls, results }
}

function withoutMemory(words: Words): SentWords {
  return { ...sendWords(words), memory: undefined }
}
