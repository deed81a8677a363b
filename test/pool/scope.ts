/** A pool, a gate and a time limit for each case; nothing is left behind. */
import { test } from 'node:test'
import { type PoolOptions, ThreadPoolExecutor } from 'multitask'
import { Gate } from '../fixtures/gate.ts'

/** How often each case is run. 200 before a release: `MULTITASK_REPEAT=200 npm test`. */
const REPEAT = Number(process.env['MULTITASK_REPEAT'] ?? 1)

/** There to end what hangs; decides nothing. */
const LIMIT = 30_000

type Body = (pool: ThreadPoolExecutor, gate: Gate) => Promise<void>

export interface CaseOptions extends PoolOptions {
  /** Why the case cannot hold on this runtime. */
  readonly skip?: string | false
}

export function poolCase(claim: string, options: CaseOptions, body: Body): void {
  const { skip = false, ...poolOptions } = options
  void test(claim, { timeout: LIMIT * Math.ceil(REPEAT / 4), skip }, async () => {
    for (let i = 0; i < REPEAT; i++) {
      const pool = new ThreadPoolExecutor({ maxWorkers: 1, ...poolOptions })
      const gate = new Gate()
      try {
        await body(pool, gate)
      } finally {
        gate.open()
        await pool.shutdown({ cancelFutures: true })
      }
    }
  })
}
