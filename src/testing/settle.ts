/** Waiting until nothing moves any more, as trio's `wait_all_tasks_blocked`: a test waits for that instead of for time. */
import { parkedScopes } from '../task/cancel-scope.ts'
import { waiters } from '../sync/waiters.ts'

/** So many turns of the event loop in which nothing happened are taken for rest. */
export const TURNS_OF_REST = 4

/** Resolves after all that is due now, microtasks as well as the turns of those who gave way with `sleep(0)`. */
export async function settle(turns: number = TURNS_OF_REST): Promise<void> {
  for (let i = 0; i < turns; i++) await turn()
}

/**
 * Resolves when at least so many tasks wait for something of this library: a lock, a queue, a sleep. It never gives up:
 * the time limit of the test does.
 */
export async function untilParked(count: number): Promise<void> {
  while (parked() < count) await turn()
}

/** Tasks are counted by their scopes, and waits that are in no task by what is waited for. */
function parked(): number {
  const waits = waiters().reduce((sum, { tasks }) => sum + tasks, 0)
  return Math.max(parkedScopes(), waits)
}

/** A turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}
