import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import * as closures from '../../dist/wire/closures.js'
import * as noClosures from '../../dist/wire/no-closures.js'
import { runProgram } from '../fixtures/run-program.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

test('what stands in for functions without a mark in a page is all that is asked for', () => {
  assert.deepEqual(Object.keys(noClosures).toSorted(), Object.keys(closures).toSorted())
})

test('bundled for a page, marked functions run and others are refused with the cure', { timeout: 60_000 }, async t => {
  // Inside of the package: what the bundle leaves outside is found from there.
  const outdir = mkdtempSync(join(root, '.runtimes', 'page-'))
  t.after(() => rmSync(outdir, { recursive: true }))
  await build({
    entryPoints: { 'page/page': 'test/fixtures/page.ts', 'worker/main': 'dist/worker/main.js' },
    chunkNames: 'chunks/[name]-[hash]',
    absWorkingDir: root,
    outdir,
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    external: ['node:*', 'acorn'],
    logLevel: 'error',
  })
  const { code, stdout, stderr } = await runProgram(join(outdir, 'page/page.js'))
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' })
  assert.deepEqual(
    stdout
      .replace(/\[\s*2,\s*4,\s*6\s*\]/, '[2,4,6]')
      .trim()
      .split('\n'),
    [
      '42',
      '[2,4,6]',
      '2',
      'RangeError: too far',
      'true CannotSendError: cannot send fn: it is not marked with task()',
      '  hint: mark it, at the top level of a module of its own',
    ],
  )
})
