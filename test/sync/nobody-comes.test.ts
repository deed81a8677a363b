import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runProgram } from '../fixtures/run-program.ts'

test('who waits for a notify or a party that cannot come any more is told', { timeout: 30_000 }, async () => {
  const { code, stdout, stderr } = await runProgram('sync-programs/nobody-comes.ts')
  const names = ['DeadlockError', 'DeadlockError', 'DeadlockError']
  const lines = ['true', ...names, 'false 0 false', '']
  assert.deepEqual([stdout.split('\n'), stderr, code], [lines, '', 0])
})
