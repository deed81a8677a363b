/** Which package this is: for two processes that must be of the same. */
import { readFileSync } from 'node:fs'

/** `multitask 1.2.3`. */
export function packageVersion(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  const { name, version } = JSON.parse(manifest) as { name: string; version: string }
  return `${name} ${version}`
}
