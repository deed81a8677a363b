import assert from 'node:assert/strict'
import { basename } from 'node:path'
import path, * as wholePath from 'node:path'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import vm from 'node:vm'
import { describeFunction, identifyFunction, referenceTo } from '../../dist/wire/function.js'
import { pack } from '../../dist/wire/pack.js'
import * as counter from '../fixtures/functions/counter.ts'
import addStep, {
  holder,
  latest,
  next,
  ready,
  replace,
  replaced,
  Shape,
  ShapeError,
  STEP,
} from '../fixtures/functions/counter.ts'
import { call } from '../fixtures/functions/remote.ts'
import { canReflect, fromText, refused } from '../fixtures/functions/rules.ts'

const timeout = 30_000
const counterUrl = new URL('../fixtures/functions/counter.ts', import.meta.url).href
const tools = { run: next }
const { readers } = (await import(new URL('../fixtures/functions/json.mjs', import.meta.url).href)) as {
  readers: { list: () => number[] }
}

/** The call gives this in a worker; where captures cannot be read, it is refused for them. */
function crosses(claim: string, fn: () => unknown, expected: unknown): void {
  test(claim, { timeout }, async () => {
    if (canReflect) assert.deepEqual(await call(fn), expected)
    else assert.throws(() => pack(fn, 'fn'), { name: 'CannotSendError', message: /captures .*, which (Bun|Deno) / })
  })
}

crosses('a named import is imported again', () => basename('/a/b'), 'b')
crosses('a default import is imported again', () => path.extname('a.b'), '.b')
crosses('a namespace is imported again', () => [wholePath.basename('/a/b'), wholePath.sep], ['b', path.sep])
crosses('an imported promise is still one', async () => [ready instanceof Promise, await ready], [true, 'ready'])
crosses('a module is imported with the attributes of the import', readers.list, [7, 8])
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
  ['one that was found in an object', tools.run, 'next'],
]
for (const [claim, fn, name] of exported) {
  test(`by name: ${claim}, if another module exports it`, { timeout, skip: !canReflect }, async () => {
    const expected = { kind: 'import', specifier: counterUrl, name }
    assert.deepEqual(describeFunction(fn, 'fn'), expected)
    assert.deepEqual(identifyFunction(fn)?.node, expected)
    // A class cannot be called, but it is there.
    await assert.rejects(
      call(fn as () => unknown).then(() => Promise.reject(new Error('called'))),
      /called|without 'new'/,
    )
  })
}

test('as text: what a module does not export, with what it captures of the module', { timeout }, async () => {
  const { later } = holder
  if (!canReflect) return refused(() => describeFunction(later, 'fn'), 'fn', /captures "count", "STEP"/)
  const node = describeFunction(later, 'fn')
  assert.ok(node.kind === 'text' && node.from === counterUrl)
  assert.deepEqual(Object.keys(node.captures ?? {}).toSorted(), ['STEP', 'count'])
  assert.equal(await call(later, 1), later(1))
})

test(
  'as text: what a module exports now, but not when it is imported anew',
  { timeout, skip: !canReflect },
  async () => {
    replace()
    assert.equal(describeFunction(replaced, 'fn').kind, 'text')
    assert.equal(await call(replaced, 1), 1 + STEP)
  },
)

export function ownExport(): number {
  return STEP
}

test('as text: an export of the file that the program was started with', { timeout, skip: !canReflect }, async () => {
  assert.equal(describeFunction(ownExport, 'fn').kind, 'text')
  assert.equal(await call(ownExport), STEP)
})

const importStep = async () => (await import('../fixtures/functions/counter.ts')).STEP
const importPackage = async () => typeof (await import('acorn')).parse
const importAnywhere = async (url: string) => [
  (await import('node:path')).basename('/a/b'),
  ((await import(url)) as { STEP: number }).STEP,
]
const importUnknown = (specifier: string) => import(specifier)

test('dynamic imports are relative to the file of the function', { timeout }, async () => {
  if (canReflect) assert.equal(await call(importStep), STEP)
  else
    refused(() => pack(importStep, 'fn'), 'fn', /it imports "\.\.\/fixtures\/functions\/counter\.ts"/, /absolute URL/)
})

test('dynamic imports of packages are looked up from the file of the function', { timeout }, async () => {
  if (canReflect) assert.equal(await call(importPackage), 'function')
  else refused(() => pack(importPackage, 'fn'), 'fn', /it imports "acorn"/)
})

test('dynamic imports of what means the same everywhere work on every runtime', { timeout }, async () => {
  assert.deepEqual(await call(importAnywhere, counterUrl), ['b', STEP])
})

test('a dynamic import that turns out to be relative fails where the file is not known', { timeout }, async () => {
  const outcome = call(importUnknown, './nowhere.ts')
  if (canReflect) await assert.rejects(outcome, /test\/wire\/nowhere\.ts/)
  else await assert.rejects(outcome, { name: 'CannotLoadError', message: /cannot import ".\/nowhere.ts"/ })
})

test(
  'modules that Vite has compiled: what is used of one, by name from the file',
  { timeout, skip: !canReflect },
  async () => {
    const compiled = '(function (__vite_ssr_exportName__, n) { return __vite_ssr_exportName__("next", () => n++) })'
    const namespace = {
      [Symbol.toStringTag]: 'Module',
      STEP: 7,
      get next() {
        return vm.runInThisContext(compiled, { filename: counterUrl })(
          (_: string, get: () => () => number) => get,
          1,
        ) as unknown
      },
      get unused() {
        throw new Error('nobody asked for it')
      },
    }
    const make = fromText(
      '__vite_ssr_import_0__ => () => [(0,__vite_ssr_import_0__.next)(), __vite_ssr_import_0__.STEP]',
    )
    const [count, step] = await call(make(new Proxy(namespace, {})) as () => [number, number])
    assert.ok(count % STEP === 0 && count > 0)
    assert.equal(step, 7)
  },
)

test('a reference to a class is found among modules that were imported, on every runtime', () => {
  class Local {
    value = 1
  }
  const hints = new Map<string, object>()
  assert.equal(referenceTo(Local, hints), undefined)
  hints.set('file:///other.js', { Local: 1 }).set('file:///some.js', { Renamed: Local })
  assert.deepEqual(referenceTo(Local, hints), { url: 'file:///some.js', name: 'Renamed' })
  assert.deepEqual(referenceTo(ShapeError, new Map([[counterUrl, counter]])), { url: counterUrl, name: 'ShapeError' })
})

test('a reference to a class is found by looking into it', { skip: !canReflect }, () => {
  assert.deepEqual(referenceTo(Shape), { url: counterUrl, name: 'Shape' })
  assert.equal(referenceTo(TypeError), undefined)
  assert.equal(referenceTo(class extends Shape {}), undefined)
})

test('an export that may change has the value that it has there', { timeout, skip: !canReflect }, async () => {
  assert.equal(await call(() => latest), 'none')
})
