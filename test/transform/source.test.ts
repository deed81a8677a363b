/** What is written into a text, and that it does what it did. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runInThisContext } from 'node:vm'
import { decode } from '@jridgewell/sourcemap-codec'
import { transformSource } from 'multitask/transform'

const AT = '(globalThis.__multitask?.at ?? (v => v))'
const awaits = (source: string, file = 'a.js'): string => transformSource(source, { file }).code
const turns = (source: string, file = 'a.js'): string =>
  transformSource(source, { file, awaits: false, checkpoints: true }).code.replaceAll(
    'globalThis.__multitaskCheckpoint?.();',
    '@',
  )

void test('what is awaited in a function goes through a call that says where it stands', () => {
  assert.equal(
    awaits('async function f() {\n  return await g(1)\n}', 'src/bank.js'),
    `async function f() {\n  return await ${AT}( g(1), "await g(1) (bank.js:2)")\n}`,
  )
  assert.equal(
    awaits('const f = async x => await(x, 1)'),
    `const f = async x => await ${AT}((x, 1), "await(x, 1) (a.js:1)")`,
  )
})

void test('awaits within awaits are marked each, and so are those in parameters, templates and computed names', () => {
  const source = `async (a = async () => await 1) => {
    await await a()
    class B extends (await c) { [await d] = 1; async e() { await f } }
    return \`\${await g(\`\${await h}\`)}\`
  }`
  assert.equal(awaits(source).split(AT).length - 1, 8)
})

void test('what is no await of a function stays as it is', () => {
  for (const source of [
    'await load()\nfor await (const x of y) f(x)\nawait using z = g()',
    'const f = async () => "await x" + /await y/ // await z',
    'var await = 1; function f() { return await + 1 }',
    'const o = { await: 1, f() { return this.await } }',
    'class A { static { for (const x of y) x() } }',
  ]) {
    assert.deepEqual(transformSource(source, { file: 'a.js' }), { code: source, map: undefined })
  }
})

void test('types stay, and are no trouble', () => {
  const source = `
    abstract class Store<const T extends object> { declare x: number; constructor(private readonly y: T) {} }
    enum Kind { A = 1 }
    const f = async <T,>(x: Promise<T>): Promise<T> => (await (x as Promise<T>)!) satisfies T`
  const code = awaits(source, 'a.ts')
  assert.equal(code.replace(` ${AT}(`, '').replace(', "await (x as Promise<T>)! (a.ts:4)")', ''), source)
  assert.match(
    awaits('const f = async () => <p>{await x}</p>', 'a.tsx'),
    /\{await \(.*\)\( x, "await x \(a\.tsx:1\)"\)\}/,
  )
})

void test('what becomes CommonJS may be written as a module', () => {
  const source = 'import x = require("x")\nexport const f = async () => await x'
  assert.match(awaits(source, 'a.cts'), /a\.cts:2/)
})

void test('each turn of a loop begins with a call, whatever its body is', () => {
  assert.equal(turns('for (;;) { f() }'), 'for (;;) { @ f() }')
  assert.equal(turns('while (x) f()\ng()'), 'while (x) { @ f() }\ng()')
  assert.equal(turns('while (x);'), 'while (x){ @ ; }')
  assert.equal(turns('do f()\nwhile (x)'), 'do { @ f() }\nwhile (x)')
  assert.equal(
    turns('for (const x of y) for (z in x) if (a) break; else f()'),
    'for (const x of y) { @ for (z in x) { @ if (a) break; else f() } }',
  )
  assert.equal(
    turns('a: for (let i: number = 0; ; ) continue a', 'a.ts'),
    'a: for (let i: number = 0; ; ) { @ continue a }',
  )
  assert.equal(
    turns('async function* f() { for await (const x of y) yield x }'),
    'async function* f() { for await (const x of y) { @ yield x } }',
  )
})

void test('both can be marked at once', () => {
  const { code } = transformSource('async () => { while (await f()) await g() }', { file: 'a.js', checkpoints: true })
  assert.equal(
    code,
    `async () => { while (await ${AT}( f(), "await f() (a.js:1)")) { globalThis.__multitaskCheckpoint?.(); await ${AT}( g(), "await g() (a.js:1)") } }`,
  )
})

void test('no line moves, and the map tells the columns', () => {
  const source = '#!/usr/bin/env node\nasync function f() {\n  /* a\n  b */ await x; await y\n}\n'
  const { code, map } = transformSource(source, { file: 'a.js' })
  assert.equal(code.split('\n').length, source.split('\n').length)
  assert.deepEqual(map!.sources, ['a.js'])
  assert.deepEqual(map!.sourcesContent, [source])
  const line = decode(map!.mappings)[3]!
  const column = code.split('\n')[3]!.indexOf('y,')
  assert.deepEqual(
    line.find(segment => segment[0] === column),
    [column, 0, 3, source.split('\n')[3]!.indexOf('y')],
  )
})

void test('where a map says what was compiled, places are those of the original', () => {
  // Two lines, which were the fifth and the ninth.
  const map = { version: 3, sources: ['../src/shop.ts'], names: [], mappings: 'AAIA;AAIA' }
  const source = `const f = async () => await x\nconst g = async () => await y\n//# sourceMappingURL=data:application/json;base64,${btoa(JSON.stringify(map))}\n`
  assert.match(awaits(source), /"await x \(shop\.ts:5\)".*\n.*"await y \(shop\.ts:9\)"/)
})

void test('what cannot be read is told with its place', () => {
  assert.throws(() => awaits('async () => {\n  await = \n}', 'src/bank.ts'), {
    name: 'SyntaxError',
    message: /^src\/bank\.ts:2:9: /,
  })
  assert.throws(() => transformSource('', { file: 5 as never }), /^TypeError: file must be a path, not 5/)
  assert.throws(
    () => transformSource('', { file: 'a.js', format: 'amd' as never }),
    /format must be "module" or "commonjs"/,
  )
})

function run(source: string): unknown {
  const { code } = transformSource(source, { file: 'a.js', checkpoints: true })
  return runInThisContext(code)
}

void test('a program does what it did', async () => {
  const log = await run(`(async () => {
    const log = []
    class A {
      async m(x) { return [await this.n(x), await arguments[0], this.constructor.name] }
      async n(x) { return x + (await new Promise(resolve => resolve(1))) }
    }
    log.push(await new A().m(5))
    async function fails() { try { await Promise.reject(new Error('no')) } catch (error) { return error.message } finally { await 0; log.push('finally') } }
    log.push(await fails())
    async function* numbers() { for (let i = 0; i < 3; i++) yield i + await i }
    async function sum(items) { let total = 0; for await (const each of items) { if (each === 4) continue; total += await each } return total }
    log.push(await sum(numbers()), await sum([1, Promise.resolve(2)]), await sum((1, [5])))
    outer: for (const a of [1, 2]) for (const b of [1, 2]) { if (b === 2) continue outer; log.push(a * b) }
    let i = 0
    do i++; while (i < 3)
    log.push(i, await (async () => await await (async () => 7)())())
    const order = []
    await Promise.all([(async () => { await null; order.push(1); await null; order.push(3) })(), (async () => { await null; order.push(2); await null; order.push(4) })()])
    log.push(order)
    return log
  })()`)
  assert.deepEqual(log, [[6, 5, 'A'], 'finally', 'no', 2, 3, 5, 1, 2, 3, 7, [1, 2, 3, 4]])
})
