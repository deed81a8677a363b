/**
 * Work stealing, done by the parent: a worker that has nothing to do gets half of the calls that wait behind another's.
 *
 * The parent does it, not the idle worker, because only the parent can take a call back, and it knows who has how many.
 * A worker has to be idle for a whole turn of the parent's loop first; in a flood it is idle now and then for less.
 */
import type { Pool } from './pool.ts'
import type { WorkerLink } from './worker-link.ts'

/** Takes calls from the worker that has most of them waiting, and gives them to those that are idle or can be started. */
export function shareOut(pool: Pool): void {
  let richest: WorkerLink | undefined
  for (const link of pool.crew.links) {
    // The first of a worker's calls is running, or about to, unless the worker is still starting.
    const waiting = link.outstanding - (link.ready ? 1 : 0)
    if (waiting > 0 && (richest === undefined || link.outstanding > richest.outstanding)) richest = link
  }
  if (richest === undefined) return
  const waiting = pool.ledger.of(richest).filter(item => !item.started && !item.moves)
  // From the end, where the other is not about to begin.
  for (const item of waiting.slice(-Math.ceil(waiting.length / 2)).toReversed()) {
    if (!richest.takeBack(item)) continue
    pool.requeue(item, richest.recordOf(item))
  }
  pool.feed()
}
