/** The runtime that the contestants run on; the harness itself stays on the Node that started it. */
import { execFileSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { install, matrix } from '../scripts/matrix.ts'

export interface Runtime {
  /** With its version. */
  readonly name: string
  readonly program: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/** `node`: the path of a Node. `name`: a runtime of the matrix, such as 'node-24' or 'bun'. Default: this Node. */
export async function runtimeOf(name: string | undefined, node: string | undefined): Promise<Runtime> {
  if (name === undefined) return nodeAt(node ?? process.execPath)
  const runtime = matrix.find(each => each.name.replace('-', '') === name.replace('-', ''))
  if (runtime === undefined)
    throw new Error(`no runtime ${name}; there are ${matrix.map(each => each.name).join(', ')}`)
  install(runtime)
  const { program, run, version } = runtime
  // Node 20 strips no types. From 22.18 on Node does, and does without what the tests need.
  const env = runtime.name === 'node-20' ? runtime.env : {}
  if (runtime.name === 'node-20') await stripTypes()
  return { name: `${runtime.name} ${version}`, program, args: run, env }
}

function nodeAt(program: string): Runtime {
  const version = execFileSync(program, ['--version'], { encoding: 'utf8' }).trim()
  return { name: `node ${version.slice(1)}`, program, args: [], env: {} }
}

/** Where `scripts/plain.mjs` looks. */
async function stripTypes(): Promise<void> {
  const { build } = await import('esbuild')
  const entryPoints = globSync('bench/**/*.ts', { exclude: ['**/node_modules/**', '**/*.d.ts'] })
  await build({ entryPoints, outbase: '.', outdir: '.runtimes/plain', format: 'esm', target: 'node20' })
}
