/** `--resume` goes on where an earlier run ended, however it ended. */
import assert from 'node:assert/strict'
import { appendFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { functions, inFolder, map, Running } from '../fixtures/command/run.ts'

const timeout = 60_000

interface Line {
  readonly input: string
  readonly value?: unknown
  readonly error?: { readonly message: string }
}

function linesOf(path: string): Line[] {
  const text = readFileSync(path, 'utf8')
  assert.ok(text === '' || text.endsWith('\n'), 'the last line is whole')
  return text
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line) as Line)
}

function inputsOf(path: string): string[] {
  return linesOf(path).map(({ input }) => input)
}

void test('inputs that have a value are skipped, half a line is cut off', { timeout }, async () => {
  await inFolder(async folder => {
    const output = join(folder, 'out.ndjson')
    writeFileSync(output, '{"input":"b","value":"from before"}\n{"input":"a","val')
    const { code, stdout } = await map([functions, 'a', 'b', 'c', '--output', output, '--resume'])
    assert.deepEqual({ code, stdout }, { code: 0, stdout: '' })
    assert.deepEqual(linesOf(output), [
      { input: 'b', value: 'from before' },
      { input: 'a', value: 'A' },
      { input: 'c', value: 'C' },
    ])
  })
})

void test('the first run needs no other options than the later ones', { timeout }, async () => {
  await inFolder(async folder => {
    const output = join(folder, 'out.ndjson')
    for (const inputs of [['a'], ['a', 'b'], ['a', 'b']]) {
      assert.equal((await map([functions, ...inputs, '--output', output, '--resume'])).code, 0)
      assert.deepEqual(inputsOf(output), inputs)
    }
  })
})

void test('of equal inputs each has its own line', { timeout }, async () => {
  await inFolder(async folder => {
    const output = join(folder, 'out.ndjson')
    writeFileSync(output, '{"input":"a","value":1}\n{"input":"a","value":2}\n')
    await map([functions, 'a', 'b', 'a', 'a', '--output', output, '--resume'])
    assert.deepEqual(inputsOf(output).toSorted(byText), ['a', 'a', 'a', 'b'])
  })
})

void test('inputs that failed are run again, and their failures leave the file', { timeout }, async () => {
  await inFolder(async folder => {
    const output = join(folder, 'out.ndjson')
    const run = (name: string) =>
      map([`${functions}#${name}`, 'a', 'x', 'b', 'x', '--keep-going', '--output', output, '--resume'])
    assert.equal((await run('dislikeX')).code, 1)
    assert.equal(linesOf(output).filter(({ error }) => error !== undefined).length, 2)
    assert.equal((await run('default')).code, 0)
    assert.deepEqual(linesOf(output), [
      { input: 'a', value: 'a' },
      { input: 'b', value: 'b' },
      { input: 'x', value: 'X' },
      { input: 'x', value: 'X' },
    ])
    assert.ok(!existsSync(`${output}.resume`))
  })
})

void test('values are the same input however they are spelled', { timeout }, async () => {
  await inFolder(async folder => {
    const output = join(folder, 'out.ndjson')
    const run = (input: string) =>
      map([`${functions}#typeOf`, '--ndjson', '--keep-going', '--output', output, '--resume'], input)
    await run('{"a":1}\n"1"\nnot json\n1\n')
    assert.equal(linesOf(output).length, 4)
    await run(' { "a" : 1 }\n"1"\n1.0\n2\n')
    assert.deepEqual(inputsOf(output), [{ a: 1 }, '1', 1, 2])
  })
})

void test('a file that holds something else is left alone', { timeout }, async () => {
  await inFolder(async folder => {
    const output = join(folder, 'letter.txt')
    writeFileSync(output, 'Dear Sir,\nthis is no result')
    const { code, stderr } = await map([functions, 'a', '--output', output, '--resume'])
    assert.equal(code, 2)
    assert.match(stderr, /cannot resume: line 1 of .*letter\.txt is no result/)
    assert.equal(readFileSync(output, 'utf8'), 'Dear Sir,\nthis is no result')
  })
})

void test(
  'killed again and again, in order or not, every input is there exactly once',
  { timeout: 4 * timeout },
  async () => {
    const inputs = Array.from({ length: 3000 }, (_, index) => `line ${index % 2500}`)
    for (const order of [[], ['--unordered']]) {
      await inFolder(async folder => {
        const output = join(folder, 'out.ndjson')
        const args = ['map', `${functions}#workOrFail`, '--keep-going', '--output', output, '--resume', ...order]
        for (const size of [10_000, 30_000, 50_000]) await killedAt(size, output, args, inputs)
        // What a kill in the middle of a write leaves behind.
        appendFileSync(output, '{"input":"line 7","va')
        const last = new Running(args)
        last.child.stdin.end(inputs.join('\n'))
        const { code } = await last.ended
        assert.ok(code === 0 || code === 1)
        assert.deepEqual(inputsOf(output).toSorted(byText), inputs.toSorted(byText))
      })
    }
  },
)

/** Starts a run, and kills it when it has written so much. */
async function killedAt(
  size: number,
  output: string,
  args: readonly string[],
  inputs: readonly string[],
): Promise<void> {
  const running = new Running(args)
  running.child.stdin.end(inputs.join('\n'))
  let ended = false
  void running.ended.then(() => (ended = true))
  while (!ended && !(existsSync(output) && statSync(output).size >= size))
    await new Promise(resolve => setTimeout(resolve, 1))
  running.child.kill('SIGKILL')
  assert.equal((await running.ended).code, 'SIGKILL')
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
