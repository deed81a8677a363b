/**
 * Whether `check` works inside of vitest and jest, which put a test into surroundings of their own: workers, a module system,
 * globals. They are brought on first use, and run on the Node that runs this. (Their vite is one whose lock `npm ci` takes:
 * 8.4.0 names a package that it then misses.)
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const home = join(import.meta.dirname, 'runners')
const root = join(import.meta.dirname, '..')
const specs = join(root, 'test/runners')

interface Runner {
  readonly name: string
  /** The words that run one spec. */
  readonly words: (spec: string) => readonly string[]
}

const runners: readonly Runner[] = [
  {
    name: 'vitest',
    words: spec => [
      join(home, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--globals',
      `--root=${root}`,
      `test/runners/${spec}`,
    ],
  },
  {
    name: 'jest',
    words: spec => [
      // Without it jest knows no ES modules.
      '--experimental-vm-modules',
      join(home, 'node_modules/jest/bin/jest.js'),
      `--rootDir=${specs}`,
      `--testMatch=**/${spec}`,
      '--transform={}',
    ],
  },
]

/** What a failing test has to show: two reads, then two writes. */
const DRAWN = [
  /1 +counter\.value → 0/,
  /2 +· +counter\.value → 0/,
  /3 +counter\.value = 1/,
  /4 +counter\.value = 1 +·/,
  /replay: 'A1B2A1'/,
]
const LIMIT = 120_000

function install(): void {
  if (runners.every(({ name }) => existsSync(join(home, 'node_modules', name)))) return
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  execFileSync('npm', ['ci', '--prefix', home, ...flags], { stdio: 'inherit' })
}

function run({ words }: Runner, spec: string): { status: number | null; output: string } {
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined }
  const { status, stdout, stderr } = spawnSync(process.execPath, words(spec), { env, encoding: 'utf8', timeout: LIMIT })
  return { status, output: stdout + stderr }
}

function tell(runner: Runner, claim: string, isTrue: boolean, output: string): void {
  console.log(`${runner.name}: ${claim}: ${isTrue ? 'yes' : 'NO'}`)
  if (isTrue) return
  console.log(output)
  process.exitCode = 1
}

install()
for (const runner of runners) {
  const passing = run(runner, 'check.spec.mjs')
  tell(runner, 'checks run in it', passing.status === 0 && /\b4 passed/.test(passing.output), passing.output)
  const failing = run(runner, 'fails.spec.mjs')
  const isDrawn = DRAWN.every(line => line.test(failing.output))
  tell(runner, 'a check that fails draws its schedule', failing.status === 1 && isDrawn, failing.output)
}

const [vitest] = runners as [Runner, ...Runner[]]
const config = `--config=${join(specs, 'transform.config.mjs')}`
const between = run({ ...vitest, words: spec => [...vitest.words(spec), config] }, 'between.spec.mjs')
tell(vitest, 'with the plugin it looks between awaits', between.status === 0, between.output)
