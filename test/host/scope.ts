/** A case with two processes, none of which is left after it. */
import { test } from 'node:test'
import { ProcessPoolExecutor } from 'multitask'

/** Long enough for processes on a slow machine. It is there to end what hangs. */
export const LIMIT = 60_000

export function twoProcesses(claim: string, body: (pool: ProcessPoolExecutor) => Promise<void>, skip = false): void {
  void test(claim, { timeout: LIMIT, skip }, async () => {
    const pool = new ProcessPoolExecutor({ maxWorkers: 2, name: 'crew' })
    try {
      await body(pool)
    } finally {
      await pool.shutdown({ cancelFutures: true })
    }
  })
}
