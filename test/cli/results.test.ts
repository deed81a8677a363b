/** What `multitask map` writes: one line an input. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { functions, map } from '../fixtures/command/run.ts'

const timeout = 60_000

void test('each input gets a line with its value, in the order of the inputs', { timeout }, async () => {
  const { code, stdout, stderr } = await map([functions, 'b', 'a', 'b'])
  assert.equal(stdout, '{"input":"b","value":"B"}\n{"input":"a","value":"A"}\n{"input":"b","value":"B"}\n')
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' })
})

void test('the example of docs/cli.md hashes files', { timeout }, async () => {
  const { pathname } = new URL('../../LICENSE', import.meta.url)
  const { results } = await map([
    `${fileURLToPath(new URL('../../examples/tasks/hash.ts', import.meta.url))}#sha256`,
    pathname,
  ])
  const value = createHash('sha256').update(readFileSync(pathname)).digest('hex')
  assert.deepEqual(results, [{ input: pathname, value }])
})

void test('MODULE#export takes that export, of a path, of a file: URL or of a package', { timeout }, async () => {
  for (const module of [`${functions}#square`, `${pathToFileURL(functions).href}#square`]) {
    assert.equal((await map([module, '3'])).stdout, '{"input":"3","value":9}\n')
  }
  assert.equal((await map(['node:path#basename', 'a/b.txt'])).stdout, '{"input":"a/b.txt","value":"b.txt"}\n')
  assert.equal((await map(['semver#major', '3.2.1'])).stdout, '{"input":"3.2.1","value":3}\n')
})

void test('without inputs the lines of standard input are the inputs, with any line end', { timeout }, async () => {
  const { results } = await map([functions], '\uFEFFone\r\n\ntwo\nthree')
  assert.deepEqual(
    results.map(({ input, value }) => [input, value]),
    [
      ['one', 'ONE'],
      ['', ''],
      ['two', 'TWO'],
      ['three', 'THREE'],
    ],
  )
})

void test('with --ndjson the function gets values', { timeout }, async () => {
  const { results } = await map([`${functions}#typeOf`, '--ndjson'], '1\n\n"1"\n {"a": [1]} \nnull\n')
  assert.deepEqual(results, [
    { input: 1, value: 'number' },
    { input: '1', value: 'string' },
    { input: { a: [1] }, value: 'object' },
    { input: null, value: 'object' },
  ])
  assert.deepEqual(
    (await map([`${functions}#typeOf`, '--ndjson', '1', 'true'])).results.map(({ value }) => value),
    ['number', 'boolean'],
  )
})

void test('--ndjson writes an input as it was given, to its last digit', { timeout }, async () => {
  const { stdout } = await map([`${functions}#typeOf`, '--ndjson'], '12345678901234567890\n')
  assert.equal(stdout, '{"input":12345678901234567890,"value":"number"}\n')
})

void test('--raw writes values only, texts without quotes', { timeout }, async () => {
  assert.equal((await map([functions, '--raw', 'a', 'line\nline', '"'])).stdout, 'A\nLINE\nLINE\n"\n')
  assert.equal((await map([`${functions}#square`, '--raw', '3', 'x'])).stdout, '9\nnull\n')
})

void test('--unordered writes the same lines in any order', { timeout }, async () => {
  const inputs = Array.from({ length: 500 }, (_, index) => `${index}`)
  const { results } = await map([`${functions}#square`, '--unordered'], inputs.join('\n'))
  assert.deepEqual(
    results.map(({ input }) => Number(input)).toSorted((a, b) => a - b),
    inputs.map(Number),
  )
  assert.ok(results.every(({ input, value }) => value === Number(input) ** 2))
})

void test('with and without chunks, on one worker, and on the loop the results are the same', { timeout }, async () => {
  const input = Array.from({ length: 300 }, (_, index) => `${index}\n`).join('')
  const [first, ...others] = await Promise.all(
    [
      ['--chunk', '1'],
      ['--chunk', '7'],
      ['--chunk', 'auto'],
      ['--workers', '1'],
      ['--on', 'loop'],
      ['--timeout', '60000'],
    ].map(async options => (await map([`${functions}#square`, ...options], input)).stdout),
  )
  assert.equal(first?.split('\n').length, 301)
  for (const each of others) assert.equal(each, first)
})

void test('values that JSON cannot hold have a documented form', { timeout }, async () => {
  const forms = {
    undefined: null,
    NaN: null,
    bigint: '12345678901234567890',
    map: [['a', 1]],
    set: [1, 2],
    bytes: 'AQID',
    buffer: 'aGk=',
    floats: [1.5],
    date: '1970-01-01T00:00:00.000Z',
    error: { name: 'RangeError', message: 'as a value' },
    inside: { bigint: '1', list: [null, ['x']] },
  }
  const { results } = await map([`${functions}#oddValue`, ...Object.keys(forms)])
  assert.deepEqual(Object.fromEntries(results.map(({ input, value }) => [input, value])), forms)
})

void test('what comes bit by bit becomes an array', { timeout }, async () => {
  assert.deepEqual((await map([`${functions}#countTo`, '3'])).results, [{ input: '3', value: [1, 2, 3] }])
})

void test('what the function prints goes to standard error, on threads and on the loop', { timeout }, async () => {
  for (const place of ['threads', 'processes', 'loop']) {
    const { stdout, stderr } = await map([`${functions}#print`, '--on', place, 'a'])
    assert.equal(stdout, '{"input":"a","value":"a"}\n')
    assert.deepEqual(stderr.trim().split('\n').toSorted(), ['printed a', 'written a'])
  }
})
