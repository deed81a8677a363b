import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { basename } from 'node:path'
import * as wholePath from 'node:path'
import path from 'node:path'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { describeFunction, identifyFunction, referenceTo } from '../../dist/wire/function.js'
import { pack } from '../../dist/wire/pack.js'
import { createFunction, importReference, loadedModules } from '../../dist/wire/revive.js'
import * as counter from '../fixtures/functions/counter.ts'
import addStep, { holder, latest, next, setLatest, Shape, ShapeError, STEP } from '../fixtures/functions/counter.ts'
import { call } from '../fixtures/functions/remote.ts'
import { canReflect, refused } from '../fixtures/functions/rules.ts'

const timeout = 30_000
function fixture(name: string): string {
  return new URL(`../fixtures/functions/${name}`, import.meta.url).href
}

const counterUrl = fixture('counter.ts')

interface Legacy {
  describe(file: string): string
  hidden(): [(file: string) => string, () => number[], () => string, () => unknown, () => boolean]
}

interface Compiled {
  functions(): [(n: number) => string]
}

const { default: legacy } = (await import(fixture('legacy.cjs'))) as { default: Legacy }

/** The call gives this in a worker; where captures cannot be read, it is refused for them. */
function crosses(claim: string, fn: () => unknown, expected: unknown): void {
  test(claim, { timeout }, async () => {
    if (canReflect) assert.deepEqual(await call(fn), expected)
    else assert.throws(() => pack(fn, 'fn'), { name: 'CannotSendError', message: /captures .*, which (Bun|Deno) / })
  })
}

crosses('a named import is imported again', () => basename('/a/b'), 'b')
crosses('a default import is imported again', () => path.extname('a.b'), '.b')
crosses('a namespace is imported again', () => [wholePath.basename('/a/b'), wholePath.default.extname('a.b')], [
  'b',
  '.b',
])
crosses('a class is imported, so that its instances have private members', () => new Shape(4).name, 'polygon 4')
crosses('a default export that has no name is imported', () => addStep(2), 10)
crosses('a namespace of a file is imported', () => [counter.added(1), counter.STEP, STEP], [6, 5, 5])

// Elsewhere nothing tells it from the global.
test('an import that has the name of a global is imported', { timeout, skip: !canReflect }, async () => {
  assert.equal(await call(() => setTimeout(1, 'late')), 'late')
})

test('each thread has its own state of an imported module', { timeout, skip: !canReflect }, async () => {
  const here = next()
  const there = await call(() => next())
  assert.equal(next(), here + STEP)
  assert.equal(await call(() => next()), there + STEP)
})

const exported: readonly (readonly [claim: string, fn: Function, name: string])[] = [
  ['a function', next, 'next'],
  ['a class', Shape, 'Shape'],
  ['one that is exported under another name', counter.added, 'added'],
  ['a default export without a name', addStep, 'default'],
]
for (const [claim, fn, name] of exported) {
  test(`by name: ${claim}, if another module exports it`, { skip: !canReflect }, () => {
    assert.deepEqual(describeFunction(fn, 'fn'), { kind: 'import', specifier: counterUrl, name })
  })
}

test('by name: also when it was found in an object', { timeout, skip: !canReflect }, async () => {
  const tools = { run: next }
  assert.equal(typeof (await call(() => tools.run())), 'number')
  const { node } = pack(() => tools.run()).find(part => part.kind === 'function' && part.node.kind === 'import') as {
    node: unknown
  }
  assert.deepEqual(node, { kind: 'import', specifier: counterUrl, name: 'next' })
})

test(
  'as text: a function that its module does not export, with what it captures of the module',
  { timeout },
  async () => {
    if (!canReflect) return refused(() => describeFunction(holder.later, 'fn'), 'fn', /captures "count", "STEP"/)
    const node = describeFunction(holder.later, 'fn')
    assert.ok(node.kind === 'text' && node.from === counterUrl)
    assert.deepEqual(Object.keys(node.captures ?? {}).toSorted(), ['STEP', 'count'])
    assert.equal(await call(holder.later, 1), holder.later(1))
  },
)

export function ownExport(): number {
  return STEP
}

test('as text: an export of the file that the program was started with', { timeout, skip: !canReflect }, async () => {
  assert.equal(describeFunction(ownExport, 'fn').kind, 'text')
  assert.equal(await call(ownExport), STEP)
})

test('imports are live: a function that is kept sees a new value of an export', { skip: !canReflect }, async () => {
  const { key, node } = identifyFunction(() => latest)!
  assert.ok(key.includes(counterUrl))
  const created = await createFunction(node)
  const read = created.value as () => string
  assert.equal(read(), 'none')
  setLatest('newer')
  created.refresh!()
  assert.equal(read(), 'newer')
})

test('what has been imported once is there without a promise', { timeout, skip: !canReflect }, async () => {
  const { node } = identifyFunction(() => [latest, basename])!
  await createFunction(node)
  assert.ok(!(createFunction(node) instanceof Promise))
  assert.equal(loadedModules.get(counterUrl), counter)
})

test('dynamic imports are relative to the file of the function', { timeout }, async () => {
  const fn = async () => {
    const { STEP: step } = await import('../fixtures/functions/counter.ts')
    return step
  }
  if (canReflect) assert.equal(await call(fn), 5)
  else refused(() => pack(fn, 'fn'), 'fn', /it imports "\.\.\/fixtures\/functions\/counter\.ts"/, /absolute URL/)
})

test('dynamic imports of packages are looked up from the file of the function', { timeout }, async () => {
  const fn = async () => typeof (await import('acorn')).parse
  if (canReflect) assert.equal(await call(fn), 'function')
  else refused(() => pack(fn, 'fn'), 'fn', /it imports "acorn"/)
})

test('dynamic imports of what means the same everywhere work on every runtime', { timeout }, async () => {
  const fn = async (url: string) => [
    (await import('node:path')).basename('/a/b'),
    ((await import(url)) as { STEP: number }).STEP,
  ]
  assert.deepEqual(await call(fn, counterUrl), ['b', 5])
})

test('a dynamic import that turns out to be relative fails where the file is not known', { timeout }, async () => {
  const fn = (specifier: string) => import(specifier)
  const outcome = call(fn, './counter.ts')
  await assert.rejects(
    outcome,
    canReflect ? /counter/ : { name: 'CannotLoadError', message: /cannot import ".\/counter.ts"/ },
  )
})

test('CommonJS: what a file requires is required again', { timeout }, async () => {
  const [describe, list] = legacy.hidden()
  if (!canReflect) return refused(() => pack(describe, 'fn'), 'fn', /captures "nameOf", "path", "data", "resolve"/)
  const { imports, captures } = describeFunction(describe, 'fn') as unknown as Record<string, Record<string, unknown>>
  assert.deepEqual(Object.keys(imports!).toSorted(), ['data', 'nameOf', 'path', 'resolve'])
  assert.deepEqual(captures, { exports: { factor: 3 } })
  assert.equal(await call(describe, 'a.b'), describe('a.b'))
  assert.deepEqual(await call(list), [7, 8])
})

test('CommonJS: by name, if the file exports it', { timeout, skip: !canReflect }, async () => {
  const { describe } = legacy
  const { kind, name, via } = describeFunction(describe, 'fn') as unknown as Record<string, unknown>
  assert.deepEqual({ kind, name, via }, { kind: 'import', name: 'describe', via: 'require' })
  assert.equal(await call(describe, 'a.b'), describe('a.b'))
})

test('CommonJS: require, __filename, and sloppy mode are as in the file', { timeout, skip: !canReflect }, async () => {
  const [, , fileName, , sloppy] = legacy.hidden()
  assert.equal(await call(fileName), fileName())
  assert.equal(await call(sloppy), true)
})

for (const file of ['esbuild-esm.mjs', 'esbuild-cjs.cjs']) {
  test(`compiled code, with the helpers of its compiler: ${file}`, { timeout }, async () => {
    const module = (await import(fixture(file))) as Compiled & { default?: Compiled }
    const [fn] = (module.default ?? module).functions()
    if (canReflect) assert.equal(await call(fn, 4), fn(4))
    else refused(() => pack(fn, 'fn'), 'fn', /captures "helper"/)
  })
}

test('a module that does not load: the error names it, and has the cause', { timeout }, async () => {
  const load = (name: string) => Promise.resolve(importReference(fixture(name), 'a'))
  await assert.rejects(load('failing.mjs'), (error: Error) => {
    assert.equal(error.name, 'CannotLoadError')
    assert.match(error.message, /failing\.mjs: this module never loads/)
    assert.ok(error.cause instanceof RangeError)
    return true
  })
  await assert.rejects(load('broken.mjs'), { name: 'CannotLoadError', message: /broken\.mjs/ })
  await assert.rejects(load('missing.mjs'), { name: 'CannotLoadError', message: /missing\.mjs/ })
})

test('an export that is not there: the error tells which are', { timeout }, async () => {
  await assert.rejects(async () => importReference(counterUrl, 'nxet'), {
    name: 'CannotLoadError',
    message: /counter\.ts has no export "nxet"; it has .*next/,
  })
})

test('a global that is not there', () => {
  assert.throws(() => createFunction({ kind: 'global', path: ['Math', 'mxa'] }), {
    name: 'CannotLoadError',
    message: /Math\.mxa/,
  })
})

test('a reference to a class is found among modules that were imported, on every runtime', () => {
  class Local {}
  const hints = new Map<string, object>()
  assert.equal(referenceTo(Local, hints), undefined)
  hints.set('file:///other.js', { Local: class {} }).set('file:///some.js', { Local })
  assert.deepEqual(referenceTo(Local, hints), { url: 'file:///some.js', name: 'Local' })
  assert.deepEqual(referenceTo(ShapeError, new Map([[counterUrl, counter]])), { url: counterUrl, name: 'ShapeError' })
})

test('a reference to a class is found by looking into it', { skip: !canReflect }, () => {
  assert.deepEqual(referenceTo(Shape), { url: counterUrl, name: 'Shape' })
  assert.equal(referenceTo(TypeError), undefined)
  assert.equal(referenceTo(class {}), undefined)
})

test(
  'without the right to look into functions, those that need it are refused by that reason',
  { timeout, skip: !canReflect },
  () => {
    const flags = process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission'
    const program = `
    import { describeFunction } from ${JSON.stringify(new URL('../../dist/wire/function.js', import.meta.url).href)}
    const factor = Math.random()
    console.log(describeFunction(n => Math.abs(n * 2), 'fn').kind)
    try { describeFunction(() => factor, 'fn') } catch (error) { console.log(error.message) }`
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [flags, '--allow-fs-read=*', '--no-warnings', '--input-type=module', '--eval', program],
      { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } },
    )
    assert.match(
      stdout,
      /^text\ncannot send fn: it captures "factor", which Node \S+ with --permission cannot read\n/,
      stderr,
    )
  },
)
