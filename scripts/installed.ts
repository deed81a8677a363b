/**
 * Packs the package, installs it in an empty folder and runs programs there. The tests run from the repository, where
 * each file is found that was forgotten in what is published.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const LIMIT = 60_000
const root = fileURLToPath(new URL('..', import.meta.url))

const programs: Readonly<Record<string, { readonly code: string; readonly prints: string }>> = {
  'a pool of threads': {
    code: `
      import { Lock, SharedValue, ThreadPoolExecutor } from 'multitask'
      import { add, double, fail } from './tasks.mjs'
      const pool = new ThreadPoolExecutor({ maxWorkers: 2 })
      console.log(await pool.map(double, [1, 2, 3]).toArray())
      const offset = 40
      console.log(await pool.submit(x => x + offset, 2))
      const total = new SharedValue('i32', 0)
      const lock = new Lock()
      await Promise.all([pool.submit(add, lock, total), pool.submit(add, lock, total)])
      console.log(total.value)
      console.log(await pool.submit(fail).catch(error => error.name + ', ' + /program.mjs/.test(error.stack)))
      await pool.shutdown()`,
    prints: '[ 2, 4, 6 ] 42 2000 RangeError, true',
  },
  'a thread': {
    code: `
      import { Thread } from 'multitask'
      import { ask } from './tasks.mjs'
      console.log(await new Thread(ask).start().join())`,
    prints: '6',
  },
  'a pool of processes': {
    code: `
      import { ProcessPoolExecutor } from 'multitask'
      import { double, fail } from './tasks.mjs'
      const pool = new ProcessPoolExecutor({ maxWorkers: 1 })
      console.log(await pool.submit(double, 21))
      console.log(await pool.submit(fail).catch(error => error.name))
      await pool.shutdown()`,
    prints: '42 RangeError',
  },
  'the checker': {
    code: `
      import { check } from 'multitask/checker'
      import { Lock } from 'multitask'
      const { coverage } = await check(() => {
        const lock = new Lock()
        const take = () => {
          lock.acquireSync()
          lock.release()
        }
        return { threads: { one: take, other: take } }
      })
      console.log(coverage)`,
    prints: 'every interleaving: 2 schedules',
  },
}

const tasks = `
  import { runSync } from 'multitask'
  export const double = x => x * 2
  export const triple = async x => x * 3
  export function add(lock, total) {
    for (let i = 0; i < 1000; i++) {
      lock.acquireSync()
      total.value += 1
      lock.release()
    }
  }
  export function fail() {
    throw new RangeError('too far')
  }
  export function ask() {
    return runSync(triple, 2)
  }`

function run(command: string, args: readonly string[], cwd: string, input = ''): string {
  return execFileSync(command, args, { cwd, input, encoding: 'utf8', timeout: LIMIT })
}

const folder = mkdtempSync(join(tmpdir(), 'multitask-installed-'))
let failed = 0

function compare(name: string, printed: string, expected: string): void {
  const good = printed.trim().replaceAll(/\s+/g, ' ') === expected
  console.log(`installed, ${name}: ${good ? 'runs' : `prints ${JSON.stringify(printed)}`}`)
  if (!good) failed++
}

try {
  mkdirSync(join(folder, 'program'))
  const flags = ['--ignore-scripts', '--loglevel=error']
  const packed = run('npm', ['pack', ...flags, '--pack-destination', folder], root).trim()
  const program = join(folder, 'program')
  writeFileSync(join(program, 'package.json'), '{ "private": true, "type": "module" }')
  run('npm', ['install', ...flags, '--no-audit', '--no-fund', '--prefer-offline', join(folder, packed)], program)
  writeFileSync(join(program, 'tasks.mjs'), tasks)
  for (const [name, { code, prints }] of Object.entries(programs)) {
    writeFileSync(join(program, 'program.mjs'), code)
    compare(name, run(process.execPath, ['program.mjs'], program), prints)
  }
  const command = join('node_modules', 'multitask', 'dist', 'cli', 'main.js')
  for (const on of ['threads', 'processes']) {
    const mapped = run(
      process.execPath,
      [command, 'map', './tasks.mjs#double', '--ndjson', '--raw', '--on', on],
      program,
      '1\n2\n',
    )
    compare(`the command on ${on}`, mapped, '2 4')
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exitCode = failed && 1
