/** Where inputs come from. */
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { functions, inFolder, map, Running } from '../fixtures/command/run.ts'

const timeout = 60_000

function filesIn(folder: string): void {
  mkdirSync(join(folder, 'sub'))
  for (const name of ['b.txt', 'a.txt', '[id].txt', 'sub/c.txt', 'd.md']) writeFileSync(join(folder, name), name)
}

void test('a quoted glob stands for the files that match it, sorted', { timeout }, async () => {
  await inFolder(async folder => {
    filesIn(folder)
    const { results } = await map([`${functions}#sizeOf`, 'd.md', '**/[a-c].{txt,md}', '[id].txt'], '', { cwd: folder })
    assert.deepEqual(results, [
      { input: 'd.md', value: 4 },
      { input: 'a.txt', value: 5 },
      { input: 'b.txt', value: 5 },
      { input: 'sub/c.txt', value: 9 },
      // There is a file of just that name.
      { input: '[id].txt', value: 8 },
    ])
  })
})

void test('with --no-glob, and for URLs, an argument is what it is', { timeout }, async () => {
  const { results } = await map([functions, '--no-glob', 'a*?'])
  assert.deepEqual(results, [{ input: 'a*?', value: 'A*?' }])
  assert.equal((await map([functions, 'https://a.b/?c=d'])).results[0]?.input, 'https://a.b/?c=d')
})

void test('--files reads a list, after the arguments; - is standard input', { timeout }, async () => {
  await inFolder(async folder => {
    filesIn(folder)
    writeFileSync(join(folder, 'list'), 'a.txt\n\nsub/c.txt')
    const { results } = await map([`${functions}#sizeOf`, 'd.md', '--files', 'list'], '', { cwd: folder })
    assert.deepEqual(
      results.map(({ input }) => input),
      ['d.md', 'a.txt', 'sub/c.txt'],
    )
    const piped = await map([`${functions}#sizeOf`, '--files', '-'], 'b.txt\n\n', { cwd: folder })
    assert.deepEqual(piped.results, [{ input: 'b.txt', value: 5 }])
  })
})

void test('a path that is not there is the failure of its input', { timeout }, async () => {
  const { code, results } = await map([`${functions}#sizeOf`, 'gone.txt'])
  assert.deepEqual([code, results[0]?.error?.code], [1, 'ENOENT'])
})

void test('no inputs are no mistake', { timeout }, async () => {
  assert.deepEqual(await map([functions]).then(({ code, stdout, stderr }) => ({ code, stdout, stderr })), {
    code: 0,
    stdout: '',
    stderr: '',
  })
})

void test('a result comes before the next input is there', { timeout }, async () => {
  const running = new Running(['map', functions])
  for (const [line, result] of [
    ['one', /"ONE"/],
    ['two', /"TWO"/],
  ] as const) {
    running.child.stdin.write(`${line}\n`)
    await running.said(result)
  }
  running.child.stdin.end()
  assert.equal((await running.ended).code, 0)
})
