/** Calls that a worker was given and will not run after all: they go to the others. */
import { SERIAL, SLOT } from '../wire/record.ts'
import type { Pool } from './pool.ts'
import { shareOut } from './share-out.ts'
import type { WorkerLink } from './worker-link.ts'

/** Calls that were on their way to a worker, and that it has not started, are here again. */
export function takeHome(pool: Pool, link: WorkerLink, records: readonly Int32Array[]): void {
  for (const record of records.toReversed()) {
    const item = pool.ledger.find(record[SLOT]!, record[SERIAL]!)
    if (item === undefined || item.link !== link) continue
    link.outstanding--
    item.link = undefined
    if (item.stopping === undefined) pool.requeue(item, record)
    else pool.reject(item, item.stopping)
  }
  pool.feed()
  shareOut(pool)
}

/** A worker gets no more calls, and is replaced when it has none. */
export function replaceSoon(pool: Pool, link: WorkerLink): void {
  link.usedUp = true
  const waiting = pool.ledger.of(link).filter(item => link.takeBack(item))
  for (const item of waiting.toReversed()) pool.requeue(item, link.recordOf(item))
  if (link.outstanding === 0) pool.crew.settledAll(link)
  pool.feed()
}
