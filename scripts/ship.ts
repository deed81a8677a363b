/**
 * Makes dist what is shipped, after tsc, which has left the comments out of the code: editors show those of the
 * declarations. Two things are done here.
 *
 * Directions to bundlers are comments too, and come back: what is imported by a name that is only known at run time
 * must be left to the runtime.
 *
 * Declarations of the insides stay at home. The tests need them, users only those that the doors of the package lead to.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { posix } from 'node:path'

const { exports: doors } = JSON.parse(readFileSync('package.json', 'utf8')) as { exports: Record<string, string> }
const IMPORTER = 'dist/platform/modules.js'

function directBundlers(): void {
  const code = readFileSync(IMPORTER, 'utf8')
  const directed = code.replace('return import(', 'return import(/* webpackIgnore: true */ /* @vite-ignore */ ')
  if (directed === code) throw new Error(`${IMPORTER} imports nothing that bundlers have to leave alone`)
  writeFileSync(IMPORTER, directed)
}

/** The declarations that those of the doors import, and theirs. */
function reachable(): Set<string> {
  const modules = Object.values(doors).filter(path => path.endsWith('.js'))
  const found = new Set(modules.map(path => posix.normalize(path).replace(/\.js$/, '.d.ts')))
  for (const file of found) {
    for (const [, specifier] of readFileSync(file, 'utf8').matchAll(/(?:from|import\() ?['"](\.[^'"]+)['"]/g))
      found.add(posix.join(posix.dirname(file), specifier!.replace(/\.[jt]s$/, '.d.ts')))
  }
  return found
}

directBundlers()
const shipped = reachable()
const unshipped = globSync('dist/**/*.d.ts').filter(file => !shipped.has(file.replaceAll('\\', '/')))
writeFileSync('dist/.npmignore', unshipped.map(file => `${posix.relative('dist', file)}\n`).join(''))
