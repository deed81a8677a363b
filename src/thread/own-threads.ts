/** The Threads that this thread has started and has to wait for before it ends itself, as they would end with it. */
import { ownIdentity } from '../memory/thread-table.ts'
import { HAS_THREADS, mark } from '../memory/thread-marks.ts'

const ends = new Set<Promise<void>>()

/** There is one more. Returns what says that it has ended, and all there was to tell of it was told. */
export function ownThreadBegins(): () => void {
  let ended!: () => void
  const end = new Promise<void>(resolve => {
    ended = resolve
  })
  ends.add(end)
  mark(ownIdentity(), HAS_THREADS, true)
  return () => {
    ends.delete(end)
    if (ends.size === 0) mark(ownIdentity(), HAS_THREADS, false)
    ended()
  }
}

/** Resolves when there is none left, those included that begin meanwhile. */
export async function ownThreadsEnd(): Promise<void> {
  while (ends.size > 0) await Promise.all(ends)
}
