/** What becomes of the calls of a worker that has ended. */
import { BrokenPoolError, WorkerDiedError } from '../errors.ts'
import { describe } from '../options/describe.ts'
import { signalName } from '../platform/signal-names.ts'
import type { Pool } from './pool.ts'
import type { WorkItem } from './work-item.ts'
import type { WorkerLink } from './worker-link.ts'

/**
 * Calls that it had started fail (or run again, if they have retries left); calls that it had not started go to others.
 * `error`: what nobody caught in it.
 */
export function afterDeath(
  pool: Pool,
  link: WorkerLink,
  items: readonly WorkItem[],
  code: number,
  error: unknown,
): void {
  const [started, waiting] = [items.filter(isLost), items.filter(item => !isLost(item))]
  // Newest first, as each goes before the others.
  for (const item of waiting.toReversed()) {
    const record = link.recordOf(item)
    item.link = undefined
    pool.requeue(item, record)
  }
  for (const item of started) pool.reject(item, item.stopping ?? obituary(link, item, code, error))
  if (link.ready || link.closing) return
  // It never could take a call, and neither would the next: starting workers for ever is no way to go on.
  if (pool.crew.links.some(other => other.ready)) return pool.crew.pause()
  pool.break(
    new BrokenPoolError(`worker ${link.name} ended before it was ready (${reason(link, code, undefined)})`, {
      cause: error,
    }),
  )
}

/** What was moved to the worker is gone with it, whether the call had started or not. */
function isLost(item: WorkItem): boolean {
  return item.started || item.moves
}

function obituary(link: WorkerLink, item: WorkItem, code: number, error: unknown): WorkerDiedError {
  const cause = error ?? link.stopReason
  return new WorkerDiedError(`worker ${link.name} ended while it ran task ${item.name}: ${reason(link, code, error)}`, {
    exitCode: code,
    ...(cause === undefined ? {} : { cause }),
  })
}

function reason(link: WorkerLink, code: number, error: unknown): string {
  if ((error as { code?: string } | undefined)?.code === 'ERR_WORKER_OUT_OF_MEMORY') return 'it ran out of memory'
  if (error !== undefined) return `an error was not caught: ${error instanceof Error ? String(error) : describe(error)}`
  if (link.stopReason !== undefined) return 'it was stopped, because a task in it did not stop'
  const signal = code < 0 ? signalName(code) : undefined
  return signal === undefined ? `exit code ${code}` : `killed by ${signal}`
}
