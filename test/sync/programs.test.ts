/** Programs that wait end when they should, and not before. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runProgram } from '../fixtures/run-program.ts'

const LIMIT = { timeout: 30_000 }

test('a program in which nobody waits any more ends by itself, with a pool that is idle', LIMIT, async () => {
  const { code, stdout, stderr } = await runProgram('sync-programs/all-done.ts')
  assert.equal(stderr, '')
  assert.equal(stdout, '100 100 100 Lock { free }\n100 100 100 Semaphore { 1 free }\n')
  assert.equal(code, 0)
})

test('waits that tasks have left behind in their threads end with the pool', LIMIT, async () => {
  const { code, stdout, stderr } = await runProgram('sync-programs/left-waiting.ts')
  assert.equal(stderr, '')
  assert.equal(stdout, 'TimeoutError\nfalse\ndown\n')
  assert.equal(code, 0)
})
