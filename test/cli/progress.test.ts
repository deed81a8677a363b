/** Progress, on standard error. */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { type Moment, progressText, summaryText } from '../../dist/cli/progress-text.js'
import { command, functions, map } from '../fixtures/command/run.ts'

const timeout = 60_000
const ESCAPE = '\u001B'
const moment: Moment = { done: 45, failed: 0, skipped: 0, total: 100, busy: 2, workers: 4, rate: 5, elapsed: 9000 }

void test('with a known total it says how far it is and what time is left', () => {
  assert.equal(progressText(moment), '█████████░░░░░░░░░░░  45 % 45 of 100 · 5.0/s · 11 s left · 2 of 4 busy')
})

void test('without a total it says what is done and how long it took', () => {
  const text = progressText({ ...moment, total: undefined, done: 12_345, failed: 3, rate: 1371.4, elapsed: 185_000 })
  assert.equal(text, '12,345 done · 3 failed · 1,371/s · 3:05 · 2 of 4 busy')
})

void test('inputs that were done before count as done, but not for the rate', () => {
  assert.match(progressText({ ...moment, skipped: 50 }), /95 of 100 · 5\.0\/s · 1\.0 s left/)
  assert.equal(summaryText({ ...moment, skipped: 50 }), '45 done · 50 were done before · 9.0 s · 5.0/s')
})

void test('before anything is done there is no time left to tell', () => {
  assert.match(progressText({ ...moment, done: 0, rate: 0, elapsed: 400 }), /0 of 100 · 0\.0\/s · 0\.4 s · /)
})

void test('there is none where standard error is no terminal, unless it is asked for', { timeout }, async () => {
  assert.equal((await map([functions, 'a'])).stderr, '')
  const { stderr, stdout } = await map([functions, 'a', '--progress'])
  assert.match(stderr, /^1 done · .*\n$/)
  assert.equal(stdout, '{"input":"a","value":"A"}\n')
})

const hasTerminal = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0

void test(
  'on a terminal it never mixes with results, and leaves one line behind',
  { timeout, skip: !hasTerminal && 'there is no script(1)' },
  async () => {
    const words = [...command, 'map', functions, ...Array.from({ length: 50 }, (_, index) => `input${index}`)]
    const { screen } = await onTerminal(words)
    const lines = screen.filter(line => line !== '')
    assert.deepEqual(
      lines.slice(0, 50),
      words.slice(-50).map(word => `{"input":"${word}","value":"${word.toUpperCase()}"}`),
    )
    assert.match(lines[50] ?? '', /^50 done · /)
    assert.equal(lines.length, 51)
  },
)

void test(
  'on a terminal --no-progress draws nothing',
  { timeout, skip: !hasTerminal && 'there is no script(1)' },
  async () => {
    const { raw } = await onTerminal([...command, 'map', functions, 'a', '--no-progress'])
    assert.equal(raw, '{"input":"a","value":"A"}\r\n')
  },
)

/** What a program leaves on a terminal. Knows how to move up, to erase a line and to go to the next. */
async function onTerminal(words: readonly string[]): Promise<{ raw: string; screen: string[] }> {
  const line = words.map(word => `'${word}'`).join(' ')
  const child = spawn('script', ['--quiet', '--return', '--command', line, '/dev/null'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TERM: 'xterm' },
  })
  let raw = ''
  child.stdout.on('data', (piece: Buffer) => (raw += piece.toString()))
  await new Promise(resolve => child.once('close', resolve))
  const screen: string[] = []
  let row = 0
  for (const [text] of raw
    .replaceAll('\r', '')
    .matchAll(new RegExp(`${ESCAPE}\\[[?\\d;]*[A-Za-z]|\n|[^\n${ESCAPE}]+`, 'g'))) {
    if (text === `${ESCAPE}[2K`) screen[row] = ''
    else if (text.startsWith(ESCAPE)) row -= text.endsWith('A') ? Number.parseInt(text.slice(2)) : 0
    else if (text === '\n') row++
    else screen[row] = (screen[row] ?? '') + text
  }
  return { raw, screen }
}
