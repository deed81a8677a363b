/**
 * Makes dist what is shipped, after tsc, which has left the declarations there, one a module: writes the code, removes
 * what no source makes any more, and lists what stays at home. The tests need the declarations of the insides and the
 * files that lead to them, users only what the doors of the package lead to.
 */
import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { posix } from 'node:path'
import { entries, writeCode } from './code.ts'

const { exports: doors } = JSON.parse(readFileSync('package.json', 'utf8')) as { exports: Record<string, string> }

/** The files below dist with this ending. */
function inDist(ending: string): string[] {
  return globSync(`**/*${ending}`, { cwd: 'dist' }).map(file => file.replaceAll('\\', '/'))
}

function remove(files: readonly string[]): void {
  for (const file of files) rmSync(posix.join('dist', file))
}

/** The declarations that those of the doors import, and theirs. */
function neededDeclarations(): Set<string> {
  const modules = Object.values(doors).filter(path => path.endsWith('.js'))
  const found = new Set(modules.map(path => posix.relative('dist', path).replace(/\.js$/, '.d.ts')))
  for (const file of found) {
    const text = readFileSync(posix.join('dist', file), 'utf8')
    for (const [, specifier] of text.matchAll(/(?:from|import\() ?['"](\.[^'"]+)['"]/g))
      found.add(posix.join(posix.dirname(file), specifier!.replace(/\.[jt]s$/, '.d.ts')))
  }
  return found
}

const code = new Set(await writeCode())
remove(inDist('.js').filter(file => !code.has(file)))
remove(inDist('.d.ts').filter(file => !existsSync(posix.join('src', file.replace(/\.d\.ts$/, '.ts')))))

const shipped = neededDeclarations()
for (const file of code) if (file.startsWith('chunks/')) shipped.add(file)
for (const entry of entries) shipped.add(`${entry}.js`)
const atHome = [...inDist('.d.ts'), ...inDist('.js')].filter(file => !shipped.has(file)).toSorted()
writeFileSync('dist/.npmignore', atHome.map(file => `${file}\n`).join(''))
