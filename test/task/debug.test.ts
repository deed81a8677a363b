/** Debug mode: what it tells, and of whom; and that it is silent when it is off. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ProgramEnd, runProgram } from '../fixtures/run-program.ts'
import { LIMIT } from '../fixtures/virtual.ts'

/** The warnings, without where things were begun, and with 0 for each number of ms. */
function warningsIn({ stderr }: ProgramEnd): string[] {
  const warnings = stderr.match(/MultitaskWarning: [^\n;]*(; the last[^\n;]*)?/g) ?? []
  return warnings.map(line => line.slice('MultitaskWarning: '.length).replace(/for \d+ ms/, 'for some ms'))
}

void test('it names the task that held the loop, as far as it can tell', LIMIT, async () => {
  const end = await runProgram('task-programs/holds-the-loop.ts', 'debug')
  assert.equal(end.code, 0)
  assert.deepEqual(warningsIn(end), [
    'the task "first stretch" held the event loop for some ms',
    'the task "between two waits" held the event loop for some ms',
    'the task "last stretch" held the event loop for some ms',
    'the event loop was held for some ms, by whom is not known; the last that was seen is the task "harmless"',
  ])
  assert.match(end.stderr, /for 1[56]\d ms; it was begun\n +at .*holds-the-loop/)
})

void test('it can be switched on from outside, and is silent otherwise', LIMIT, async () => {
  assert.equal((await runProgram('task-programs/holds-the-loop.ts')).stderr, '')
  process.env['MULTITASK_DEBUG'] = '1'
  const running = runProgram('task-programs/holds-the-loop.ts')
  delete process.env['MULTITASK_DEBUG']
  const end = await running
  assert.equal(warningsIn(end).filter(line => line.startsWith('the task')).length, 3, end.stderr)
})

void test('it tells of tasks that go on, and of groups that nobody joins', LIMIT, async () => {
  const end = await runProgram('task-programs/likely-mistakes.ts')
  assert.deepEqual([end.code, end.stdout], [0, 'over\n'], end.stderr)
  assert.deepEqual(warningsIn(end), [
    'the task "deaf" was cancelled 1000 ms ago and goes on: it is waited for',
    'the timeout of 5000 ms was cancelled 1000 ms ago and goes on: it is waited for',
    'the TaskGroup "left open" was opened, and nobody has joined it or disposed of it',
  ])
  assert.match(end.stderr, /it was opened\n +at .*likely-mistakes/)
})
