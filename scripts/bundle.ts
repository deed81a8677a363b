/** What a page and its workers load, as a bundler makes it: minified, without what nobody uses. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build as esbuild, type Metafile, type Plugin } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))

export const MAIN = 'dist/index.js'
export const WORKER = 'dist/worker/main.js'
/** A page that only submits functions that are marked. */
export const SUBMITS = `export { ThreadPoolExecutor, task } from './${MAIN}'`
/** The same, past index.js: for what esbuild calls one chunk, all counts that a file imports, whether it is used or not. */
export const SUBMITS_AND_WORKER = [
  `export { ThreadPoolExecutor } from './dist/chunks/pool.js'; export { task } from './dist/chunks/base.js'`,
  WORKER,
]

/** A page that has one lock and nothing else: what lies together by mistake shows here. */
export const LOCKS = `export { Lock } from './${MAIN}'`

export interface Bundle {
  /** Bytes of all files that are loaded at once, compressed one by one. */
  readonly gzipped: number
  readonly minified: number
  /** Minified bytes by chunk. */
  readonly parts: ReadonlyMap<string, number>
}

/** Leaves out what a page has another part for; the error classes, which lie in the same file, stay. */
const withoutPlatform: Plugin = {
  name: 'without platform',
  setup(build) {
    build.onResolve({ filter: /\/platform\.js$/ }, () => ({ path: 'it', namespace: 'platform', sideEffects: false }))
    build.onLoad({ filter: /./, namespace: 'platform' }, async () => {
      const [all, errors] = [exportsOf('dist/chunks/platform.js'), exportsOf('dist/errors.js')]
      const others = all.filter(name => !errors.includes(name))
      return { contents: `${await errorClasses()}\nexport { ${others.join(', ')} } from 'node:platform'` }
    })
  },
}

function exportsOf(file: string): string[] {
  const names = /^export \{ (.*) \}/m.exec(readFileSync(join(root, file), 'utf8'))![1]!
  return names.split(', ').map(name => name.replace(/^.* as /, ''))
}

/** The code of nothing but these. */
async function errorClasses(): Promise<string> {
  const { outputFiles } = await esbuild({
    entryPoints: ['dist/errors.js'],
    absWorkingDir: root,
    bundle: true,
    write: false,
    format: 'esm',
    external: ['node:*'],
    logLevel: 'error',
  })
  return outputFiles[0]!.text.replaceAll(/^import "node:.*;$/gm, '')
}

/** Entries that are no files but a line of code. */
const lines: Plugin = {
  name: 'lines',
  setup(build) {
    build.onResolve({ filter: /^export / }, ({ path }) => ({ path, namespace: 'line' }))
    build.onLoad({ filter: /./, namespace: 'line' }, ({ path }) => ({ contents: path, resolveDir: root }))
  },
}

/**
 * Bundles the entries together: what several need is counted once, and what is imported on demand is not counted.
 * `entries`: files, or lines of code that begin with `export`. `platform`: whether that for Node is counted too.
 */
export async function bundle(entries: readonly string[], { platform = false } = {}): Promise<Bundle> {
  const { outputFiles, metafile } = await esbuild({
    entryPoints: entries.map((entry, i) => ({ in: entry, out: `entry-${i}` })),
    absWorkingDir: root,
    outdir: 'out',
    bundle: true,
    splitting: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'browser',
    external: ['node:*', 'acorn'],
    legalComments: 'none',
    logLevel: 'error',
    plugins: platform ? [lines] : [lines, withoutPlatform],
  })
  const names = loadedAtOnce(metafile, entries.length)
  const files = outputFiles.filter(({ path }) => names.has(path.slice(root.length).replaceAll('\\', '/')))
  const sum = (size: (contents: Uint8Array) => number) =>
    files.reduce((total, { contents }) => total + size(contents), 0)
  return {
    gzipped: sum(contents => gzipSync(contents, { level: 9 }).byteLength),
    minified: sum(contents => contents.byteLength),
    parts: partsOf(metafile, names),
  }
}

/** The files of the entries and those that they import statically. */
function loadedAtOnce({ outputs }: Metafile, entries: number): Set<string> {
  const names = new Set(Array.from({ length: entries }, (_, i) => `out/entry-${i}.js`))
  for (const name of names) {
    for (const { kind, path } of outputs[name]!.imports)
      if (kind === 'import-statement' && path in outputs) names.add(path)
  }
  return names
}

function partsOf({ outputs }: Metafile, names: ReadonlySet<string>): Map<string, number> {
  const parts = new Map<string, number>()
  for (const name of names) {
    for (const [file, { bytesInOutput }] of Object.entries(outputs[name]!.inputs)) {
      const part = /^dist\/chunks\/(.+)\.js$/.exec(file)?.[1] ?? (file.startsWith('platform:') ? 'errors' : 'the rest')
      parts.set(part, (parts.get(part) ?? 0) + bytesInOutput)
    }
  }
  return parts
}
