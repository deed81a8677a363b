import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeFunction } from '../../dist/wire/function.js'
import { pack } from '../../dist/wire/pack.js'
import { Shape } from '../fixtures/functions/counter.ts'
import type * as remote from '../fixtures/functions/remote.ts'
import { call } from '../fixtures/functions/remote.ts'
import { canReflect, fromText, refused } from '../fixtures/functions/rules.ts'

const timeout = 30_000

/** The call gives the same in a worker as here; where captures cannot be read, it is refused for them. */
function crosses(claim: string, fn: () => unknown): void {
  test(claim, { timeout }, async () => {
    if (canReflect) assert.deepEqual(await call(fn), await fn())
    else assert.throws(() => pack(fn, 'fn'), { name: 'CannotSendError', message: /captures .*, which (Bun|Deno) / })
  })
}

const factor = 3
const state = { list: [1, 2], inner: { deep: true }, scale: (n: number) => n * factor }

const isEven = (n: number): boolean => n === 0 || isOdd(n - 1)
const isOdd = (n: number): boolean => n !== 0 && isEven(n - 1)

class Base {
  static made = 0
  static make = (): Base => new Base(factor)
  readonly #hidden: number
  constructor(hidden: number) {
    this.#hidden = hidden
  }
  get hidden(): number {
    return this.#hidden
  }
  twin(): Derived {
    return new Derived()
  }
}

class Derived extends Base {
  constructor() {
    super(factor * 10)
  }
  override get hidden(): number {
    return super.hidden + 1
  }
}

class Sized extends Shape {
  static readonly instance: Sized = new Sized()
  constructor() {
    super(factor)
  }
}

const Variable = class {
  static make = () => new Variable()
  n = factor
}

class Plain {
  n = factor
  twice(): number {
    return this.n * 2
  }
}
const plain = new Plain()
plain.n = 8

function Old(this: { n: number }, n: number): void {
  this.n = n
}
Old.prototype.plus = function (this: { n: number }, n: number): number {
  return this.n + n * factor
}
const Older = Old as unknown as new (n: number) => { n: number; plus(n: number): number }

function* count(): Generator<number> {
  for (let i = 0; i < factor; i++) yield i
}

async function* countSlowly(): AsyncGenerator<number> {
  for (const n of count()) yield await Promise.resolve(n * 2)
}

const dictionary = {
  method(n: number): number {
    return n + factor
  },
  get computed(): number {
    return factor * 2
  },
  async *[Symbol.asyncIterator](): AsyncGenerator<number> {
    yield factor
  },
  'not an identifier'(): number {
    return factor
  },
}
const method = Reflect.get(dictionary, 'method')
const getter = Reflect.get(Object.getOwnPropertyDescriptor(dictionary, 'computed')!, 'get') as () => number
const items = Reflect.get(dictionary, Symbol.asyncIterator)
const quoted = Reflect.get(dictionary, 'not an identifier')
const ofIteration = [0, 1, 2].map(i => () => i * factor)[1]!
const withProperties = Object.assign(() => factor, { unit: 'ms', parse: (text: string) => Number(text) * factor })
const bound = function (this: { a: number }, b: number, c: number) {
  return [this.a, b, c, factor]
}.bind({ a: 1 }, 2)

crosses('a captured primitive', () => factor + 1)
crosses('captured objects, and functions in them', () => [state.list, state.inner, state.scale(4)])
crosses('functions that call each other', () => [isEven(10), isOdd(7)])
crosses('the variables of an iteration', ofIteration)
crosses('async functions', async () => (await Promise.resolve(factor)) + 1)
crosses('generators', () => [...count()])
crosses('async generators', async () => {
  const all: number[] = []
  for await (const n of countSlowly()) all.push(n)
  return all
})
crosses('methods', () => method(4))
crosses('methods with any name', () => [quoted(), quoted.name])
crosses('getters', () => [getter(), getter.name])
crosses('methods with a computed key', async () => [(await items().next()).value, items.name])
crosses('bound functions', () => bound(3))
crosses('functions with properties', () => [withProperties(), withProperties.unit, withProperties.parse('2')])
crosses('constructors with methods on their prototype', () => [new Older(1).n, new Older(1).plus(2)])
crosses('classes, with private members, that know each other', () => [
  Base.make().hidden,
  new Base(5).twin().hidden,
  new Derived() instanceof Base,
  Base.made,
])
crosses('classes that extend an imported one, and have static initialisers', () => [
  Sized.instance.name,
  Sized.instance instanceof Shape,
])
crosses('classes whose name is only a variable', () => [Variable.make().n, Variable.name])
crosses('instances', () => [plain.twice(), plain instanceof Plain])
crosses('names of functions', () => [isEven.name, count.name, Base.name, factor])

test('a function that captures nothing crosses on every runtime', { timeout }, async () => {
  assert.equal(await call((a: number, b: number) => Math.max(a, b) * 2, 3, 4), 8)
  assert.equal(await call(async (n: number) => (await Promise.resolve(n)) + 1, 3), 4)
  assert.deepEqual(await call(fromText('{ method(n) { return [n] } }.method'), 3), [3])
  assert.equal(await call(fromText('n => { class Local { m() { return n } } return new Local().m() }'), 3), 3)
})

test('a global function crosses on every runtime', { timeout }, async () => {
  assert.equal(await call(Math.max, 3, 4), 4)
  assert.equal(await call(Number.parseFloat, '1.5'), 1.5)
})

test('sloppy functions are sloppy there', { timeout }, async () => {
  assert.equal(await call(fromText('function () { return this === globalThis }')), true)
  assert.equal(
    await call(fromText('() => { "use strict"; return function () { return this } }')() as () => unknown),
    undefined,
  )
})

test('what keeps names in the output of esbuild is provided on every runtime', { timeout }, async () => {
  const compiled = `() => {
    const inner = __name(() => 1, 'kept')
    return [inner.name, (class A { static { __name(this, 'B') } }).name]
  }`
  assert.deepEqual(await call(fromText(compiled)), ['kept', 'B'])
})

const fail = () => {
  if (factor) throw new Error('here')
}

test('an error in a worker names the file and the line of the function', { timeout, skip: !canReflect }, async () => {
  const { line } = describeFunction(fail, 'fn') as { line: number }
  await assert.rejects(call(fail), ({ remoteStack }: remote.RemoteError) => {
    assert.ok(remoteStack.includes(`${import.meta.url}:${line + 2}:`), remoteStack)
    return true
  })
})

class Log {
  entries: { write: () => unknown }[] = [{ write: () => this }]
}
const { entries } = new Log()
const write = () => entries

test('the path of a refusal leads through captures and properties', { skip: !canReflect }, () => {
  refused(() => pack(() => write(), 'fn'), 'fn › write › entries[0].write', /`this`/)
})

test('a function that was made from its text can be sent on', { timeout }, async () => {
  const url = new URL('../fixtures/functions/remote.ts', import.meta.url).href
  const sum = await call(async (address: string) => {
    const { call: callAgain } = (await import(address)) as typeof remote
    return callAgain((n: number) => Math.abs(n) + 1, -1)
  }, url)
  assert.equal(sum, 2)
})

test('so can one that captures, where that can be read', { timeout }, async () => {
  const url = new URL('../fixtures/functions/remote.ts', import.meta.url).href
  const outcome = call(async (address: string) => {
    const { call: callAgain } = (await import(address)) as typeof remote
    const inner = [4]
    return callAgain((n: number) => n + inner[0]!, 1)
  }, url)
  if (canReflect) assert.equal(await outcome, 5)
  else await assert.rejects(outcome, /captures "inner"/)
})
