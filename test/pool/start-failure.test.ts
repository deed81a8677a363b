/** A worker that the system does not give is an error of the call, and the pool can be shut down. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ThreadPoolExecutor } from 'multitask'
import { claimPlace, leavePlace, type ThreadPlace } from '../../dist/memory/thread-table.js'
import { square } from '../fixtures/tasks.ts'

void test(
  'a call for which no worker can be started leaves nothing that shutdown would wait for',
  { timeout: 10_000 },
  async () => {
    const places: ThreadPlace[] = []
    const pool = new ThreadPoolExecutor({ maxWorkers: 1 })
    assert.throws(() => {
      for (;;) places.push(claimPlace('occupied'))
    })
    assert.throws(() => pool.submit(square, 3), { name: 'UnsupportedError' })
    for (const { identity: each } of places) leavePlace(each)
    assert.equal(pool.statistics().waiting, 0)
    assert.equal(await pool.submit(square, 3), 9)
    await pool.shutdown()
  },
)
