import assert from 'node:assert/strict'
import { basename } from 'node:path'
import { test } from 'node:test'
import vm from 'node:vm'
import { describeFunction, identifyFunction } from '../../dist/wire/function.js'
import type { FunctionNode, TextNode } from '../../dist/wire/function-node.js'
import { canReflect, fromText, refused } from '../fixtures/functions/rules.ts'

const factor = 3
const outside = { value: 1 }
let assigned = 0

const functions = {
  double: (n: number) => n * 2,
  scale: (n: number) => n * factor,
  factorial: (n: number): number => (n < 2 ? 1 : n * functions.factorial(n - 1)),
  /** Each call makes a new closure of the same text. */
  makeDouble: () => (n: number) => n * 2,
  makeNaming: () => (file: string) => basename(file),
  readOutside: () => outside,
  readSum: () => outside.value + factor,
  increment: () => assigned++,
  where: () => (typeof window === 'undefined' ? 'server' : window.name),
}

function textOf(node: FunctionNode): TextNode {
  assert.ok(node.kind === 'text')
  return node
}

test('a function of the runtime goes by its path from globalThis', () => {
  const paths = [
    [Math.max, 'Math.max'],
    [Reflect.get(Array.prototype, 'slice'), 'Array.prototype.slice'],
    [setTimeout, 'setTimeout'],
    [structuredClone, 'structuredClone'],
    [Map, 'Map'],
  ] as const
  for (const [fn, path] of paths) {
    assert.deepEqual(describeFunction(fn as Function, 'fn'), { kind: 'global', path: path.split('.') })
  }
})

test('a function of a node: module goes by name', () => {
  assert.deepEqual(describeFunction(basename, 'fn'), { kind: 'import', specifier: 'node:path', name: 'basename' })
})

test('text that takes nothing from outside is the whole description', () => {
  const { form, name, strict, captures, imports, own } = textOf(describeFunction(functions.double, 'fn'))
  assert.deepEqual({ form, name, strict }, { form: 'expression', name: 'double', strict: true })
  assert.deepEqual([captures, imports, own], [undefined, undefined, undefined])
})

test('a description without captures can be cloned', () => {
  const node = describeFunction((n: number) => Math.max(n, 1), 'fn')
  assert.deepEqual(structuredClone(node), node)
})

test('sloppy functions stay sloppy', () => {
  assert.equal(textOf(describeFunction(fromText('function () { return this }'), 'fn')).strict, false)
})

test('identity: the same function object has the same identity object', () => {
  assert.equal(identifyFunction(functions.double), identifyFunction(functions.double))
})

test('identity: new closures of one text are the same function', () => {
  const { makeDouble } = functions
  assert.equal(identifyFunction(makeDouble())?.key, identifyFunction(makeDouble())?.key)
})

test('identity: another name, another text, another mode are another function', () => {
  const { a, b } = { a: () => 1, b: () => 1 }
  const sloppy = fromText('function a() { return 1 }')
  const strict = fromText('() => { "use strict"; return function a() { return 1 } }')() as () => number
  const keys = [a, b, () => 2, sloppy, strict].map(fn => identifyFunction(fn)?.key)
  assert.equal(new Set(keys).size, 5)
  assert.ok(!keys.includes(undefined))
})

test('identity: a property makes a function one of its own', () => {
  assert.equal(identifyFunction(Object.assign(() => 3, { unit: 'ms' })), undefined)
  assert.notEqual(
    identifyFunction(() => 3),
    undefined,
  )
})

test('identity: a function with captured values has none', () => {
  if (canReflect) assert.equal(identifyFunction(functions.scale), undefined)
  else refused(() => identifyFunction(functions.scale), 'scale', /captures "factor"/)
})

test('identity: a function that captures imports alone is told once, whichever closure of it', () => {
  const { makeNaming } = functions
  if (!canReflect) return refused(() => identifyFunction(makeNaming()), 'fn', /captures "basename"/)
  const identity = identifyFunction(makeNaming())
  assert.ok(identity !== undefined)
  assert.equal(identifyFunction(makeNaming())?.key, identity.key)
  assert.deepEqual(structuredClone(identity.node), identity.node)
})

test('identity: the same text with another variable is not that function', { skip: !canReflect }, () => {
  const ofParameter = fromText('basename => (file) => basename(file)')
  assert.notEqual(identifyFunction(functions.makeNaming()), undefined)
  assert.equal(identifyFunction(ofParameter(() => 1) as () => unknown), undefined)
})

test('a function that calls itself by a variable needs nothing else', () => {
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1))
  if (!canReflect) return refused(() => identifyFunction(factorial), 'factorial', /captures "factorial"/)
  assert.deepEqual(textOf(identifyFunction(factorial)!.node).self, ['factorial'])
})

test('a variable that has the name of a global is captured, where that can be seen', { skip: !canReflect }, () => {
  const read = fromText('Map => () => Map')(7) as () => number
  assert.deepEqual(textOf(describeFunction(read, 'fn')).captures, { Map: 7 })
})

test(
  'captures are read when the function is described: what is assigned later is not seen',
  { skip: !canReflect },
  () => {
    let n = 1
    const read = () => n
    const before = textOf(describeFunction(read, 'fn'))
    n = 2
    assert.deepEqual([before.captures, textOf(describeFunction(read, 'fn')).captures], [{ n: 1 }, { n: 2 }])
  },
)

test('captured values keep their identity for the packer', { skip: !canReflect }, () => {
  assert.equal(textOf(describeFunction(functions.readOutside, 'fn')).captures?.['outside'], outside)
})

test('the place of the text in its file is known', { skip: !canReflect }, () => {
  const { from, line, column } = textOf(describeFunction(functions.scale, 'fn'))
  assert.equal(from, import.meta.url)
  assert.ok(line! > 5)
  assert.equal(column, 9)
})

test('a function that was made in another realm is read as well', { skip: !canReflect }, () => {
  const made = vm.runInNewContext('const inner = 4; () => inner + new Map().size') as () => number
  assert.deepEqual(textOf(describeFunction(made, 'fn')).captures, { inner: 4 })
})

test('the parts of a bound function are read where that is possible', () => {
  const bound = fromText('function (a, b) { return [this, a, b] }').bind('self', 1 as never)
  if (!canReflect) return refused(() => describeFunction(bound, 'fn'), 'fn', /it is a bound function/)
  for (const self of ['self', Number.NaN, -0, 5n, undefined, null, Symbol.iterator, outside]) {
    const node = describeFunction(basename.bind(self, 'file'), 'fn')
    assert.ok(node.kind === 'bound')
    assert.ok(Object.is(node.self, self))
    assert.deepEqual([node.target, node.args], [basename, ['file']])
  }
})

test('the inspector is left as it was: connected never, the debugger enabled never', { skip: !canReflect }, t => {
  const { prototype } = process.getBuiltinModule('node:inspector').Session
  const connect = t.mock.method(prototype, 'connect')
  const disconnect = t.mock.method(prototype, 'disconnect')
  const post = t.mock.method(prototype, 'post')
  // From no file, so that nobody but the debugger has its source.
  describeFunction(fromText('outside => () => outside')(1) as () => number, 'fn')
  const asked = post.mock.calls.map(({ arguments: [method] }) => method as string)
  const left = (word: string) => asked.filter(method => method.endsWith(word)).toSorted()
  assert.ok(left('.enable').includes('Debugger.enable'))
  assert.deepEqual(
    left('.enable').map(method => method.replace('enable', 'disable')),
    left('.disable'),
  )
  assert.ok(connect.mock.callCount() > 0)
  assert.equal(connect.mock.callCount(), disconnect.mock.callCount())
})

class Secret {
  readonly #value = 1
  read = () => this.#value
  peek = (other: Secret) => #value in other
}

class Caller {
  me = () => this
}

const usesSuper = fromText('() => ({ m() { return () => super.m } }).m()')() as Function

const privateMethod = fromText(
  '() => { class A { static #p() {} static get p() { return A.#p } } return A.p }',
)() as Function

const refusals: readonly (readonly [claim: string, fn: Function, reason: RegExp, hint?: RegExp])[] = [
  ['this of the code around', new Caller().me, /uses the `this`/, /const self = this/],
  ['a private name of the class around', new Secret().read, /it uses `#value`, which exists only inside its class/],
  ['a private name in a test', new Secret().peek, /it uses `#value`/],
  ['arguments of the function around', fromText('function () { return () => arguments }')() as Function, /`arguments`/],
  ['super', usesSuper, /`super`/],
  ['eval', fromText("() => eval('1')"), /`eval`/],
  ['a with statement', fromText('function (o) { with (o) { return a } }'), /`with`/],
  ['import.meta', () => import.meta.url, /`import\.meta`/, /pass it as an argument/],
  ['an assignment to a variable outside', functions.increment, /it assigns `assigned`/, /return the new value/],
  ['an assignment to its own name', fromText('function f() { f = 1 }'), /it assigns `f`/],
  ['a Proxy', new Proxy(functions.double, {}), /it is a Proxy/],
  ['a method that only its class can have', privateMethod, /cannot stand on its own/],
]
for (const [claim, fn, reason, hint] of refusals) {
  test(`refused: ${claim}`, () => refused(() => describeFunction(fn, 'fn › of › it'), 'fn › of › it', reason, hint))
}

test('a captured Proxy is left alone: nobody asks it anything', { skip: !canReflect }, () => {
  const touchy = new Proxy(
    {},
    {
      get: () => assert.fail('it was read'),
      has: () => assert.fail('it was searched'),
      getOwnPropertyDescriptor: () => assert.fail('it was searched'),
    },
  )
  const read = fromText('touchy => () => touchy')(touchy) as () => unknown
  assert.ok(textOf(describeFunction(read, 'fn')).captures?.['touchy'] === touchy)
})

test('refused: native code that belongs to this thread', async () => {
  await new Promise<void>(resolve => {
    refused(() => describeFunction(resolve, 'fn › done'), 'fn › done', /it is native code/)
    resolve()
  })
})

test(
  'refused: a variable that is not initialised yet',
  { skip: !canReflect || process.version.startsWith('v20') },
  () => {
    const read = () => late
    refused(() => describeFunction(read, 'fn'), 'fn › late', /it is not initialised yet/)
    const late = [1]
  },
)

test('refused where captures cannot be read: by name, with the cure', { skip: canReflect }, () => {
  const { readSum } = functions
  refused(() => describeFunction(readSum, 'fn'), 'fn', /captures "outside", "factor", which (Bun|Deno) /, /task\(\)/)
})

test('typeof of what only other runtimes have is no capture', () => {
  assert.equal(describeFunction(functions.where, 'fn').kind, 'text')
})
