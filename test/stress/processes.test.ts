/** Processes that are killed all the time: every call settles, and every one that may run again gives its result once. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ProcessPoolExecutor } from 'multitask'
import { squareIn } from '../fixtures/process-tasks.ts'
import { untilGone } from '../process/scope.ts'

/** 20 000 before a release: `MULTITASK_CALLS=20000 npm test`. */
const CALLS = Number(process.env['MULTITASK_CALLS'] ?? 500)
/** A process that is killed is up again in a tenth of a second or so. */
const LIMIT = 55_000 + CALLS * 20

void test('a storm of kills loses no call, and leaves no process', { timeout: LIMIT }, async () => {
  const pool = new ProcessPoolExecutor({ maxWorkers: 2 })
  const pids = new Set<number>()
  let newest = 0
  const storm = setInterval(() => {
    try {
      if (newest !== 0) process.kill(newest, 'SIGKILL')
    } catch {
      // It was killed before.
    }
  }, 50)
  const call = async (n: number): Promise<number> => {
    const [square, pid] = await pool.with({ retries: 1000 }).submit(squareIn, n)
    pids.add(pid)
    newest = pid
    return square
  }
  const squares: number[] = []
  // In waves, until some were killed: a fast machine is done with those before the first is.
  for (let from = 0; from < CALLS || pids.size <= 2; from += 100) {
    squares.push(...(await Promise.all(Array.from({ length: 100 }, (_, i) => call(from + i)))))
    await new Promise(resolve => setTimeout(resolve, 10))
  }
  clearInterval(storm)
  assert.deepEqual(
    squares,
    squares.map((_, n) => n * n),
  )
  assert.ok(squares.length >= CALLS)
  await pool.shutdown()
  await untilGone([...pids])
})
