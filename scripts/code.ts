/**
 * The code that is shipped: the modules of src in few files, not minified, so that a stack trace can be read.
 *
 * dist/chunks has the code. Where the package is entered (by its doors, by the files that a worker or a process starts
 * with, by its command) a file stands as in src; it holds the start, or names what of the chunks is to be seen there.
 * Such files are also made for the insides that tests and benchmarks import: what they test is what is shipped.
 */
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, posix, relative, sep } from 'node:path'
import { type OutputChunk, type Plugin, rolldown } from 'rolldown'
import { assignChunks, chunkNames } from './chunks.ts'

const root = join(import.meta.dirname, '..')
const src = join(root, 'src')
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly dependencies: object
  readonly exports: object
  readonly bin: object
}
const dependencies = Object.keys(manifest.dependencies)

/** What is entered from outside, and shipped. */
export const entries = [
  ...new Set([
    ...doors(),
    // What `imports` in package.json choose in a page; elsewhere they choose the chunk of the other.
    'wire/no-closures',
    'host/no-stand-ins',
    'platform/no-native-memory',
    ...startedByUrl(),
  ]),
]
/** What they choose on Node, Bun and Deno. No file is made of these: they are their chunks. */
const chosen = ['wire/closures', 'host/stand-ins', 'platform/native-memory']
/** Nobody imports what these have themselves, so they are not in a chunk. */
const apart = new Set(entries)

/** The insides that tests and benchmarks import, as `'../../dist/wire/pack.js'`. */
function tested(): string[] {
  const files = globSync('{test,bench,examples}/**/*.ts', { cwd: root, exclude: ['**/node_modules/**'] })
  return files.flatMap(file => {
    const text = readFileSync(join(root, file), 'utf8')
    return Array.from(text.matchAll(/'(?:\.\.\/)+dist\/([^']+)\.js'/g), ([, module]) => module!)
  })
}

/** What users import and run. */
function doors(): string[] {
  const paths = [...Object.values(manifest.exports), ...Object.values(manifest.bin)] as string[]
  return paths.filter(path => path.endsWith('.js')).map(path => path.replace(/^(\.\/)?dist\/(.*)\.js$/, '$2'))
}

/** The files that threads and processes start with. A chunk lies in another folder than the modules that it is made of. */
function startedByUrl(): string[] {
  const files = globSync('**/*.ts', { cwd: src }).map(file => [file, readFileSync(join(src, file), 'utf8')] as const)
  return files.flatMap(([file, text]) =>
    Array.from(text.matchAll(/new URL\('([^']+)\.js', import\.meta\.url\)/g), ([, path]) => {
      if (/^\.\.\/[\w-]+\/[\w-]+$/.test(path!)) return path!.slice('../'.length)
      throw new Error(`${file} has to say where ${path}.js is as seen from dist/chunks: ../folder/${path}.js`)
    }),
  )
}

function moduleOf(file: string): string {
  return relative(src, file).split(sep).join('/').replace(/\.ts$/, '')
}

/** Writes the code, and returns the names of its files below dist. */
export async function writeCode(): Promise<string[]> {
  let chunkOf = new Map<string, string>()
  const assign: Plugin = {
    name: 'assign chunks',
    buildEnd() {
      const imported = (module: string) => {
        const info = this.getModuleInfo(join(src, `${module}.ts`))
        if (info === null) throw new Error(`nobody imports ${module}, which scripts/chunks.ts names`)
        return info.importedIds
      }
      chunkOf = assignChunks(module =>
        imported(module)
          .filter(id => id.startsWith(src))
          .map(moduleOf),
      )
    },
  }
  const bundle = await rolldown({
    input: Object.fromEntries([...entries, ...chosen, ...tested()].map(module => [module, join(src, `${module}.ts`)])),
    external: [/^(node:|#)/, ...dependencies.map(name => new RegExp(`^${name}(/|$)`))],
    platform: 'neutral',
    preserveEntrySignatures: 'allow-extension',
    tsconfig: join(root, 'tsconfig.build.json'),
    plugins: [assign],
    onLog(level, log) {
      if (level === 'warn') throw new Error(log.message)
    },
  })
  const { output } = await bundle.generate({
    format: 'esm',
    comments: { annotation: true, jsdoc: false, legal: false },
    // Short names would stand in the stack traces of what a chunk exports.
    minifyInternalExports: false,
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name].js',
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: chunkNames.map(name => ({
        name,
        test: id => !apart.has(moduleOf(id)) && chunkOf.get(moduleOf(id)) === name,
      })),
    },
  })
  await bundle.close()
  const chunks = output.filter(file => file.type === 'chunk')
  const files = withoutDetours(new Map(chunks.map(chunk => [chunk.fileName, chunk])))
  // What is imported by a name that is only known at run time must be left to the runtime.
  if (![...files.values()].some(text => text.includes('/* webpackIgnore: true */')))
    throw new Error('the directions to bundlers are lost')
  for (const [file, text] of files) write(file, text)
  return [...files.keys()]
}

/**
 * Two kinds of files lead nowhere. A module that is imported on demand gets one that names what it exports of its
 * chunk: the chunk itself is imported, which has the same names and more. And what `index` has besides its exports is a
 * file of its own, which is empty.
 */
function withoutDetours(chunks: ReadonlyMap<string, OutputChunk>): Map<string, string> {
  const files = new Map<string, string>()
  const isDetour = ({ moduleIds, exports, imports: [from] }: OutputChunk): boolean =>
    moduleIds.length === 0 && exports.every(name => chunks.get(from!)!.exports.includes(name))
  for (const chunk of chunks.values()) {
    const { fileName, code } = chunk
    const at = (path: string) => chunks.get(posix.join(posix.dirname(fileName), path))
    const direct = code
      .replaceAll(/(?<=import\(")\.[^"]+(?="\))/g, path => {
        const imported = at(path)!
        return isDetour(imported) ? relativeTo(fileName, imported.imports[0]!) : path
      })
      .replaceAll(/^import "([^"]+)";\n/gm, (line, path: string) => (at(path)?.code.trim() === '' ? '' : line))
    checkNames(fileName, code)
    if (chunk.isEntry || (!isDetour(chunk) && code.trim() !== '')) files.set(fileName, direct)
  }
  return files
}

function relativeTo(file: string, other: string): string {
  const path = posix.relative(posix.dirname(file), other)
  return path.startsWith('.') ? path : `./${path}`
}

/** A class that got another name, because its chunk has another of that name, would show it to users. */
function checkNames(file: string, code: string): void {
  const renamed = /^(?:var|let|const) (\w+)\$\d+ = class/m.exec(code)
  if (renamed) throw new Error(`two classes in ${file} have the name ${renamed[1]}`)
}

/** Only what is new, as a program may be running from it. */
function write(file: string, text: string): void {
  const path = join(root, 'dist', file)
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
