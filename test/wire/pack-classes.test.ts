import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { test } from 'node:test'
import { CannotSendError } from '../../dist/errors.js'
import { pack } from '../../dist/wire/pack.js'
import { copy, inWorker } from '../fixtures/codec/crossing.ts'
import { areaOf, Circle, isCircle, makeCircle } from '../fixtures/codec/shapes.ts'

/** What only Node can do: read what a class captures, and under which name a module exports it. */
const skip = 'Bun' in globalThis || 'Deno' in globalThis ? 'needs reflection, which only Node has' : false

class Point {
  readonly x: number
  readonly y: number
  static made = 0
  constructor(x: number, y: number) {
    this.x = x
    this.y = y
    Point.made++
  }
  get sum(): number {
    return this.x + this.y
  }
}
class Labelled extends Point {
  label = { text: 'here' }
}

test('an instance keeps its class and its properties, and no constructor runs for it', () => {
  const before = Point.made
  const point = new Point(1, 2)
  const copied = copy({ point, again: point })
  assert.ok(copied.point instanceof Point)
  assert.equal(copied.point, copied.again)
  assert.notEqual(copied.point, point)
  assert.equal(copied.point.sum, 3)
  assert.equal(Point.made, before + 1)
})

test(
  'an instance of a class that a module exports is one in the worker, and its result one here',
  { skip },
  async () => {
    assert.equal(await inWorker(areaOf, new Circle(2)), 12)
    assert.equal(await inWorker(isCircle, new Circle(2)), true)
  },
)

test('a result that is an instance of an exported class is an instance of it here', async () => {
  const circle = await inWorker(makeCircle, 3)
  assert.ok(circle instanceof Circle)
  assert.equal(circle.area, 27)
})

test('a class that nothing exports crosses as text: methods work there, and its instances come home as what they were', async () => {
  class Local {
    readonly n: number
    constructor(n: number) {
      this.n = n
    }
    get double(): number {
      return this.n * 2
    }
  }
  const [double, isInstance, same, made] = await inWorker(
    (local: Local, Class: typeof Local) => [local.double, local instanceof Class, local, new Class(5)] as const,
    new Local(4),
    Local,
  )
  assert.equal(double, 8)
  assert.equal(isInstance, true)
  assert.ok(same instanceof Local)
  assert.ok(made instanceof Local)
  assert.equal(made.double, 10)
})

test('a class is the same one in the worker in one call and the next', async () => {
  class Kept {
    readonly n = 1
  }
  await inWorker((Class: typeof Kept) => void ((globalThis as { kept?: unknown }).kept = Class), Kept)
  const isSame = await inWorker(
    (Class: typeof Kept, instance: Kept) =>
      (globalThis as { kept?: unknown }).kept === Class && instance instanceof Class,
    Kept,
    new Kept(),
  )
  assert.equal(isSame, true)
})

test('a class with a base class crosses with it', { skip }, async () => {
  const [text, sum, isPoint] = await inWorker(
    (value: Labelled, Base: typeof Point) => [value.label.text, value.sum, value instanceof Base],
    new Labelled(3, 4),
    Point,
  )
  assert.deepEqual([text, sum, isPoint], ['here', 7, true])
})

test('classes that extend Array, Map, Set, Date, RegExp and typed arrays keep class and content', () => {
  class Stack extends Array<number> {
    owner = 'me'
    get top(): number | undefined {
      return this.at(-1)
    }
  }
  class Index extends Map<string, unknown> {
    hits = 3
    override set(): never {
      throw new Error('read only')
    }
  }
  class Tags extends Set<string> {
    first = 'a'
  }
  class Day extends Date {
    zone = 'UTC'
  }
  class Pattern extends RegExp {}
  class Vector extends Float64Array {
    unit = 'm'
  }
  const value = {
    stack: Stack.of(1, 2) as Stack,
    index: new Index(),
    tags: new Tags(['x']),
    day: new Day(5),
    pattern: new Pattern('a', 'g'),
    vector: new Vector([1, 2]),
  }
  Map.prototype.set.call(value.index, 'k', { a: 1 })
  const copied = copy(value)
  assert.ok(copied.stack instanceof Stack && copied.stack.top === 2 && copied.stack.owner === 'me')
  assert.ok(copied.index instanceof Index && copied.index.hits === 3)
  assert.deepEqual(copied.index.get('k'), { a: 1 })
  assert.ok(copied.tags instanceof Tags && copied.tags.has('x') && copied.tags.first === 'a')
  assert.ok(copied.day instanceof Day && copied.day.getTime() === 5 && copied.day.zone === 'UTC')
  assert.ok(copied.pattern instanceof Pattern && copied.pattern.flags === 'g')
  assert.ok(copied.vector instanceof Vector && copied.vector[1] === 2 && copied.vector.unit === 'm')
})

test('an EventEmitter crosses with its listeners', async () => {
  const emitter = new EventEmitter()
  emitter.on('double', (list: number[]) => list.push(list[0]! * 2))
  const result = await inWorker((there: EventEmitter) => {
    const list = [21]
    there.emit('double', list)
    return list
  }, emitter)
  assert.deepEqual(result, [21, 42])
})

test('a class that extends EventEmitter is a class like any other', { skip }, () => {
  class Bus extends EventEmitter {
    name = 'bus'
  }
  const copied = copy(new Bus())
  assert.ok(copied instanceof Bus)
  assert.equal(copied.listenerCount('x'), 0)
  assert.equal(copied.name, 'bus')
})

test('a class that cannot be sent is refused with the cure that helps', { skip: !skip }, () => {
  assert.throws(
    () => pack([new Labelled(1, 2)], 'argument 1'),
    (error: unknown) =>
      error instanceof CannotSendError &&
      error.path === 'argument 1[0].constructor' &&
      error.hint === 'registerClass(Labelled), in a module that is imported on both sides',
  )
})

test('static #private members do not keep instances from crossing, nor does a # in a text', () => {
  class Counter {
    static #count = 0
    color = '#fff'
    static next(): number {
      return ++Counter.#count
    }
  }
  assert.ok(copy(new Counter()) instanceof Counter)
})

test('own accessors of an instance arrive as values, symbol keys not at all', () => {
  const point = Object.defineProperty(new Point(1, 2), 'lazy', { get: () => 7, enumerable: true })
  const copied = copy(Object.assign(point, { [Symbol.for('k')]: 1 }))
  assert.deepEqual(Object.entries(copied), [
    ['x', 1],
    ['y', 2],
    ['lazy', 7],
  ])
  assert.deepEqual(Object.getOwnPropertySymbols(copied), [])
})

test('a method of the prototype does not hinder a property of the same name', () => {
  class Shy {
    get id(): number {
      return 1
    }
  }
  const shy = Object.defineProperty(new Shy(), 'id', { value: 9, enumerable: true })
  assert.equal(copy(shy).id, 9)
})

test('what a class captures is in the path of its refusal', { skip }, () => {
  const later = Promise.resolve(1)
  class Waiting {
    wait(): unknown {
      return later
    }
  }
  assert.throws(
    () => pack({ list: [new Waiting()] }, 'argument 1'),
    (error: unknown) => error instanceof CannotSendError && error.path === 'argument 1.list[0].constructor › later',
  )
})

test('classes that capture each other, and themselves, cross', { skip }, async () => {
  class Even {
    readonly parity: string = 'even'
    next(): Even {
      return new Odd()
    }
  }
  class Odd extends Even {
    override readonly parity = 'odd'
    override next(): Even {
      return new Even()
    }
  }
  const steps = await inWorker((one: Odd) => [one.next().parity, one.next().next().parity, one.parity], new Odd())
  assert.deepEqual(steps, ['even', 'odd', 'odd'])
})
