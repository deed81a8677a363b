/**
 * Things in memory that other processes can have: a process that has the same table of threads as the one that sends them
 * gets the thing itself and no stand-in. Nobody acts for it then: it is one of the threads.
 */
import { receiveWords, type SentWords } from '../memory/neighbour-words.ts'
import { neighbourhood } from '../memory/neighbours.ts'
import type { Sent } from '../sync/handles.ts'
import { type Portable, portable, type PortableDescription, revivePortable } from '../wire/portable.ts'
import { meetNeighbours } from './bells.ts'
import type { HostedThing, MappedThing } from './protocol.ts'

/** What came from others, and as what: so it goes on. */
const origins = new WeakMap<object, HostedThing>()

export function originOf(thing: object): HostedThing | undefined {
  return origins.get(thing)
}

export function noteOrigin(thing: object, origin: HostedThing): void {
  origins.set(thing, origin)
}

interface SentEnd {
  readonly duct: Portable
  readonly side: number
}

/** What of a thing such a process needs; undefined if it cannot have it. `description`: what would cross to a thread. */
export function mappedThing({ type, data }: PortableDescription): MappedThing | undefined {
  const table = neighbourhood()
  if (table === undefined) return undefined
  const end = type === 'Connection' ? (data as SentEnd) : undefined
  const { number, words, extra } = (end === undefined ? data : end.duct[portable]().data) as Partial<Sent>
  if (words?.file === undefined || !meetNeighbours()) return undefined
  const sent = { number: number!, words: { ...words, memory: undefined }, extra: withoutMemory(extra) }
  return { neighbourhood: table, sent, side: end?.side }
}

/** The thing, if this process can have it. */
export function receiveMapped({ kind, mapped }: HostedThing): object | undefined {
  if (mapped === undefined || mapped.neighbourhood !== neighbourhood()) return undefined
  const { sent, side } = mapped
  // Gone with the thread that made it, or more than there can be here: somebody there acts for this thread.
  if (receiveWords(sent.words) === undefined || !meetNeighbours()) return undefined
  return revivePortable(
    side === undefined
      ? { type: kind, data: sent }
      : { type: kind, data: { duct: revivePortable({ type: 'Pipe', data: sent }), side } },
  ) as object
}

/** Of some things a part lies in memory of its own. */
function withoutMemory(extra: unknown): unknown {
  const { records } = (extra ?? {}) as { readonly records?: SentWords }
  return records === undefined ? extra : { ...(extra as object), records: { ...records, memory: undefined } }
}
