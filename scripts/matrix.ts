/** The runtimes we promise: how npm calls them, how they are installed, how each runs a program and a test. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

export interface Runtime {
  readonly name: string
  readonly version: string
  readonly package: string
  readonly program: string
  readonly run: readonly string[]
  readonly test: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

const home = resolve(import.meta.dirname, '../.runtimes')
const { platform, arch } = process

export const matrix: readonly Runtime[] = [
  node('20.20.2'),
  node('22.23.3'),
  node('24.21.0'),
  node('26.10.0'),
  bun('1.4.5'),
  deno('2.9.6'),
]

/** The Node that runs this script. */
export const here: Runtime = { ...node(process.versions.node), program: process.execPath }

function node(version: string): Runtime {
  const major = Number.parseInt(version)
  const name = `node-${major}`
  // npm has every release of Node for Linux, but only some for macOS, and under another name.
  const release =
    platform === 'darwin'
      ? { package: `node-bin-darwin-${arch}`, version: `${major}` }
      : { package: `node-${platform}-${arch}`, version }
  const plain = `--import=${join(import.meta.dirname, 'plain.mjs')}`
  return {
    name,
    ...release,
    program: programOf(name, release.package, 'bin/node'),
    run: [],
    test: ['--test-reporter=spec'],
    env: major < 24 ? { NODE_OPTIONS: plain } : {},
  }
}

function bun(version: string): Runtime {
  const name = `@oven/bun-${platform}-${arch === 'arm64' ? 'aarch64' : arch}`
  // Its own limit for a test is five seconds, less than a slow machine may need.
  const test = ['test', '--timeout=60000']
  return {
    name: 'bun',
    version,
    package: name,
    program: programOf('bun', name, 'bin/bun'),
    run: ['run'],
    test,
    env: {},
  }
}

function deno(version: string): Runtime {
  const name = `@deno/${platform}-${arch}${platform === 'linux' ? '-glibc' : ''}`
  const flags = ['--allow-all', '--no-check', '--no-lock']
  const run = ['run', ...flags]
  const test = ['test', ...flags]
  return { name: 'deno', version, package: name, program: programOf('deno', name, 'deno'), run, test, env: {} }
}

function programOf(name: string, packageName: string, file: string): string {
  return join(home, name, 'node_modules', packageName, file)
}

/** Fetches the runtime unless it is there already, and links it as `.runtimes/bin/node24`, `.runtimes/bin/bun` … */
export function install(runtime: Runtime): void {
  if (!isInstalled(runtime)) fetch(runtime)
  const link = join(home, 'bin', runtime.name.replace('-', ''))
  if (existsSync(link)) return
  mkdirSync(dirname(link), { recursive: true })
  rmSync(link, { force: true })
  symlinkSync(relative(dirname(link), runtime.program), link)
}

function isInstalled(runtime: Runtime): boolean {
  const manifest = programOf(runtime.name, runtime.package, 'package.json')
  if (!existsSync(manifest)) return false
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
  return `${version}.`.startsWith(`${runtime.version}.`)
}

function fetch(runtime: Runtime): void {
  const folder = join(home, runtime.name)
  mkdirSync(folder, { recursive: true })
  const flags = ['--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--loglevel=error']
  const npm = ['install', ...flags, '--prefix', folder, `${runtime.package}@${runtime.version}`]
  const { status } = spawnSync('npm', npm, { stdio: ['ignore', 'inherit', 'inherit'] })
  if (status !== 0) throw new Error(`npm could not install ${runtime.package}@${runtime.version}`)
}
