/**
 * Makes dist what is shipped, after tsc, which has left the declarations there, one a module: writes the code, removes
 * what no source makes any more, and lists what stays at home. The tests need the declarations of the insides and the
 * files that lead to them, users only what the doors of the package lead to.
 */
import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { posix } from 'node:path'
import { entries, writeCode } from './code.ts'

interface Manifest {
  readonly exports: Readonly<Record<string, string>>
  readonly imports: Readonly<Record<string, Readonly<Record<string, string>>>>
}

const { exports: doors, imports } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest

/** The files below dist with this ending. */
function inDist(ending: string): string[] {
  return globSync(`**/*${ending}`, { cwd: 'dist' }).map(file => file.replaceAll('\\', '/'))
}

function remove(files: readonly string[]): void {
  for (const file of files) rmSync(posix.join('dist', file))
}

/** These files below dist, those that they import, and theirs. `ending`: theirs, instead of that in what is imported. */
function reachable(files: readonly string[], ending: string): Set<string> {
  const found = new Set(files)
  for (const file of found) {
    const text = readFileSync(posix.join('dist', file), 'utf8')
    for (const [, specifier] of text.matchAll(/(?:from|import|import\() ?['"](\.[^'"]+)['"]/g))
      found.add(posix.join(posix.dirname(file), specifier!.replace(/\.[jt]s$/, ending)))
  }
  return found
}

const code = new Set(await writeCode())
remove(inDist('.js').filter(file => !code.has(file)))
remove(inDist('.d.ts').filter(file => !existsSync(posix.join('src', file.replace(/\.d\.ts$/, '.ts')))))

const doorModules = Object.values(doors).filter(path => path.endsWith('.js'))
const chosen = Object.values(imports).flatMap(conditions =>
  Object.values(conditions).filter(each => each.endsWith('.js')),
)
const belowDist = (path: string): string => posix.relative('dist', path)
const shipped = new Set([
  ...reachable([...entries.map(entry => `${entry}.js`), ...chosen.map(belowDist)], '.js'),
  ...reachable(
    doorModules.map(path => belowDist(path).replace(/\.js$/, '.d.ts')),
    '.d.ts',
  ),
])
const atHome = [...inDist('.d.ts'), ...inDist('.js')].filter(file => !shipped.has(file)).toSorted()
writeFileSync('dist/.npmignore', atHome.map(file => `${file}\n`).join(''))
