/** What threads mean for the program around them: when it ends, what it prints. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runProgram } from '../fixtures/run-program.ts'

const LIMIT = { timeout: 30_000 }

function run(name: string): ReturnType<typeof runProgram> {
  return runProgram(`thread-programs/${name}.ts`)
}

/** What the program output.ts prints in a thread. */
function printed(name: string): string[] {
  return Array.from({ length: 100 }, (_, line) => `${name} ${line}`)
}

function lines(text: string): string[] {
  return text.trimEnd().split('\n')
}

void test('the program waits for a thread that is no daemon', LIMIT, async () => {
  assert.deepEqual(await run('waits'), {
    code: 0,
    stdout: 'main is done\nthe thread is done\n',
    stderr: '',
  })
})

void test('THR-19: also for one that was started by a thread that is done', LIMIT, async () => {
  const { code, stdout, stderr } = await run('nested')
  assert.deepEqual([code, stderr], [0, ''])
  assert.deepEqual(
    lines(stdout).toSorted(),
    ['joined the first', 'the innermost is done', 'thread 1 is done', 'thread 2 is done'].toSorted(),
  )
  assert.equal(lines(stdout).at(-1), 'the innermost is done')
})

void test('THR-20: it does not wait for daemons, whatever they do, and ends without a word', LIMIT, async () => {
  assert.deepEqual(await run('daemons'), { code: 0, stdout: 'main is done\n', stderr: '' })
})

void test(
  'an error that nobody waits for is told on stderr as Python does, and the program goes on',
  LIMIT,
  async () => {
    const { code, stdout, stderr } = await run('unjoined')
    assert.deepEqual([code, stdout], [0, 'main goes on\n'])
    assert.match(stderr, /^Exception in thread Thread-1 \(fail\d?\):\nTypeError: nobody looks\n/)
    // THR-27: nothing is told of those that asked to exit.
    assert.equal(stderr.split('Exception').length, 3)
    assert.match(stderr, /^Exception in thread Thread-4 \(fail\d?\):\nTypeError: at the end\n/m)
  },
)

void test('a join that waits for a daemon keeps the program alive', LIMIT, async () => {
  assert.deepEqual(await run('join-daemon'), { code: 0, stdout: 'the daemon is done\n', stderr: '' })
})

void test('what a thread printed comes before what its join lets others print', LIMIT, async () => {
  const { code, stdout, stderr } = await run('output')
  assert.deepEqual(lines(stdout), [
    ...printed('alone'),
    'joined alone',
    ...printed('parent'),
    'joined parent',
    'the end',
  ])
  assert.deepEqual([code, stderr], [0, ''])
})

void test('a thread that is terminated leaves nothing behind', LIMIT, async () => {
  assert.deepEqual(await run('terminated'), { code: 0, stdout: '1 thread is left\n', stderr: '' })
})
