/**
 * Every program in examples/ prints what its last lines say it prints. As in Go: `// Output:` or, where lines may come
 * in any order, `// Unordered output:`, and under it the lines.
 *
 * A program that cannot run everywhere says so: `// runtimes: node (why)`.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const folder = new URL('../examples/', import.meta.url)
const runtime = 'Bun' in globalThis ? 'bun' : 'Deno' in globalThis ? 'deno' : 'node'
const flags = runtime === 'deno' ? ['run', '--allow-all', '--no-check', '--no-lock'] : []
const LIMIT = 30_000

/** They print how long they took. One has tests of its own: see crawl-a-site.test.ts. */
const measured = ['compress-node-modules.ts', 'crawl-a-site.ts']

interface Expected {
  readonly lines: readonly string[]
  readonly ordered: boolean
}

function expectedOf(source: string): Expected | undefined {
  const [, unordered, text] = /^\/\/ (Unordered o|O)utput:\n((?:\/\/.*\n?)+)$/m.exec(source) ?? []
  if (text === undefined) return undefined
  const lines = text.trimEnd().split('\n')
  return { lines: lines.map(line => line.replace(/^\/\/ ?/, '')), ordered: unordered === 'O' }
}

/** Why the program does not run here; undefined if it does. */
function reasonToSkip(source: string): string | undefined {
  const [line, names = ''] = /^\/\/ runtimes: ([a-z, ]+).*$/m.exec(source) ?? []
  return line === undefined || names.split(',').some(name => name.trim() === runtime) ? undefined : line.slice(3)
}

function run(program: string): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const args = [...flags, fileURLToPath(new URL(program, folder))]
  return new Promise(resolve => {
    execFile(process.execPath, args, { timeout: LIMIT, killSignal: 'SIGKILL' }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : (error.code ?? error.signal), stdout, stderr })
    })
  })
}

const programs = readdirSync(folder).filter(name => name.endsWith('.ts') && !measured.includes(name))

for (const program of programs) {
  const source = readFileSync(new URL(program, folder), 'utf8')
  const skip = reasonToSkip(source) ?? false
  void test(`${program} prints what it says`, { skip, timeout: 2 * LIMIT }, async () => {
    const expected = expectedOf(source)
    assert.ok(expected, `${program} ends in no "// Output:"`)
    const { code, stdout, stderr } = await run(program)
    const lines = stdout.trimEnd().split('\n')
    const sorted = (each: readonly string[]): readonly string[] => (expected.ordered ? each : each.toSorted())
    assert.deepEqual({ code, lines: sorted(lines), stderr }, { code: 0, lines: sorted(expected.lines), stderr: '' })
  })
}
