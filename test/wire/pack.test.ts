import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runInNewContext } from 'node:vm'
import { CannotSendError } from '../../dist/errors.js'
import { pack } from '../../dist/wire/pack.js'
import { copy, inWorker } from '../fixtures/codec/crossing.ts'

test('a value with nothing special in it is sent as it is, without a copy', () => {
  const value = {
    rows: [{ id: 1, tags: ['a'] }],
    when: new Date(5),
    map: new Map([[1, new Set([2])]]),
    bytes: new Uint8Array(4),
  }
  const { packed, transfer } = pack(value, 'value')
  assert.equal(packed.value, value)
  assert.deepEqual(Object.keys(packed), ['value'])
  assert.deepEqual(transfer, [])
})

test('what structured clone treats right arrives as it does there', () => {
  const values = {
    primitives: [1, -0, NaN, 10n, 'text', '\ud800', true, null, undefined],
    sparse: Object.assign(['first'], { 2: 'third' }),
    date: new Date(86_400_000),
    pattern: /a+/gi,
    boxed: [Object(1), Object('a'), Object(2n)] as unknown[],
    views: [new Float64Array([1.5, 2.5]), new BigInt64Array([1n]), new DataView(new ArrayBuffer(3))],
    buffer: new ArrayBuffer(5),
  }
  const alone = copy(values)
  assert.deepEqual(alone, structuredClone(values))
  assert.equal(1 in alone.sparse, false)
  const besideAnError = copy({ values, error: new Error('special') }).values
  assert.deepEqual(besideAnError, structuredClone(values))
  assert.equal(1 in besideAnError.sparse, false)
})

test('a sparse array stays one, and four thousand million holes are not counted through', { timeout: 20_000 }, () => {
  const sparse: unknown[] = []
  sparse.length = 1_000_000
  sparse[7] = 'here'
  assert.deepEqual(Object.entries(copy(sparse)), [['7', 'here']])
  sparse[9] = new Error('special')
  assert.deepEqual(Object.keys(copy(sparse)), ['7', '9'])
  assert.equal(copy(sparse).length, 1_000_000)
  sparse.length = 2 ** 32 - 1
  assert.equal((pack(sparse, 'value').packed.value as unknown[]).length, 2 ** 32 - 1)
})

test('named properties of an array are kept', () => {
  const match = /b(c)/.exec('abcd')!
  const { match: copied } = copy({ match: [match], error: new Error('special') })
  assert.equal(copied[0]!.index, 1)
  assert.equal(copied[0]!.input, 'abcd')
})

test('a key called __proto__ stays a key', () => {
  const value = JSON.parse('{ "__proto__": { "a": 1 }, "b": 2 }') as Record<string, unknown>
  const copied = copy([value, { ...value, error: new Error('special') }])
  for (const object of copied) {
    assert.equal(Object.getPrototypeOf(object), Object.prototype)
    assert.deepEqual(Object.getOwnPropertyDescriptor(object, '__proto__')?.value, { a: 1 })
  }
})

test('the keys of an object keep their order around a special one', () => {
  assert.deepEqual(Object.keys(copy({ a: 1, b: new Error('special'), c: 2, d: [new Error('x')], e: 3 })), [
    'a',
    'b',
    'c',
    'd',
    'e',
  ])
})

test('what is shared stays shared and cycles close, through objects, arrays, Maps, Sets and errors', () => {
  interface Node {
    name: string
    self?: Node
    list?: Node[]
    map?: Map<unknown, unknown>
    set?: Set<unknown>
    error?: Error
  }
  const node: Node = { name: 'node' }
  node.self = node
  node.list = [node, node]
  node.map = new Map<unknown, unknown>([
    ['node', node],
    [node, 'key'],
  ])
  node.set = new Set([node])
  node.map.set('map', node.map)
  node.error = new Error('special', { cause: node })
  const copied = copy(node)
  assert.equal(copied.self, copied)
  assert.equal(copied.list?.[1], copied)
  assert.equal(copied.map?.get('node'), copied)
  assert.equal(copied.map?.get(copied), 'key')
  assert.equal(copied.map?.get('map'), copied.map)
  assert.ok(copied.set?.has(copied))
  assert.equal(copied.error?.cause, copied)
})

test('an object is the same one in a plain part of a message and in a special one, whichever comes first', () => {
  const shared = { deep: { inner: [{ a: 1 }] } }
  const plain = { x: { y: { z: [shared] } } }
  const special = Object.assign(new Error('special'), { shared })
  for (const copied of [copy({ plain, special }), copy({ special, plain })]) {
    assert.equal(copied.plain.x.y.z[0], copied.special.shared)
    assert.deepEqual(copied.special.shared, shared)
  }
})

test('a Map and a Set with something special in them keep their order', () => {
  const error = new Error('key')
  const map = new Map<unknown, unknown>([
    ['first', error],
    [error, 'second'],
    ['third', 3],
  ])
  const keys = [...copy(map).keys()]
  assert.equal(keys[0], 'first')
  assert.ok(keys[1] instanceof Error)
  assert.equal(keys[2], 'third')
  const members = [...copy(new Set<unknown>([1, error, 2]))]
  assert.deepEqual([members[0], members[2]], [1, 2])
  assert.ok(members[1] instanceof Error)
})

test('URLs, registered and well-known symbols, and global objects arrive as what they are', async () => {
  const value = {
    url: new URL('https://a.example/b?c=1'),
    query: new URLSearchParams('a=1&a=2'),
    registered: Symbol.for('ours'),
    wellKnown: Symbol.iterator,
    math: Math,
    console,
  }
  const copied = copy(value)
  assert.equal(copied.url.href, value.url.href)
  assert.deepEqual(copied.query.getAll('a'), ['1', '2'])
  assert.equal(copied.registered, value.registered)
  assert.equal(copied.wellKnown, Symbol.iterator)
  assert.equal(copied.math, Math)
  assert.equal(copied.console, console)
  const there = await inWorker(
    ({ url, registered, math }: typeof value) =>
      url instanceof URL && registered === Symbol.for('ours') && math === Math,
    value,
  )
  assert.equal(there, true)
})

test('objects of another realm arrive as objects of this one', () => {
  const foreign = runInNewContext(`({
    object: { a: [1, new Map([[1, { b: 2 }]])] }, set: new Set([3]), date: new Date(0), pattern: /x/,
    bytes: new Uint8Array([1, 2]), error: new TypeError('far')
  })`) as Record<string, unknown>
  const { error, ...rest } = copy(foreign)
  assert.deepEqual(rest, {
    object: { a: [1, new Map([[1, { b: 2 }]])] },
    set: new Set([3]),
    date: new Date(0),
    pattern: /x/,
    bytes: new Uint8Array([1, 2]),
  })
  assert.ok(error instanceof TypeError)
  assert.equal(error.message, 'far')
})

function nested(levels: number, core: unknown): unknown {
  let value = core
  for (let i = 0; i < levels; i++) value = i % 2 === 0 ? { value } : [value]
  return value
}

test('1000 levels of nesting cross, more are refused, with or without something special among them', async () => {
  let levels = 0
  for (let at: unknown = copy(nested(1000, 'core')); at !== 'core'; at = Object.values(at as object)[0]) levels++
  assert.equal(levels, 1000)
  assert.equal(await inWorker((value: unknown) => typeof value, nested(900, 1)), 'object')
  for (const core of ['core', new Error('special')]) {
    for (const depth of [1100, 100_000]) {
      assert.throws(() => pack(nested(depth, core), 'argument 1'), {
        name: 'CannotSendError',
        message: 'cannot send argument 1: it is nested more than 1000 levels deep',
      })
    }
  }
})

interface Link {
  next: Link | undefined
}

test('depth counts as structured clone finds it: along the first way to an object, not the shortest', () => {
  const links = Array.from({ length: 5000 }, (): Link => ({ next: undefined }))
  links.forEach((link, i) => (link.next = links[i + 1]))
  assert.throws(() => pack(links, 'links'), /nested more than 1000 levels deep/)
  assert.equal(copy(links.toReversed()).length, 5000)
  assert.throws(() => pack([links, new Error('special')], 'links'), /nested more than 1000 levels deep/)
  assert.equal(copy([links.toReversed(), new Error('special')]).length, 2)
})

test('instances and causes can follow each other further than that, as they do not nest in a message', () => {
  class Link {
    next: Link | undefined
  }
  let first = new Link()
  let error = new Error('0')
  for (let i = 1; i < 5000; i++) {
    const link = new Link()
    link.next = first
    first = link
    error = new Error(String(i), { cause: error })
  }
  let links = 0
  for (let at: Link | undefined = copy(first); at !== undefined; at = at.next) links += at instanceof Link ? 1 : 0
  assert.equal(links, 5000)
  let causes = 0
  for (let at: unknown = copy(error); at instanceof Error; at = at.cause) causes++
  assert.equal(causes, 5000)
})

test('getters are read; one that throws is named with its path', () => {
  const readable = Object.defineProperty({ one: new URL('a:b') }, 'six', { get: () => 6, enumerable: true })
  assert.deepEqual(Object.getOwnPropertyDescriptor(copy(readable), 'six')?.value, 6)
  const value = {
    list: [
      {
        get bad(): never {
          throw new RangeError('not now')
        },
      },
    ],
  }
  assert.throws(
    () => pack(value, 'argument 2'),
    (error: unknown) =>
      error instanceof CannotSendError && error.path === 'argument 2.list[0].bad' && error.cause instanceof RangeError,
  )
})
