/**
 * How much would a browser load, and how much does npm?
 *
 * The core is what runs in a page and in its workers. The parser (acorn) is loaded when a function has captures, and
 * the platform's part is another one in a browser, so both are left out. Code that both sides need is loaded once.
 */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { type Chart, type Row, values } from '../chart.ts'
import type { Figures, Question, Results } from '../question.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const MAIN = 'dist/index.js'
const WORKER = 'dist/worker/main.js'
const PLATFORM = ['./platform/*', '../platform/*']

async function measure(): Promise<Figures> {
  const core = await bundle([MAIN, WORKER], PLATFORM)
  const figures: Record<string, number> = {
    core: core.gzipped,
    'core minified': core.minified,
    main: (await bundle([MAIN], PLATFORM)).gzipped,
    worker: (await bundle([WORKER], PLATFORM)).gzipped,
    'with platform': (await bundle([MAIN, WORKER], [])).gzipped,
    package: packed() / 1000,
  }
  for (const [part, bytes] of core.parts) figures[`part ${part}`] = bytes / 1000
  return figures
}

function packed(): number {
  const flags = ['--dry-run', '--json', '--ignore-scripts']
  const [{ size }] = JSON.parse(execFileSync('npm', ['pack', ...flags], { cwd: root, encoding: 'utf8' })) as [
    { size: number },
  ]
  return size
}

interface Bundle {
  /** kB of all files together. */
  readonly gzipped: number
  readonly minified: number
  /** Minified bytes by folder of the source. */
  readonly parts: ReadonlyMap<string, number>
}

async function bundle(entryPoints: string[], external: string[]): Promise<Bundle> {
  const { build } = await import('esbuild')
  const { outputFiles, metafile } = await build({
    entryPoints,
    absWorkingDir: root,
    outdir: 'out',
    bundle: true,
    splitting: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'browser',
    external: ['node:*', 'acorn', ...external],
    legalComments: 'none',
  })
  const parts = new Map<string, number>()
  for (const { inputs } of Object.values(metafile.outputs)) {
    for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
      const part = /^dist\/(\w+)\//.exec(file)?.[1] ?? 'errors, index'
      parts.set(part, (parts.get(part) ?? 0) + bytesInOutput)
    }
  }
  const sum = (size: (contents: Uint8Array) => number) =>
    outputFiles.reduce((total, { contents }) => total + size(contents), 0) / 1000
  return {
    gzipped: sum(contents => gzipSync(contents, { level: 9 }).byteLength),
    minified: sum(contents => contents.byteLength),
    parts,
  }
}

function charts(results: Results): Chart[] {
  const { figures, failure } = results.get('multitask')!
  const row = (label: string, figure: string): Row => ({ label, samples: values(figures, figure), failure })
  const parts = Object.keys(figures[0] ?? {}).filter(name => name.startsWith('part '))
  const biggestFirst = parts.toSorted((a, b) => figures[0]![b]! - figures[0]![a]!)
  return [
    {
      title: 'The core, minified and gzipped, without the parser and the platform',
      unit: 'kB',
      better: 'less',
      references: [],
      goals: [{ row: 'page and worker together', atMost: 15 }],
      rows: [
        row('page and worker together', 'core'),
        row('page alone', 'main'),
        row('worker alone', 'worker'),
        row('together, with the platform for Node', 'with platform'),
      ],
    },
    {
      title: 'The core by folder, minified, not gzipped',
      unit: 'kB',
      better: 'less',
      references: [],
      goals: [],
      rows: [row('all', 'core minified'), ...biggestFirst.map(name => row(name.slice('part '.length), name))],
    },
    {
      title: 'What npm downloads',
      unit: 'kB',
      better: 'less',
      references: [],
      goals: [{ row: 'npm pack', atMost: 250 }],
      rows: [row('npm pack', 'package')],
    },
  ]
}

export const question: Question = { contestants: ['multitask'], mostRounds: 1, measure, charts }
