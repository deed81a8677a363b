/** What the threads of the program wait for, as they publish it in the thread table. It is for people. */
import { glance, load } from './atomics.ts'
import {
  AWAITED,
  AWAITED_TEXT,
  BLOCKED_BY,
  BLOCKED_ON,
  BLOCKED_TEXT,
  liveThreads,
  placeOf,
  threadTable,
} from './thread-table.ts'
import { readText } from './table-text.ts'

/** What a thread waits for. */
export interface ThreadWait {
  readonly identity: number
  /** What it is blocked for; undefined if it is not. */
  readonly blockedOn: string | undefined
  /** The identity of the thread that holds that, or 0. */
  readonly blockedBy: number
  /** For how many shared things its tasks wait. */
  readonly awaits: number
  /** One of them. */
  readonly awaited: string | undefined
}

/** What each live thread waits for, as it is now. */
export function threadWaits(): ThreadWait[] {
  const table = threadTable()
  return [...liveThreads()].map(identity => {
    const at = placeOf(identity)
    const blocked = load(table, at + BLOCKED_ON) !== 0
    const awaits = load(table, at + AWAITED)
    return {
      identity,
      blockedOn: blocked ? readText(table, at + BLOCKED_TEXT) : undefined,
      blockedBy: blocked ? load(table, at + BLOCKED_BY) : 0,
      awaits,
      awaited: awaits > 0 ? readText(table, at + AWAITED_TEXT) : undefined,
    }
  })
}

/** The identity of who holds what the thread is blocked for, or 0. Read as it stands, without the hook. */
export function holderOf(identity: number): number {
  const table = threadTable()
  const at = placeOf(identity)
  return glance(table, at + BLOCKED_ON) === 0 ? 0 : glance(table, at + BLOCKED_BY)
}
