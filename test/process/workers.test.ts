/** The processes of a pool: when they are replaced, what they are given, and that none is left. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { ProcessPoolExecutor } from 'multitask'
import * as tasks from '../fixtures/process-tasks.ts'
import { square } from '../fixtures/tasks.ts'
import { isRunning, LIMIT, processCase, untilGone } from './scope.ts'

processCase(
  'PPE-09: maxTasksPerWorker: three calls in one process, the fourth in another',
  { maxTasksPerWorker: 3 },
  async pool => {
    const pids: number[] = []
    for (let i = 0; i < 4; i++) pids.push(await pool.submit(tasks.pidOf))
    assert.equal(new Set(pids.slice(0, 3)).size, 1)
    assert.notEqual(pids[3], pids[0])
  },
)

processCase(
  'PPE-11: shutdown with calls beyond the lifetime of the workers finishes all',
  { maxTasksPerWorker: 3 },
  async pool => {
    const futures = Array.from({ length: 7 }, (_, n) => pool.submit(square, n))
    await pool.shutdown()
    assert.deepEqual(
      futures.map(future => future.result()),
      [0, 1, 4, 9, 16, 25, 36],
    )
  },
)

processCase(
  'maxMemoryPerWorker: a process that has grown too large is replaced',
  { maxMemoryPerWorker: 300 },
  async pool => {
    const first = await pool.submit(tasks.pidOf)
    assert.equal(await pool.submit(tasks.leak, 320), first)
    await untilGone([first])
    assert.notEqual(await pool.submit(tasks.pidOf), first)
  },
)

processCase(
  'env and nice are those of the processes',
  { env: { ...process.env, MULTITASK_WORD: 'hello' }, nice: 5 },
  async pool => {
    assert.equal(await pool.submit(tasks.variable, 'MULTITASK_WORD'), 'hello')
  },
)

processCase('a process has a directory of its own', {}, async pool => {
  const here = process.cwd()
  await pool.submit(tasks.changeDirectory, tmpdir())
  assert.equal(process.cwd(), here)
})

function make(options: object): () => void {
  return () => new ProcessPoolExecutor(options)
}

void test('bad options are refused with the value', () => {
  assert.throws(make({ nice: 20 }), { message: 'nice must be a whole number from -20 to 19, not 20' })
  assert.throws(make({ nice: 'high' }), { message: 'nice must be a number, not "high"' })
  assert.throws(make({ maxMemoryPerWorker: 0 }), { message: 'maxMemoryPerWorker must be more than 0 megabytes, not 0' })
})

void test('after shutdown no process is left, not even a zombie', { timeout: LIMIT }, async () => {
  const pool = new ProcessPoolExecutor({ maxWorkers: 1 })
  const pid = await pool.submit(tasks.pidOf)
  await pool.shutdown()
  assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' })
})

const flags = 'Deno' in globalThis ? ['run', '--allow-all', '--no-check', '--no-lock'] : []

function program(name: string): string[] {
  return [...flags, fileURLToPath(new URL(`../fixtures/process-programs/${name}`, import.meta.url))]
}

void test('a program that is killed takes its processes with it, those in a loop too', { timeout: LIMIT }, async () => {
  const child = spawn(process.execPath, program('busy-workers.ts'), { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  for await (const piece of child.stdout as AsyncIterable<Buffer>) {
    text += piece.toString()
    if (text.includes('\n')) break
  }
  const pids = JSON.parse(text) as number[]
  assert.equal(pids.length, 2)
  assert.ok(pids.every(isRunning))
  const since = performance.now()
  child.kill('SIGKILL')
  await untilGone(pids)
  assert.ok(performance.now() - since < 5000)
})

void test('a call that prints 100 MB does not disturb its result', { timeout: LIMIT }, async () => {
  const child = spawn(process.execPath, program('flooded.ts'), { stdio: ['ignore', 'pipe', 'pipe'] })
  let printed = 0
  let end = ''
  child.stdout.on('data', (piece: Buffer) => (printed += piece.length))
  child.stderr.on('data', (piece: Buffer) => (end += piece.toString()))
  await once(child, 'close')
  assert.ok(printed >= 100 << 20)
  assert.equal(end, `returned ${printed}\n`)
})
