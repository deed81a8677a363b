/** Which package this is: for two processes that must be of the same. */

/** `multitask 1.2.3`. */
export function packageVersion(): string {
  const { readFileSync } = process.getBuiltinModule('node:fs')
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  const { name, version } = JSON.parse(manifest) as { name: string; version: string }
  return `${name} ${version}`
}
