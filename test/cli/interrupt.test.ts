/** Ctrl-C: the first ends the run in order, the second at once. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { functions, Running } from '../fixtures/command/run.ts'

const timeout = 60_000

void test('Ctrl-C ends the run with code 130; what has come back is written in whole lines', { timeout }, async () => {
  for (const place of ['threads', 'processes', 'loop']) {
    const running = new Running(['map', `${functions}#hangOn`, '--on', place, 'a', 'b', 'hang', 'hang', 'c'])
    await running.said(/"b"/)
    await running.said(/hanging/)
    running.child.kill('SIGINT')
    const { code, results } = await running.ended
    assert.equal(code, 130)
    assert.deepEqual(results.slice(0, 2), [
      { input: 'a', value: 'a' },
      { input: 'b', value: 'b' },
    ])
    assert.ok(results.every(({ input }) => input !== 'hang'))
  }
})

void test('Ctrl-C ends a run that waits for input', { timeout }, async () => {
  const running = new Running(['map', functions])
  running.child.stdin.write('a\n')
  await running.said(/"A"/)
  running.child.kill('SIGINT')
  assert.equal((await running.ended).code, 130)
})

void test('Ctrl-C stops functions that never let go of their threads', { timeout }, async () => {
  const running = new Running(['map', `${functions}#spinOn`, 'a', 'spin', 'spin'])
  await running.said(/spinning/)
  running.child.kill('SIGINT')
  assert.equal((await running.ended).code, 130)
})

void test('a second Ctrl-C does not wait for anything', { timeout }, async () => {
  const running = new Running(['map', `${functions}#spinOn`, 'spin'])
  await running.said(/spinning/)
  running.child.kill('SIGINT')
  // Two signals that come at once are one.
  const again = setInterval(() => running.child.kill('SIGINT'), 20)
  const { code } = await running.ended
  clearInterval(again)
  // It dies of the signal, as shells expect; they show 130 for either.
  assert.ok(code === 'SIGINT' || code === 130, String(code))
})

void test('the `kill` of the system ends it in order, too', { timeout }, async () => {
  const running = new Running(['map', `${functions}#hangOn`, 'a', 'hang'])
  await running.said(/"a"/)
  await running.said(/hanging/)
  running.child.kill('SIGTERM')
  const { code, results } = await running.ended
  assert.equal(code, 143)
  assert.deepEqual(results, [{ input: 'a', value: 'a' }])
})
