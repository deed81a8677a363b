import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CannotSendError } from '../../dist/errors.js'
import { pack } from '../../dist/wire/pack.js'
import { copy, inWorker } from '../fixtures/codec/crossing.ts'

const skip = 'Bun' in globalThis || 'Deno' in globalThis ? 'needs reflection, which only Node has' : false

test('functions cross anywhere in a value, as keys and values of a Map too', async () => {
  const results = await inWorker(
    (value: { list: ((n: number) => number)[]; map: Map<() => string, { f: () => string }> }) => [
      value.list.map(f => f(2)),
      [...value.map].map(([key, { f }]) => key() + f()),
    ],
    { list: [n => n + 1, n => n * 10], map: new Map([[() => 'key', { f: () => 'value' }]]) },
  )
  assert.deepEqual(results, [[3, 20], ['keyvalue']])
})

const double = (n: number): number => n * 2

test('a function met twice is one function', () => {
  const copied = copy({ a: double, b: [double] })
  assert.equal(copied.a, copied.b[0])
  assert.equal(copied.a(4), 8)
})

test('functions of the runtime are the same ones there', async () => {
  assert.equal(
    await inWorker((max: typeof Math.max, Class: typeof Map) => max === Math.max && Class === Map, Math.max, Map),
    true,
  )
})

test('a function that came here as text can be sent on, on every runtime', async () => {
  const made = await inWorker(() => [(a: number, b: number): number => a + b] as const)
  assert.equal(await inWorker(([there]: typeof made) => there(3, 4), made), 7)
})

test('what functions capture and what is sent beside them is one graph', { skip }, async () => {
  const state = { count: 1, log: [] as string[] }
  const read = (): typeof state => state
  const [sameObject, sameFunction] = await inWorker(
    (given: typeof state, f: typeof read, holder: { f: typeof read }) => [f() === given, holder.f === f],
    state,
    read,
    { f: read },
  )
  assert.equal(sameObject, true)
  assert.equal(sameFunction, true)
})

test('functions that capture each other cross', { skip }, async () => {
  const isEven = (n: number): boolean => n === 0 || isOdd(n - 1)
  const isOdd = (n: number): boolean => n !== 0 && isEven(n - 1)
  assert.equal(await inWorker(f => f(11), isOdd), true)
})

function add(this: { n: number }, a: number, b: number): number {
  return this.n + a + b
}

test('an object whose method is bound to it crosses', { skip }, async () => {
  const counter = {
    n: 3,
    add: undefined as unknown as (a: number, b: number) => number,
  }
  counter.add = add.bind(counter, 10)
  assert.equal(await inWorker(there => there.add(100, 0), counter), 113)
})

test('properties of a function cross with it', { skip }, async () => {
  const greet = Object.assign((name: string) => `${greet.greeting} ${name}`, {
    greeting: 'hello',
    options: { loud: [false] },
  })
  const [text, options] = await inWorker((f: typeof greet) => [f('you'), f.options] as const, greet)
  assert.equal(text, 'hello you')
  assert.deepEqual(options, { loud: [false] })
})

test('captured errors, instances and Maps arrive as what they are', { skip }, async () => {
  const failure = new RangeError('kept', { cause: 1 })
  const table = new Map([['failure', failure]])
  assert.equal(
    await inWorker(() => table.get('failure') === failure && failure instanceof RangeError && failure.cause === 1),
    true,
  )
})

function path(value: unknown): string {
  try {
    pack(value, 'fn')
  } catch (error) {
    return (error as CannotSendError).path
  }
  return 'nothing'
}

test('the path of what a captured variable holds leads through it', { skip }, () => {
  const state = { conn: { sock: Promise.resolve() } }
  const list = [0, new WeakMap()]
  assert.equal(
    path(() => state),
    'fn › state.conn.sock',
  )
  assert.equal(
    path(() => [(() => list)()]),
    'fn › list[1]',
  )
  assert.equal(path({ f: () => state }), 'fn.f › state.conn.sock')
  const inner = (): unknown => state
  assert.equal(
    path(() => inner()),
    'fn › inner › state.conn.sock',
  )
})

test('a captured table is not copied twice, nor is it the original there', { skip }, async () => {
  const table = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`k${i}`, { i, nested: [{ i }] }]))
  const sum = await inWorker(
    (extra: typeof table) => (extra === table ? Object.values(table).reduce((all, { i }) => all + i, 0) : -1),
    table,
  )
  assert.equal(sum, 4950)
})
