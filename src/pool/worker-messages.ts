/** What a worker says beside its results, and who has to hear of it: the same for pools and for what has one call only. */
import type { WorkerMessage } from '../wire/message.ts'
import { unpack } from '../wire/unpack.ts'
import type { Pool } from './pool.ts'
import { replaceSoon, takeHome } from './returned-calls.ts'
import type { WorkerLink } from './worker-link.ts'

/** `broken` is called with the reason if the worker could not be set up. */
export function receive(pool: Pool, link: WorkerLink, message: WorkerMessage, broken: (cause: unknown) => void): void {
  if (message.type === 'wake') pool.wake()
  else if (message.type === 'ready') link.ready = true
  else if (message.type === 'returned') takeHome(pool, link, message.records)
  else if (message.type === 'heavy') replaceSoon(pool, link)
  else if (message.type === 'submit') void pool.requests.submit(link, message)
  else if (message.type === 'abandon') void pool.requests.abandon(link, message)
  // A reason that cannot be read is one as well: somebody waits for the calls of this worker.
  else if (message.type === 'broken') read(message.packed).then(broken, broken)
}

async function read(packed: Parameters<typeof unpack>[0]): Promise<unknown> {
  return unpack(packed)
}
