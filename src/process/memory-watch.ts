/** Asks the parent to replace this process when it has taken more memory than it may. */
import { memoryInUse } from '../platform/memory.ts'
import type { WorkerEnd } from '../wire/ends.ts'

/** Milliseconds between two looks: to ask the system takes longer than a small call. */
const INTERVAL = 50

/** Returns what is to be called when a call is done. `most`: in bytes. */
export function watchMemory(connection: WorkerEnd, most: number = Infinity): () => void {
  let told = most === Infinity
  let lookedAt = -Infinity
  return () => {
    if (told || performance.now() - lookedAt < INTERVAL) return
    lookedAt = performance.now()
    if (memoryInUse() <= most) return
    told = true
    connection.post({ type: 'heavy' })
  }
}
