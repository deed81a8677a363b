/** What becomes of inputs that fail, and of the others. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { functions, map, Running } from '../fixtures/command/run.ts'

const timeout = 60_000

/** On Deno a busy thread cannot be stopped; `hangOn` waits, and can be. */
const isDeno = 'Deno' in globalThis

void test('the first failure stops the run, is told with its stack, and ends it with code 1', { timeout }, async () => {
  const { code, results, stderr } = await map([`${functions}#dislikeX`, '--workers', '1', 'a', 'x', 'b'])
  assert.equal(code, 1)
  assert.deepEqual(results[0], { input: 'a', value: 'a' })
  assert.equal(results[1]?.error?.message, 'x has an x')
  assert.match(
    stderr,
    /^multitask: input "x" failed, which stops the run \(--keep-going goes on\)\nTypeError: x has an x\n/,
  )
  assert.match(stderr, /dislikeX .*functions\.ts/)
  assert.match(stderr, /caused by RangeError: x is beyond w/)
  assert.doesNotMatch(stderr, /dist[/\\]|node:internal/)
})

void test('a failure ends a run whose inputs have not ended', { timeout }, async () => {
  const running = new Running(['map', `${functions}#dislikeX`])
  running.child.stdin.write('a\nx\n')
  const { code, results } = await running.ended
  assert.equal(code, 1)
  assert.deepEqual(new Set(results.map(({ input }) => input)), new Set(['a', 'x']))
})

void test('with --keep-going each failure is the line of its input', { timeout }, async () => {
  const { code, results, stderr } = await map([`${functions}#dislikeX`, '--keep-going', 'a', 'x1', 'b', 'x2'])
  assert.equal(code, 1)
  assert.equal(stderr, 'multitask: 2 of 4 inputs failed\n')
  assert.deepEqual(results, [
    { input: 'a', value: 'a' },
    {
      input: 'x1',
      error: {
        name: 'TypeError',
        message: 'x1 has an x',
        code: 'ERR_X',
        cause: { name: 'RangeError', message: 'x is beyond w' },
        letter: 'x',
      },
    },
    { input: 'b', value: 'b' },
    {
      input: 'x2',
      error: {
        name: 'TypeError',
        message: 'x2 has an x',
        code: 'ERR_X',
        cause: { name: 'RangeError', message: 'x is beyond w' },
        letter: 'x',
      },
    },
  ])
})

void test('with --raw failures go to standard error', { timeout }, async () => {
  const { code, stdout, stderr } = await map([`${functions}#dislikeX`, '--raw', '--keep-going'], 'a\nx\nb\n')
  assert.deepEqual({ code, stdout }, { code: 1, stdout: 'a\nb\n' })
  assert.match(stderr, /^multitask: input "x" of line 2 failed: TypeError: x has an x\n/)
})

void test('a result that JSON cannot hold is the failure of its input alone', { timeout }, async () => {
  const { results } = await map([`${functions}#oddValue`, '--keep-going', 'function', 'circle', 'deep', 'set'])
  assert.deepEqual(
    results.map(({ input, error }) => [input, error?.name]),
    [
      ['function', 'TypeError'],
      ['circle', 'TypeError'],
      ['deep', 'RangeError'],
      ['set', undefined],
    ],
  )
  assert.equal(results[0]?.error?.message, 'the result is a function, which JSON cannot hold')
  assert.equal(results[2]?.error?.message, 'the result is nested too deeply for JSON')
})

void test('a worker that dies costs only the input that it died of, in a chunk too', { timeout }, async () => {
  for (const chunk of ['auto', '3']) {
    const { code, results } = await map([`${functions}#exitOnX`, '--keep-going', '--chunk', chunk, 'a', 'x', 'b', 'c'])
    assert.equal(code, 1)
    assert.deepEqual(
      results.map(({ input, value, error }) => [input, value ?? error?.code]),
      [
        ['a', 'a'],
        ['x', 'ERR_WORKER_DIED'],
        ['b', 'b'],
        ['c', 'c'],
      ],
    )
  }
})

void test('an input that is out of time fails, and the others go on', { timeout }, async () => {
  for (const place of ['threads', 'processes', 'loop']) {
    const args = [`${functions}#hangOn`, '--timeout', '300', '--keep-going', '--on', place, 'a', 'hang', 'b']
    const { code, results } = await map(args)
    assert.equal(code, 1)
    assert.deepEqual(
      results.map(({ input, value, error }) => [input, value ?? error?.code]),
      [
        ['a', 'a'],
        ['hang', 'ERR_TIMEOUT'],
        ['b', 'b'],
      ],
    )
  }
})

void test(
  'a busy function is stopped when it is out of time',
  { timeout, skip: isDeno && 'Deno cannot stop it' },
  async () => {
    const { results } = await map([`${functions}#spinOn`, '--timeout', '300', '--keep-going', 'spin', 'b'])
    assert.deepEqual(
      results.map(({ input, value, error }) => [input, value ?? error?.code]),
      [
        ['spin', 'ERR_TIMEOUT'],
        ['b', 'b'],
      ],
    )
  },
)

void test('--retries runs an input again, and the function can tell', { timeout }, async () => {
  for (const place of ['threads', 'processes', 'loop']) {
    const enough = await map([`${functions}#failTwice`, '--retries', '2', '--on', place, 'a'])
    assert.deepEqual(enough.results, [{ input: 'a', value: 'a at attempt 3' }])
    const { results, code } = await map([`${functions}#failTwice`, '--retries', '1', '--on', place, 'a'])
    assert.deepEqual(
      { code, results },
      { code: 1, results: [{ input: 'a', error: { name: 'Error', message: 'attempt 2' } }] },
    )
  }
})

void test('invalid NDJSON is told with its line', { timeout }, async () => {
  const input = '1\n\n{"a": \n2\n'
  const stopped = await map([`${functions}#typeOf`, '--ndjson'], input)
  assert.equal(stopped.code, 1)
  assert.match(stopped.stderr, /SyntaxError: invalid JSON in line 3: /)
  const { code, results } = await map([`${functions}#typeOf`, '--ndjson', '--keep-going'], input)
  assert.equal(code, 1)
  assert.deepEqual(
    results.map(({ input: each, value, error }) => [each, value ?? error?.name]),
    [
      [1, 'number'],
      ['{"a": ', 'SyntaxError'],
      [2, 'number'],
    ],
  )
})

void test('a reader that has enough ends it quietly, however many inputs there are', { timeout }, async () => {
  const running = new Running(['map', functions])
  const { stdin, stdout } = running.child
  // Without an end: what is never read is never made.
  const feed = (): void => {
    while (stdin.writable && stdin.write('line\n'.repeat(10_000)));
  }
  stdin.on('drain', feed)
  feed()
  await running.said(/LINE/)
  stdout.destroy()
  const { code, stderr } = await running.ended
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' })
})
