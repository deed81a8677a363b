/** The packages that we compare ourselves with: brought on first use, and their versions. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const home = import.meta.dirname

export function installRivals(): void {
  const missing = Object.entries(rivalVersions()).filter(([name, version]) => installedVersion(name) !== version)
  if (missing.length === 0) return
  console.error(`installing in bench/node_modules: ${missing.map(([name]) => name).join(', ')}`)
  const flags = ['--no-audit', '--no-fund', '--loglevel=error']
  execFileSync('npm', ['ci', '--prefix', home, ...flags], { stdio: ['ignore', 'ignore', 'inherit'] })
}

export function rivalVersions(): Record<string, string> {
  const manifest = read(join(home, 'package.json')) as { dependencies: Record<string, string> }
  return manifest.dependencies
}

function installedVersion(name: string): string | undefined {
  const manifest = join(home, 'node_modules', name, 'package.json')
  return existsSync(manifest) ? (read(manifest) as { version: string }).version : undefined
}

function read(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'))
}
