/** What npm downloads for the package. */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Bytes. The package has to be built. */
export function packedSize(): number {
  const flags = ['--dry-run', '--json', '--ignore-scripts']
  const [{ size }] = JSON.parse(execFileSync('npm', ['pack', ...flags], { cwd: root, encoding: 'utf8' })) as [
    { size: number },
  ]
  return size
}
