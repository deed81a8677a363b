/**
 * The tests, or one program, on every runtime we promise:
 *
 *   npm test                                      on the Node of this project
 *   npm run test:runtimes                         on all of them
 *   npm run test:runtimes -- --only bun,deno test/ring.test.ts
 *   npm run test:runtimes -- --only deno --exec examples/primes.ts
 *   npm run test:runtimes -- --others       on all but the Node of this project, after npm test
 *   npm run test:runtimes -- --install      only fetches them, and links .runtimes/bin/node20 …
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { here, install, matrix, type Runtime } from './matrix.ts'

const FILE_LIMIT = 180_000
/** Node 20 takes ten minutes on a slow machine: there each module that a thread loads goes by way of another thread. */
const RUNTIME_LIMIT = 1_500_000

interface Outcome {
  readonly passed: number
  readonly failed: number
}

interface Row extends Outcome {
  readonly runtime: string
  readonly version: string
  readonly seconds: number
}

const { values: options, positionals } = parseArgs({
  options: {
    here: { type: 'boolean' },
    only: { type: 'string' },
    others: { type: 'boolean' },
    exec: { type: 'string' },
    install: { type: 'boolean' },
    verbose: { type: 'boolean' },
  },
  allowPositionals: true,
})
const running = new Set<ChildProcess>()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => {
    running.forEach(killGroup)
    process.exit(1)
  })

const chosen = options.here ? [here] : choose(options.only)
if (!options.here) chosen.forEach(install)
if (!options.install) {
  await writePlain()
  process.exitCode = options.exec ? await execute(options.exec, positionals) : await testAll(positionals)
}

function choose(names?: string): readonly Runtime[] {
  if (!names) return options.others ? matrix.filter(({ name }) => name !== here.name) : matrix
  return names.split(',').map(name => {
    const found = matrix.find(runtime => runtime.name.replace('-', '') === name.replace('-', ''))
    if (!found) throw new Error(`no runtime ${name}; there are ${matrix.map(each => each.name).join(', ')}`)
    return found
  })
}

/** What `plain.mjs` gives to Node 20 and 22. */
async function writePlain(): Promise<void> {
  const entryPoints = globSync('{test,examples,bench}/**/*.ts', { exclude: ['**/node_modules/**', '**/*.d.ts'] })
  await build({
    entryPoints,
    outbase: '.',
    outdir: '.runtimes/plain',
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline',
  })
}

async function execute(program: string, args: readonly string[]): Promise<number> {
  let failed = 0
  for (const runtime of chosen) {
    console.log(`\n${runtime.name} ${runtime.version}`)
    const child = start(runtime, [...runtime.run, program, ...args], 'inherit')
    if ((await ended(child, RUNTIME_LIMIT)) !== 0) failed++
  }
  return failed && 1
}

async function testAll(patterns: readonly string[]): Promise<number> {
  const files = globSync(patterns.length ? [...patterns] : 'test/**/*.test.ts').toSorted()
  if (!files.length) throw new Error(`no test file matches ${patterns.join(' ')}`)
  const rows: Row[] = []
  for (const runtime of chosen) rows.push(await testOn(runtime, files))
  console.table(rows)
  const sum = (column: keyof Outcome) => rows.reduce((total, row) => total + row[column], 0)
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`)
  return sum('failed') && 1
}

/** A process a file, so that what hangs, crashes or leaks in one takes no other with it. */
async function testOn(runtime: Runtime, files: readonly string[]): Promise<Row> {
  const since = performance.now()
  const waiting = [...files]
  const outcomes: Outcome[] = []
  const lane = async () => {
    for (let file = waiting.shift(); file; file = waiting.shift()) {
      const left = RUNTIME_LIMIT - (performance.now() - since)
      outcomes.push(await testFile(runtime, file, Math.max(1, Math.min(FILE_LIMIT, left))))
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, lane))
  return {
    runtime: runtime.name,
    version: runtime.version,
    passed: outcomes.reduce((total, outcome) => total + outcome.passed, 0),
    failed: outcomes.reduce((total, outcome) => total + outcome.failed, 0),
    seconds: Math.round((performance.now() - since) / 100) / 10,
  }
}

async function testFile(runtime: Runtime, file: string, limit: number): Promise<Outcome> {
  const child = start(runtime, [...runtime.test, `./${file}`], 'pipe')
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', text => (output += text))
  const since = performance.now()
  const code = await ended(child, limit)
  const { passed, failed } = count(output)
  // A file that ends well without having counted anything has not run: its loop fell dry.
  const good = code === 0 && failed === 0 && passed > 0
  const seconds = ((performance.now() - since) / 1000).toFixed(1)
  const verdict = good ? `${passed} passed` : code === 'late' ? 'KILLED' : `FAILED, exit ${code}`
  console.log(`${runtime.name.padEnd(7)} ${seconds.padStart(5)} s  ${file}  ${verdict}`)
  if (!good || options.verbose) console.log(output.replace(/^/gm, '    '))
  return { passed, failed: good ? 0 : Math.max(1, failed) }
}

/** Each process leads a group of its own, so that whatever it started can be ended with it. */
function start(runtime: Runtime, args: readonly string[], stdio: 'inherit' | 'pipe'): ChildProcess {
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, ...runtime.env }
  return spawn(runtime.program, args, { env, stdio: ['ignore', stdio, stdio], detached: true })
}

/** The exit code, or 'late' when it had to be killed. */
async function ended(child: ChildProcess, limit: number): Promise<number | string> {
  running.add(child)
  let late = false
  const timer = setTimeout(() => {
    late = true
    killGroup(child)
  }, limit)
  try {
    const [code, signal] = await once(child, 'close')
    return late ? 'late' : (code ?? signal)
  } finally {
    clearTimeout(timer)
    running.delete(child)
  }
}

function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid) process.kill(-pid, 'SIGKILL')
  } catch {
    // The group is gone already.
  }
}

/** Reads the closing lines of node:test ("ℹ pass 3"), Bun (" 3 pass") and Deno ("ok | 3 passed (2 steps) | 0 failed"). */
function count(output: string): Outcome {
  const deno = /^(?:ok|FAILED) \| (\d+) passed(?: \((\d+) steps?\))? \| (\d+) failed/m.exec(output) ?? []
  const sum = (pattern: RegExp) => [...output.matchAll(pattern)].reduce((total, match) => total + Number(match[1]), 0)
  return {
    passed: sum(/^(?:ℹ|#) pass (\d+)$/gm) + sum(/^ *(\d+) pass$/gm) + Number(deno[1] ?? 0) + Number(deno[2] ?? 0),
    failed: sum(/^(?:ℹ|#) (?:fail|cancelled) (\d+)$/gm) + sum(/^ *(\d+) fail$/gm) + Number(deno[3] ?? 0),
  }
}
