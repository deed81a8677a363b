/** `multitask ps`: what a program that lets itself be looked at does, and why one cannot be asked. */
import assert from 'node:assert/strict'
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { command } from '../fixtures/command/run.ts'

const timeout = 60_000
const program = fileURLToPath(new URL('../fixtures/task-programs/inspectable.ts', import.meta.url))

/** A temporary folder of its own, so that other programs of this machine are not seen. */
function psCase(claim: string, body: (folder: string) => Promise<void>, skip: string | false = false): void {
  void test(claim, { timeout, skip }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ps-'))
    try {
      await body(folder)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
}

async function start(folder: string, kind: string = ''): Promise<ChildProcessWithoutNullStreams> {
  const [runtime = '', ...flags] = command.slice(0, -1)
  const child = spawn(runtime, [...flags, program, kind], { env: { ...process.env, TMPDIR: folder } })
  child.stderr.pipe(process.stderr)
  await once(child.stdout, 'data')
  return child
}

async function end(child: ChildProcessWithoutNullStreams): Promise<unknown> {
  const closed = once(child, 'close')
  child.stdin.end()
  return ((await closed) as unknown[])[0]
}

interface Said {
  readonly code: unknown
  readonly stdout: string
  readonly stderr: string
}

async function ps(folder: string, ...args: string[]): Promise<Said> {
  const [runtime = '', ...rest] = command
  const child = spawn(runtime, [...rest, 'ps', ...args], { env: { ...process.env, TMPDIR: folder } })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (piece: Buffer) => (stdout += piece.toString()))
  child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()))
  const [code] = (await once(child, 'close')) as unknown[]
  return { code, stdout, stderr }
}

const failed = (stderr: string): Said => ({ code: 1, stdout: '', stderr: `multitask: ${stderr}\n` })

/** Where the program has its socket. */
function socketOf(folder: string, pid: number): string {
  return join(folder, `multitask-${process.getuid!()}`, `${pid}.sock`)
}

psCase('it prints the tree of tasks, and without a number the programs', async folder => {
  const child = await start(folder)
  const { code, stdout, stderr } = await ps(folder, `${child.pid}`)
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' })
  assert.deepEqual(stdout.replaceAll(/, [\d.]+ m?s$/gm, '').split('\n'), [
    'run(): running',
    '└─ task "main": running',
    '   └─ TaskGroup "crawl": running, waits for sleep without end',
    '      └─ task "fetch": running, waits for sleep without end',
    '',
  ])
  const list = await ps(folder)
  assert.match(
    list.stdout,
    new RegExp(`^ *PID  AGE  TASKS  COMMAND\\n *${child.pid}  \\d+ s      2  .*inspectable\\.ts`),
  )
  assert.equal(await end(child), 0)
  assert.equal(existsSync(socketOf(folder, child.pid!)), false)
  assert.deepEqual(await ps(folder), {
    code: 0,
    stdout: '',
    stderr: 'multitask: no program of yours that goes on has run(main, { inspectable: true })\n',
  })
  assert.deepEqual(await ps(folder, `${child.pid}`), failed(`there is no process ${child.pid}`))
})

psCase('a program that has not said so is left alone, and lives on', async folder => {
  const child = await start(folder, 'closed')
  const refusal = failed(
    `process ${child.pid} cannot be asked: its program has no run(main, { inspectable: true }) that goes on`,
  )
  assert.deepEqual(await ps(folder, `${child.pid}`), refusal)
  // Another one of this user has made the folder.
  const other = await start(folder)
  assert.deepEqual(await ps(folder, `${child.pid}`), refusal)
  assert.equal(await end(other), 0)
  assert.equal(await end(child), 0)
})

psCase('a program that holds its event loop does not answer in time', async folder => {
  const child = await start(folder, 'held')
  assert.deepEqual(
    await ps(folder, `${child.pid}`, '--timeout', '200'),
    failed(`process ${child.pid} has not answered within 200 ms: its event loop is blocked, or it was stopped`),
  )
  assert.match(
    (await ps(folder, '--timeout', '200')).stdout,
    new RegExp(`${child.pid}    \\?      \\?  does not answer`),
  )
  child.kill('SIGKILL')
  await once(child, 'close')
})

psCase('what a killed program leaves behind is taken away', async folder => {
  const child = await start(folder)
  child.kill('SIGKILL')
  await once(child, 'close')
  assert.equal(existsSync(socketOf(folder, child.pid!)), true)
  assert.equal((await ps(folder)).stdout, '')
  assert.equal(existsSync(socketOf(folder, child.pid!)), false)
})

psCase('process.exit() takes the socket away as well', async folder => {
  const child = await start(folder, 'exits')
  assert.equal(await end(child), 3)
  assert.equal(existsSync(socketOf(folder, child.pid!)), false)
})

psCase('a folder that others can enter is not used, and the program runs all the same', async folder => {
  const first = await start(folder)
  chmodSync(join(folder, `multitask-${process.getuid!()}`), 0o777)
  const [runtime = '', ...flags] = command.slice(0, -1)
  const child = spawn(runtime, [...flags, program, 'refused'], { env: { ...process.env, TMPDIR: folder } })
  let said = ''
  child.stderr.on('data', (piece: Buffer) => (said += piece.toString()))
  await once(child.stdout, 'data')
  assert.match((await ps(folder, `${first.pid}`)).stderr, /cannot be asked/)
  assert.equal(await end(child), 0)
  assert.match(said, /cannot be looked at by multitask ps: .* is not a folder of this user alone/)
  assert.equal(await end(first), 0)
})

psCase('a process of another user is told as such', async folder => {
  chmodSync(folder, 0o755)
  const [runtime = '', ...rest] = command
  const nobody = {
    uid: 65_534,
    gid: 65_534,
    env: { ...process.env, TMPDIR: folder, HOME: folder, DENO_DIR: join(folder, 'd') },
  }
  const child = spawn(runtime, [...rest, 'ps', '1'], process.getuid!() === 0 ? nobody : {})
  let said = ''
  child.stderr.on('data', (piece: Buffer) => (said += piece.toString()))
  const [code] = (await once(child, 'close')) as unknown[]
  assert.deepEqual({ code, said }, { code: 1, said: 'multitask: process 1 belongs to another user\n' })
})

psCase('a reader that has had enough is no failure', async folder => {
  const child = await start(folder)
  const [runtime = '', ...rest] = command
  const asking = spawn(runtime, [...rest, 'ps', `${child.pid}`], { env: { ...process.env, TMPDIR: folder } })
  asking.stdout.destroy()
  let said = ''
  asking.stderr.on('data', (piece: Buffer) => (said += piece.toString()))
  const [code] = (await once(asking, 'close')) as unknown[]
  assert.deepEqual({ code, said }, { code: 0, said: '' })
  assert.equal(await end(child), 0)
})

psCase('what is no number of a process is wrong usage', async folder => {
  writeFileSync(join(folder, 'x'), '')
  for (const wrong of ['x', '0', '-1', '1.5']) {
    const { code, stderr } = await ps(folder, ...(wrong === '-1' ? ['--', wrong] : [wrong]))
    assert.equal(code, 2)
    assert.ok(stderr.includes(`'${wrong}'`), stderr)
  }
})
