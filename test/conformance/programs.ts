/** How programs end that use an executor. Ids are those of CPython's behaviours. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runProgram } from '../fixtures/run-program.ts'
import { LIMIT } from './scope.ts'

/** `name`: of the class, as in fixtures/executor-programs/executors.ts. */
export function programSuite(name: string): void {
  void test(
    `${name}: SHD-06: after a shutdown without waiting the program still finishes the work, and ends`,
    { timeout: LIMIT },
    async () => {
      const end = await runProgram('shutdown-no-wait.ts', name)
      assert.equal(end.stderr, '')
      assert.deepEqual(end.stdout.trim().split('\n').toSorted(), ['4', '9', 'returned'])
      assert.equal(end.code, 0)
    },
  )

  void test(
    `${name}: SHD-12: cancelling all without waiting at the end of the program says nothing`,
    { timeout: LIMIT },
    async () => {
      assert.deepEqual(await runProgram('cancel-no-wait.ts', name), { code: 0, stdout: '', stderr: '' })
    },
  )

  void test(
    `${name}: an executor that was not shut down does not keep the program alive`,
    { timeout: LIMIT },
    async () => {
      const end = await runProgram('no-shutdown.ts', name)
      assert.equal(end.stderr, '')
      assert.equal(end.stdout, '16\n[ 1, 4, 9 ]\n')
      assert.equal(end.code, 0)
    },
  )

  void test(
    `${name}: a failure that nobody looks at ends the program, as any unhandled rejection`,
    { timeout: LIMIT },
    async () => {
      const end = await runProgram('unseen-failure.ts', name)
      assert.match(end.stderr, /nobody looked/)
      assert.equal(end.code, 1)
    },
  )

  void test(`${name}: what had a time limit and is over keeps no timer`, { timeout: LIMIT }, async () => {
    const end = await runProgram('no-timer-left.ts', name)
    assert.equal(end.stderr, '')
    assert.equal(end.stdout, '4\n[ 1, 4 ]\n9\nfailed\n1\n36\n')
    assert.equal(end.code, 0)
  })
}
