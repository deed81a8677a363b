import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { describeFunction, identifyFunction } from '../../dist/wire/function.js'
import { type Created, createFunction, importReference, loadedModules } from '../../dist/wire/revive.js'
import * as counter from '../fixtures/functions/counter.ts'
import { latest, setLatest } from '../fixtures/functions/counter.ts'
import { canReflect, fromText } from '../fixtures/functions/rules.ts'

const counterUrl = new URL('../fixtures/functions/counter.ts', import.meta.url).href

function fill(created: Created, captures: Record<string, unknown>): void {
  created.fill?.(captures, undefined)
}

test('a function without captures is there at once', () => {
  const created = createFunction(describeFunction((n: number) => n + 1, 'fn'))
  assert.ok(!(created instanceof Promise))
  assert.equal(created.value(1), 2)
})

test('each creation is a function of its own, with captures of its own', { skip: !canReflect }, async () => {
  const read = fromText('inner => () => inner')(1) as () => number
  const node = describeFunction(read, 'fn')
  const [first, second] = await Promise.all([createFunction(node), createFunction(node)])
  fill(first, { inner: 1 })
  fill(second, { inner: 2 })
  assert.deepEqual([first.value(), second.value()], [1, 2])
})

test('functions can be filled with each other', { skip: !canReflect }, async () => {
  const read = fromText('other => () => other')(1) as () => unknown
  const node = describeFunction(read, 'fn')
  const [first, second] = await Promise.all([createFunction(node), createFunction(node)])
  fill(first, { other: second.value })
  fill(second, { other: first.value })
  assert.equal((first.value() as () => unknown)(), first.value)
})

test('a class that needs its captures early is made when it is filled', { skip: !canReflect }, async () => {
  const derived = fromText('Base => class Derived extends Base {}')(Set) as typeof Set
  const created = await createFunction(describeFunction(derived, 'fn'))
  assert.equal(created.early, true)
  assert.throws(() => created.value, /before its captures/)
  fill(created, { Base: Map })
  assert.equal(Object.getPrototypeOf(created.value), Map)
})

test('imports are live: a function that is kept sees a new value of an export', { skip: !canReflect }, async () => {
  const { key, node } = identifyFunction(() => latest)!
  assert.ok(key.includes(counterUrl))
  const created = await createFunction(node)
  assert.equal(created.value(), 'none')
  setLatest('newer')
  created.refresh!()
  assert.equal(created.value(), 'newer')
})

test('what has been imported once is there at once', { skip: !canReflect }, async () => {
  const { node } = identifyFunction(() => [latest, basename])!
  await createFunction(node)
  assert.ok(!(createFunction(node) instanceof Promise))
  assert.equal(loadedModules.get(counterUrl), counter)
})

test('a module that does not load: the error names it and has the cause', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'multitask-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const load = async (name: string, source: string): Promise<unknown> => {
    writeFileSync(join(folder, name), source)
    return importReference(pathToFileURL(join(folder, name)).href, 'a')
  }
  await assert.rejects(load('failing.mjs', "throw new RangeError('never')"), (error: Error) => {
    assert.equal(error.name, 'CannotLoadError')
    assert.match(error.message, /failing\.mjs: never/)
    assert.ok(error.cause instanceof RangeError)
    return true
  })
  await assert.rejects(load('broken.mjs', 'export const = 1'), { name: 'CannotLoadError', message: /broken\.mjs/ })
  await assert.rejects(load('importing.mjs', "import './missing.mjs'"), {
    name: 'CannotLoadError',
    message: /missing\.mjs/,
  })
})

test('an export that is not there: the error tells which are', async () => {
  await assert.rejects(async () => importReference(counterUrl, 'nxet'), {
    name: 'CannotLoadError',
    message: /counter\.ts has no export "nxet"; it has .*next/,
  })
})

test('an export that is no function there', async () => {
  const node = { kind: 'import', specifier: counterUrl, name: 'STEP' } as const
  await assert.rejects(async () => createFunction(node), { name: 'CannotLoadError', message: /"STEP" is no function/ })
})

test('a global that is not there', () => {
  assert.throws(() => createFunction({ kind: 'global', path: ['Math', 'mxa'] }), {
    name: 'CannotLoadError',
    message: 'this thread has no global function Math.mxa',
  })
})

/** What a program prints that runs with flags of Node. */
function outputOf(program: string, flags: readonly string[]): string {
  const env = { ...process.env, NODE_OPTIONS: '' }
  const args = [...flags, '--input-type=module', '--eval', program]
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env, timeout: 30_000 })
  return stdout + stderr
}

const dist = (name: string) => JSON.stringify(new URL(`../../dist/wire/${name}.js`, import.meta.url).href)

test('without the right to look into functions, those that need it are refused', { skip: !canReflect }, () => {
  const flag = process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission'
  const program = `
    import { describeFunction } from ${dist('function')}
    const factor = [1]
    console.log(describeFunction(n => Math.abs(n * 2), 'fn').kind)
    try { describeFunction(() => factor, 'fn') } catch (error) { console.log(error.message) }`
  const output = outputOf(program, [flag, '--allow-fs-read=*', '--no-warnings'])
  assert.match(output, /^text\ncannot send fn: it captures "factor", which Node \S+ with --permission cannot read\n/)
})

test(
  'nothing is printed, though packages are looked up by a feature that Node calls experimental',
  { skip: !canReflect },
  () => {
    const program = `
    import { importReference } from ${dist('revive')}
    console.log(typeof await importReference('acorn', 'parse', ${JSON.stringify(import.meta.url)}))`
    assert.equal(outputOf(program, []), 'function\n')
  },
)

test('the parser is not loaded for what needs none', { skip: !canReflect }, () => {
  const program = `
    import { identifyFunction } from ${dist('function')}
    import ${dist('revive')}
    import { task } from ${dist('task')}
    import { createRequire } from 'node:module'
    identifyFunction(task('file:///a.js', () => 1))
    identifyFunction(Math.max)
    console.log(Object.keys(createRequire(import.meta.url).cache).length)`
  assert.equal(outputOf(program, []), '0\n')
})
