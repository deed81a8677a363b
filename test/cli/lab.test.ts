/** `multitask lab` as a command: what it lists, what it refuses, how it ends. */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { command, type End, Running } from '../fixtures/command/run.ts'

const timeout = 60_000
const names = ['interleavings', 'counter', 'lock', 'cpu', 'io', 'tasks', 'blocking']
const ESCAPE = '\u001B'

function pageOf(name: string): string {
  return readFileSync(new URL(`../../docs/${name}.md`, import.meta.url), 'utf8')
}

function lab(...args: string[]): Promise<End> {
  return new Running(['lab', ...args]).ended
}

void test('without a name it lists the experiments, one a line', { timeout }, async () => {
  const { code, stdout, stderr } = await lab()
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' })
  const listed = stdout.split('\n').flatMap(line => /^ {2}(\w+) {2,}\S/.exec(line)?.[1] ?? [])
  assert.deepEqual(listed, names)
  assert.ok(stdout.split('\n').every(line => line.length <= 80))
  const items = stdout.split('\n\n')[1]!
  assert.ok(pageOf('cli').includes(`$ multitask lab\n${items}\n`), 'docs/cli.md has another list')
})

void test('the orders that docs/checker.md shows are those that it draws', { timeout }, async () => {
  const { stdout } = await lab('interleavings')
  const [, shown = ''] = /```\n( 1 {2}A1[^]*?)```/.exec(pageOf('checker')) ?? []
  assert.ok(shown !== '' && stdout.includes(shown), shown)
})

void test('a name that there is not lists those that there are, nearest first, with code 2', { timeout }, async () => {
  assert.deepEqual(
    { ...(await lab('interleavings', 'cuonter')), results: undefined },
    {
      code: 2,
      stdout: '',
      stderr:
        'multitask: there is no experiment "cuonter"; there are counter, cpu, io, lock, all, blocking, tasks, interleavings\n',
      results: undefined,
    },
  )
})

void test('a width that is too small for a picture is told with the value, with code 2', { timeout }, async () => {
  for (const width of ['20', 'wide']) {
    const { code, stdout, stderr } = await lab('counter', '--width', width)
    assert.deepEqual({ code, stdout }, { code: 2, stdout: '' })
    assert.ok(stderr.includes('--width') && stderr.includes(`'${width}'`), stderr)
  }
})

void test('several run in the order of the list, whatever the order of their names', { timeout }, async () => {
  const { code, stdout } = await lab('tasks', 'interleavings')
  assert.equal(code, 0)
  assert.deepEqual(
    [...stdout.matchAll(/^── (\w+) /gm)].map(([, name]) => name),
    ['interleavings', 'tasks'],
  )
})

void test('Ctrl-C ends it with 130, whatever its threads and processes do', { timeout }, async () => {
  const running = new Running(['lab', 'cpu'])
  // It says what it will do when it has two threads and two processes.
  await running.said(/Two pieces of work/)
  running.child.kill('SIGINT')
  const { code, stderr } = await running.ended
  assert.deepEqual({ code, stderr }, { code: 130, stderr: '' })
})

void test('a reader that has had enough ends it without a word', { timeout }, async () => {
  const running = new Running(['lab', 'all'])
  await running.said(/── interleavings/)
  running.child.stdout.destroy()
  const { code, stderr } = await running.ended
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' })
})

const hasTerminal = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0

void test(
  'on a terminal it has colours and tells what goes on; NO_COLOR takes the colours, a pipe both',
  { timeout, skip: !hasTerminal && 'there is no script(1)' },
  async () => {
    const coloured = await onTerminal({ NO_COLOR: undefined })
    assert.ok(coloured.includes(`${ESCAPE}[1m── lock`))
    assert.ok(coloured.includes('… with the lock, 2 threads'))
    const plain = await onTerminal({ NO_COLOR: '1' })
    assert.ok(plain.startsWith('── lock'))
    assert.ok(plain.includes('… with the lock, 2 threads'))
    assert.ok(!plain.includes(`${ESCAPE}[1m`))
    const { stdout, stderr } = await lab('lock')
    assert.ok(!stdout.includes(ESCAPE))
    assert.ok(!stdout.includes('\r'))
    assert.equal(stderr, '')
  },
)

/** What `multitask lab lock` writes to a terminal, with all that moves and colours. */
async function onTerminal(env: Readonly<Record<string, string | undefined>>): Promise<string> {
  const line = [...command, 'lab', 'lock'].map(word => `'${word}'`).join(' ')
  const child = spawn('script', ['--quiet', '--return', '--command', line, '/dev/null'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // Where CI is set no terminal is thought to have colours.
    env: { ...process.env, CI: undefined, TERM: 'xterm', FORCE_COLOR: undefined, ...env },
  })
  let raw = ''
  child.stdout.on('data', (piece: Buffer) => (raw += piece.toString()))
  await new Promise(resolve => child.once('close', resolve))
  return raw
}
