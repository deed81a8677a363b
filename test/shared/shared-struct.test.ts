import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { Lock, sharedStruct } from 'multitask'

const Point = sharedStruct({ n: 'i32', x: 'f64', on: 'bool' })

/** A struct of anything, as JavaScript would make it. */
function anyhow(fields: unknown): unknown {
  return sharedStruct(fields as Record<string, 'i32'>)
}

void test('VAL-06: a struct has its fields as properties', () => {
  const point = new Point({ x: 1.5, n: 2 })
  assert.deepEqual([point.x, point.n, point.on], [1.5, 2, false])
  point.x += 1
  point.on = true
  assert.deepEqual(point.toJSON(), { n: 2, x: 2.5, on: true })
  assert.deepEqual(new Point().toJSON(), { n: 0, x: 0, on: false })
})

void test('fields of all sizes keep out of the way of each other, in whatever order they come', () => {
  const fields = { a: 'u8', b: 'i64', c: 'u16', d: 'f32', e: 'bool', f: 'f64', g: 'i8', h: 'u32', i: 'i16' } as const
  const full = {
    a: 255,
    b: -(2n ** 63n),
    c: 65_535,
    d: -1.5,
    e: true,
    f: Math.PI,
    g: -128,
    h: 2 ** 32 - 1,
    i: -32_768,
  }
  const Mixed = sharedStruct(fields)
  const empty = new Mixed().toJSON()
  const structs = Mixed.array(3)
  Object.assign(structs.at(1), full)
  assert.deepEqual(
    [...structs].map(each => each.toJSON()),
    [empty, full, empty],
  )
  for (const name of Object.keys(full) as (keyof typeof full)[]) {
    const one = new Mixed({ [name]: full[name] })
    assert.deepEqual(one.toJSON(), { ...empty, [name]: full[name] })
    assert.equal(one.load(name), full[name])
  }
})

/** The bytes of a record, which only our insides know. */
function sizeOf(fields: Parameters<typeof sharedStruct>[0]): number {
  return (sharedStruct(fields) as unknown as { layout: { size: number } }).layout.size
}

void test('a struct is as large as its fields, up to a multiple of the largest', () => {
  assert.equal(sizeOf({ r: 'u8', g: 'u8', b: 'u8' }), 3)
  assert.equal(sizeOf({ a: 'u8', b: 'f64', c: 'u8' }), 16)
  assert.equal(sizeOf({ a: 'u8', b: 'u16', c: 'u8' }), 4)
  assert.equal(sizeOf({ x: 'f64', n: 'i32' }), 16)
})

void test('the atomic operations work by the name of a field, and return what was there', () => {
  const point = new Point({ n: 0b1100, x: 0.5 })
  assert.equal(point.add('n', 3), 0b1100)
  assert.equal(point.sub('n', 3), 0b1111)
  assert.equal(point.and('n', 0b0110), 0b1100)
  assert.equal(point.or('n', 0b0011), 0b0100)
  assert.equal(point.xor('n', 0b0101), 0b0111)
  assert.equal(point.exchange('n', 7), 0b0010)
  assert.equal(point.compareExchange('n', 7, 1), 7)
  assert.equal(point.add('x', 0.25), 0.5)
  assert.equal(
    point.update('x', x => x * 2),
    1.5,
  )
  assert.equal(point.or('on', true), false)
  point.store('n', 5)
  assert.equal(point.load('n'), 5)
  assert.deepEqual(point.toJSON(), { n: 5, x: 1.5, on: true })
})

void test('what a field does not hold is refused, and changes nothing', () => {
  const point = new Point({ n: 1 })
  const tooMuch = {
    name: 'RangeError',
    message: 'an i32 must be a whole number from -2147483648 to 2147483647, not 0.5',
  }
  assert.throws(() => (point.n = 0.5), tooMuch)
  assert.throws(() => point.store('n', 0.5), tooMuch)
  assert.throws(() => new Point({ n: 0.5 }), { name: 'RangeError', message: `n: ${tooMuch.message}` })
  assert.throws(() => (point.x = '1' as never), { name: 'TypeError', message: 'an f64 must be a number, not "1"' })
  assert.equal(point.n, 1)
})

void test('a name that is no field is refused', () => {
  const message = '"y" is not a field of the struct { n: i32, x: f64, on: bool }'
  assert.throws(() => new Point({ y: 1 } as never), { name: 'TypeError', message })
  assert.throws(() => new Point().add('y' as 'n', 1), { name: 'TypeError', message })
  assert.throws(() => Point.array([{ y: 1 } as never]), { name: 'TypeError', message })
  assert.throws(() => new Point().load('toString' as 'n'), { name: 'TypeError' })
  assert.throws(() => new Point(5 as never), { message: 'the values of a struct must be an object, not 5' })
})

const types = 'i8, u8, i16, u16, i32, u32, i64, u64, f32, f64, bool'
const refused: readonly [fields: unknown, message: string][] = [
  [undefined, 'the fields of a struct must be an object of names and types, not undefined'],
  ['f64', 'the fields of a struct must be an object of names and types, not "f64"'],
  [{}, 'a struct must have a field'],
  [{ x: 'double' }, `the field x must be one of ${types}, not "double"`],
  [{ at: Point }, `the field at must be one of ${types}, not the function SharedStruct: structs do not nest`],
  [{ at: { x: 'f64' } }, `the field at must be one of ${types}, not an object: structs do not nest`],
  [{ lock: 'i32' }, 'a field cannot be called lock: every struct has something of that name'],
  [{ add: 'i32' }, 'a field cannot be called add: every struct has something of that name'],
  [{ constructor: 'i32' }, 'a field cannot be called constructor: every struct has something of that name'],
  [{ _index: 'i32' }, 'a field cannot be called _index: every struct has something of that name'],
]

for (const [fields, message] of refused) {
  void test(`sharedStruct(${inspect(fields, { depth: 0 })}) is refused`, () => {
    assert.throws(() => anyhow(fields), { name: 'TypeError', message })
  })
}

void test('two types with the same fields in the same order are one', () => {
  assert.equal(sharedStruct({ n: 'i32', x: 'f64', on: 'bool' }), Point)
  assert.notEqual(sharedStruct({ x: 'f64', n: 'i32', on: 'bool' }), Point)
  assert.notEqual(sharedStruct({ n: 'i32', x: 'f32', on: 'bool' }), Point)
})

void test('an array of structs hands out views, from both ends', () => {
  const points = Point.array(3)
  assert.equal(points.length, 3)
  points.at(0).x = 1
  points.at(-1).x = 3
  assert.deepEqual(
    [...points].map(({ x }) => x),
    [1, 0, 3],
  )
  const view = points.at(0)
  points.at(0).add('n', 5)
  assert.equal(view.n, 5)
  assert.ok(view instanceof Point)
  assert.throws(() => points.at(3), { name: 'RangeError', message: 'there is no item 3 among 3' })
})

void test('an array of structs is made from values', () => {
  const points = Point.array([{ x: 1 }, { n: 2, on: true }])
  assert.equal(JSON.stringify(points), '[{"n":0,"x":1,"on":false},{"n":2,"x":0,"on":true}]')
  assert.throws(() => Point.array(-1), {
    message: 'the length of a SharedStructArray must be a whole number from 0, not -1',
  })
  assert.throws(() => Point.array('x' as never), { name: 'TypeError' })
})

void test('a class may extend a struct, and its arrays are of that class', () => {
  class Vector extends sharedStruct({ x: 'f64', y: 'f64' }) {
    get length(): number {
      return Math.hypot(this.x, this.y)
    }
  }
  const vector = new Vector({ x: 3, y: 4 })
  assert.equal(vector.length, 5)
  const vectors = Vector.array([{ x: 6, y: 8 }])
  assert.equal(vectors.at(0).length, 10)
  assert.ok(vectors.at(0) instanceof Vector)
  assert.equal(inspect(vector), 'Vector { x: 3, y: 4 }')
})

void test('a constructor of a class that extends a struct does not run for views', () => {
  let runs = 0
  class Counted extends sharedStruct({ count: 'i32' }) {
    constructor(count: number) {
      super({ count })
      runs++
    }
  }
  assert.equal(new Counted(3).count, 3)
  const many = Counted.array(2)
  assert.equal(many.at(1).count, 0)
  assert.equal(runs, 1)
})

void test('VAL-06: a struct has a lock of its own, or the one it is given, or none; an array has one for all', () => {
  const point = new Point({}, { name: 'origin' })
  assert.equal(point.lock, point.lock)
  assert.equal(point.lock.name, 'origin')
  const lock = new Lock()
  assert.equal(new Point({}, { lock }).lock, lock)
  assert.throws(() => new Point({}, { lock: false }).lock, { message: 'the SharedStruct was made without a lock' })
  const points = Point.array(2)
  assert.equal(points.at(0).lock, points.lock)
  assert.equal(
    points.at(0).withSync(it => it.lock.locked),
    true,
  )
  assert.throws(() => new Point({}, { look: lock } as never), {
    message: '"look" is not an option of a SharedStruct: did you mean lock?',
  })
})

void test('with hands out the struct, and rejects without a lock', async () => {
  const point = new Point({ n: 1 })
  assert.equal(await point.with(async it => it.n + 1), 2)
  await assert.rejects(
    new Point({}, { lock: false }).with(() => 1),
    { name: 'InvalidStateError' },
  )
  assert.equal(await Point.array(1).with(points => points.length), 1)
})

void test('structs print as what they are', () => {
  const point = new Point({ x: 1 }, { name: 'origin' })
  assert.equal(inspect(point), 'SharedStruct "origin" { n: 0, x: 1, on: false }')
  assert.equal(
    inspect(Point.array(100, { name: 'cloud' })),
    'SharedStructArray "cloud" { 100 × SharedStruct { n: i32, x: f64, on: bool } }',
  )
})
