/** What a pool means for the program around it: when it ends, what it prints. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { test } from 'node:test'

interface Run {
  readonly code: number | null
  readonly output: string
  readonly errors: string
}

async function run(program: string): Promise<Run> {
  const file = fileURLToPath(new URL(`../fixtures/programs/${program}.ts`, import.meta.url))
  const args = 'Deno' in globalThis ? ['run', '-A', file] : [file]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('close', resolve)
    child.once('error', reject)
  })
  let output = ''
  let errors = ''
  child.stdout.on('data', piece => (output += String(piece)))
  child.stderr.on('data', piece => (errors += String(piece)))
  return { code: await ended, output, errors }
}

const timeout = 30_000

void test('an idle pool does not keep the program alive', { timeout }, async () => {
  assert.deepEqual(await run('idle-pool'), { code: 0, output: '9\n', errors: '' })
})

void test('a pool whose only call was refused does not keep the program alive', { timeout }, async () => {
  const output = 'CannotSendError\nCannotSendError\n'
  assert.deepEqual(await run('refused-first-call'), { code: 0, output, errors: '' })
})

void test('SHD-06: pending work keeps it alive, also after shutdown without waiting', { timeout }, async () => {
  assert.deepEqual(await run('pending-work'), { code: 0, output: 'main is done\nwork is done\n', errors: '' })
})

void test('output of a task comes out whole though the worker has nothing more to do', { timeout }, async () => {
  const { code, output } = await run('many-lines')
  assert.equal(code, 0)
  assert.deepEqual(
    output.trim().split('\n'),
    Array.from({ length: 20 }, (_, i) => `line ${i}`),
  )
})

void test('timers that a task leaves behind fire in an idle worker', { timeout }, async () => {
  assert.deepEqual(await run('left-timer'), { code: 0, output: 'the timer fired\n', errors: '' })
})

void test(
  'a failure that nobody looks at is an unhandled rejection with the class and the message',
  { timeout },
  async () => {
    const { code, errors } = await run('unseen-failure')
    assert.notEqual(code, 0)
    assert.match(errors, /TypeError: nobody looks/)
  },
)

void test('SHD-05: a submit while the program exits is refused, not swallowed', { timeout }, async () => {
  const { output } = await run('submit-at-exit')
  assert.match(output, /refused: ShutDownError: .* the program is ending/)
})

void test('a pool made by a module that its own worker imports is refused with the cure', { timeout }, async () => {
  const { output } = await run('no-main-guard')
  assert.match(output, /isMain/)
})

void test('a module may wait at its top level for an error of a class of its own', { timeout }, async () => {
  assert.deepEqual(await run('waits-for-own-error'), { code: 0, output: 'OwnError: of my own\n', errors: '' })
})
