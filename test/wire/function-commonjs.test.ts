import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { describeFunction } from '../../dist/wire/function.js'
import type { ImportNode, TextNode } from '../../dist/wire/function-node.js'
import { pack } from '../../dist/wire/pack.js'
import { call } from '../fixtures/functions/remote.ts'
import { canReflect, refused } from '../fixtures/functions/rules.ts'

const timeout = 30_000

interface Legacy {
  readonly describe: (file: string) => string
  hidden(): {
    describe: (file: string) => string
    requires: () => number[]
    fileName: () => string
    module: () => unknown
    sloppy: () => boolean
  }
}

const { default: legacy } = (await import(new URL('../fixtures/functions/legacy.cjs', import.meta.url).href)) as {
  default: Legacy
}
const hidden = legacy.hidden()

test('what a file requires is required again; of its exports go those that are used', { timeout }, async () => {
  const { describe } = hidden
  if (!canReflect) return refused(() => pack(describe, 'fn'), 'fn', /captures "nameOf", "path", "data", "resolve"/)
  const { imports = {}, captures } = describeFunction(describe, 'fn') as TextNode
  assert.deepEqual(Object.keys(imports).toSorted(), ['data', 'nameOf', 'path', 'resolve'])
  assert.deepEqual(captures, { exports: { factor: 3 } })
  assert.equal(await call(describe, 'a.b'), describe('a.b'))
})

test('what a file exports goes by name', { timeout, skip: !canReflect }, async () => {
  const { kind, name, via } = describeFunction(legacy.describe, 'fn') as ImportNode
  assert.deepEqual({ kind, name, via }, { kind: 'import', name: 'describe', via: 'require' })
  assert.equal(await call(legacy.describe, 'a.b'), legacy.describe('a.b'))
})

test('require, __filename and sloppy mode are as in the file', { timeout, skip: !canReflect }, async () => {
  assert.deepEqual(await call(hidden.requires), [7, 8])
  assert.equal(await call(hidden.fileName), hidden.fileName())
  assert.equal(await call(hidden.sloppy), true)
})

test('the module object is refused', { skip: !canReflect }, () => {
  refused(() => describeFunction(hidden.module, 'fn'), 'fn › module', /belongs to this thread/)
})

const SOURCE = `
  import * as path from 'node:path'
  import { basename } from 'node:path'
  enum Color { Red = 1, Blue }
  namespace Geometry { export const half = (n: number) => n / 2 }
  class Point {
    static origin = new Point(1)
    static count: number
    static { this.count = 4 }
    constructor(public x: number) {}
    twice() { return this.x * 2 }
  }
  const inside = (n: number) => { const inner = () => n + Color.Blue; return [inner(), inner.name] }
  const file = (name: string) => path.extname(name) + basename(name)
  export const functions = [
    (n: number) => [...inside(n), Color[1], Geometry.half(n), new Point(n).twice(), Point.origin.x, Point.count, file('a/b.c')],
  ]`

const targets = [
  ['an ES module for Node 20', 'esm', 'mjs', 'node20'],
  ['an ES module for ES2016', 'esm', 'mjs', 'es2016'],
  ['CommonJS for Node 20', 'cjs', 'cjs', 'node20'],
  ['CommonJS for ES2016', 'cjs', 'cjs', 'es2016'],
] as const
for (const [claim, format, extension, target] of targets) {
  test(`TypeScript that esbuild made ${claim} of, names kept`, { timeout, skip: !canReflect }, async t => {
    const { transform } = await import('esbuild')
    const folder = mkdtempSync(join(tmpdir(), 'multitask-'))
    t.after(() => rmSync(folder, { recursive: true }))
    const file = join(folder, `compiled.${extension}`)
    const { code } = await transform(SOURCE, { loader: 'ts', format, target, keepNames: true, platform: 'node' })
    writeFileSync(file, code)
    const { functions } = (await import(pathToFileURL(file).href)) as { functions: [(n: number) => unknown[]] }
    const [fn] = functions
    assert.deepEqual(fn(4), [6, 'inner', 'Red', 2, 8, 1, 4, '.cb.c'])
    assert.deepEqual(await call(fn, 4), fn(4))
  })
}
