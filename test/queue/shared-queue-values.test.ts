/** What can be put into a SharedQueue, how it comes out, and what is refused. */
import assert from 'node:assert/strict'
import { CannotSendError, Lock, pipe, Queue, SharedQueue, type SharedQueueOptions, transfer } from 'multitask'
import { casesAlone, casesWithThreads } from '../conformance/sync-cases.ts'
import { Money } from '../fixtures/codec/registered.ts'
import { Circle } from '../fixtures/codec/shapes.ts'
import { areSame, getOne } from '../fixtures/queue-tasks.ts'
import { same } from '../fixtures/sync-tasks.ts'
import { square } from '../fixtures/tasks.ts'

const alone = casesAlone('SharedQueue')
const check = casesWithThreads('SharedQueue')

/** What comes out for a value that is put. */
async function passed<T>(value: T, queue: SharedQueue<T> = new SharedQueue<T>()): Promise<T> {
  const put = queue.put(value)
  const [got] = await Promise.all([queue.get(), put])
  return got
}

class Mistake extends RangeError {
  readonly where: string
  constructor(message: string, where: string, options?: ErrorOptions) {
    super(message, options)
    this.where = where
  }
}

const VIEWS = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
]

alone('simple values come out as they were', async () => {
  const texts = ['', 'a', 'é'.repeat(40), 'x'.repeat(33), 'naïve '.repeat(20), '漢字', '😀 \ud800', 'y'.repeat(100_000)]
  const numbers = [0, -0, 1.5, -7, 2 ** 31, -(2 ** 31), 2 ** 53, NaN, Infinity, 5e-324]
  const others = [true, false, null, undefined, 10n, -(2n ** 80n), new Date(5), /a+/gi, Symbol.iterator]
  for (const value of [...texts, ...numbers, ...others]) {
    assert.deepEqual(await passed<unknown>(value), value)
    if (String(value).length < 1000) {
      const queue = new SharedQueue<unknown>()
      queue.putSync(value)
      assert.deepEqual(queue.getSync(), value)
      await queue.put(value)
      assert.deepEqual(queue.tryGet(), value)
      await queue.put(value)
      queue.shutdown()
      for await (const item of queue) assert.deepEqual(item, value)
      assert.equal(queue.size, 0)
    }
    assert.deepEqual(await passed<unknown>([value, { value }]), [value, { value }])
  }
})

alone('objects and arrays come out as they were', async () => {
  const sparse: number[] = [1]
  sparse[2] = 3
  const values: unknown[] = [
    {},
    [],
    { a: { b: [{ c: 1 }] }, 'a key': 2, '': 3, é: 4 },
    sparse,
    Array.from({ length: 1000 }, (_, index) => ({ index, name: `row ${index}` })),
    new Map<unknown, unknown>([[{ key: 1 }, new Set([1, 'two'])]]),
    'abc'.match(/b/),
    Object.assign(Object.create(null) as object, { a: 1 }),
    JSON.parse('{"__proto__": 1, "b": 2}'),
    [new Number(5), new String('s'), new Boolean(false)],
    Array.from({ length: 50_000 }, (_, index) => index / 3),
  ]
  for (const value of values) assert.deepEqual(structuredClone(await passed(value)), structuredClone(value))
  const cycle: { self?: unknown; list: unknown[] } = { list: [] }
  cycle.self = cycle
  cycle.list.push(cycle.list, cycle)
  const copy = await passed(cycle)
  assert.ok(copy.self === copy && copy.list[0] === copy.list && copy.list[1] === copy && copy !== cycle)
})

alone('typed arrays of every type and length come out as they were, with no more memory than they need', async () => {
  for (const Type of VIEWS) {
    for (const length of [0, 1, 9, 5000, 20_000]) {
      const view = new Type(Array.from({ length }, (_, index) => index % 100))
      const copy = await passed(view)
      assert.deepEqual(copy, view)
      assert.equal(copy.buffer.byteLength, view.byteLength)
      const part = view.subarray(1, 8)
      assert.deepEqual(await passed(part), part)
      assert.equal((await passed(part)).buffer.byteLength, part.byteLength)
    }
  }
  const big = new BigInt64Array([1n, -(2n ** 62n)])
  assert.deepEqual(await passed(big), big)
  const buffer = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]).buffer
  const [left, right] = await passed([new Uint8Array(buffer, 0, 4), new Uint16Array(buffer, 4)] as const)
  assert.equal(left.buffer, right.buffer)
  assert.deepEqual(
    [[...left], [...right]],
    [
      [1, 2, 3, 4],
      [0x605, 0x807],
    ],
  )
  assert.deepEqual(await passed(new DataView(buffer, 2, 3)), new DataView(buffer, 2, 3))
  for (const length of [5, 100_000]) {
    const bytes = await passed(new ArrayBuffer(length))
    assert.deepEqual([bytes.constructor, bytes.byteLength], [ArrayBuffer, length])
  }
})

alone('errors, instances of classes, and functions come out as what they are', async () => {
  const error = await passed(new Mistake('wrong', 'here', { cause: new TypeError('why') }))
  assert.ok(error instanceof RangeError && error.cause instanceof TypeError)
  assert.deepEqual([error.message, error.where, error.cause.message], ['wrong', 'here', 'why'])
  const group = await passed(new AggregateError([new Error('a')], 'all'))
  assert.deepEqual([group.message, (group.errors[0] as Error).message], ['all', 'a'])
  const money = await passed(new Money(5n, 'EUR'))
  assert.ok(money instanceof Money)
  assert.deepEqual([money.cents, money.currency], [5n, 'EUR'])
  assert.deepEqual(await passed(new Circle(3)), new Circle(3))
  assert.equal((await passed((n: number) => n + 1))(1), 2)
  assert.equal(await passed(square), square)
  assert.equal(String(await passed(new URL('http://a.b/c'))), 'http://a.b/c')
})

alone('what is changed after the put does not matter', async () => {
  const queue = new SharedQueue<unknown>(1, { bytes: 1024 })
  const values = [{ a: [1] }, new Uint8Array(5000), new Map([['a', [1]]])] as [
    { a: number[] },
    Uint8Array,
    Map<string, number[]>,
  ]
  const puts = values.map(value => queue.put(value))
  values[0].a[0] = 2
  values[1][4999] = 2
  values[2].get('a')![0] = 2
  assert.deepEqual(await queue.get(), { a: [1] })
  assert.deepEqual(await queue.get(), new Uint8Array(5000))
  assert.deepEqual(await queue.get(), new Map([['a', [1]]]))
  await Promise.all(puts)
})

alone('more names than the dictionary holds are sent all the same', async () => {
  const queue = new SharedQueue<Record<string, number>>()
  for (let i = 0; i < 2000; i++) {
    const item = { [`a rather long name, number ${i}`]: i, ['n'.repeat(i)]: i }
    assert.deepEqual(await passed(item, queue), item)
  }
})

alone('a getter that puts something itself, or throws, spoils nothing', async () => {
  const queue = new SharedQueue<unknown>()
  const nested = {
    first: 'a',
    get second() {
      queue.tryPut({ inner: 'b', x: [1, 2, 3] })
      return 'c'
    },
  }
  await queue.put(nested)
  assert.deepEqual(await queue.get(), { inner: 'b', x: [1, 2, 3] })
  assert.deepEqual(await queue.get(), { first: 'a', second: 'c' })
  const broken = {
    get bad(): never {
      throw new Error('no')
    },
  }
  await assert.rejects(queue.put(broken), Error)
  assert.equal(queue.size, 0)
  assert.deepEqual(await passed({ fine: 1 }, queue), { fine: 1 })
})

const { port1, port2 } = new MessageChannel()
port1.close()
port2.close()
const deep: unknown[] = []
for (let i = 0, at = deep; i < 100_000; i++) at.push((at = []))

const refused: readonly [what: string, make: () => unknown, message: RegExp][] = [
  [
    'a Lock',
    () => ({ lock: new Lock() }),
    /cannot send item\.lock: it is a Lock, of which no bytes.*\n.*as an argument/,
  ],
  [
    'a SharedQueue',
    () => [new SharedQueue()],
    /cannot send item\[0\]: it is a SharedQueue, of which no bytes can be made/,
  ],
  ['an end of a pipe', () => pipe()[0], /cannot send item: it is a Connection, of which no bytes can be made/],
  ['a Queue', () => new Queue(), /cannot send item: it is a Queue/],
  ['shared memory', () => ({ a: new SharedArrayBuffer(8) }), /cannot send item\.a: it is shared memory/],
  ['a view of it', () => [new Int32Array(new SharedArrayBuffer(8))], /cannot send item\[0\]: it is shared memory/],
  ['marked memory', () => transfer(new ArrayBuffer(8)), /cannot send item: it is marked with transfer\(\)/],
  ['a port', () => ({ port: port1 }), /cannot send item\.port: it is a MessagePort/],
  ['a promise', () => ({ p: Promise.resolve(1) }), /cannot send item\.p: it is a Promise\n {2}hint: await it first/],
  ['a stream', () => new ReadableStream(), /cannot send item: it is a ReadableStream/],
  ['a symbol', () => Symbol('mine'), /cannot send item: it is a unique symbol/],
  ['a Blob', () => [new Blob(['a'])], /cannot send item\[0\]: it is a Blob, of which no bytes can be made/],
  [
    'a value that is nested too deep',
    () => deep,
    /cannot send item: it is nested (more than 1000 levels deep|too deep)/,
  ],
]

for (const [what, value, message] of refused) {
  const error = (thrown: unknown): boolean => thrown instanceof CannotSendError && message.test(thrown.message)
  alone(`${what} is refused where it is put, and the queue is not damaged`, async () => {
    const queue = new SharedQueue<unknown>(1)
    await assert.rejects(queue.put(value()), error)
    assert.throws(() => queue.putSync(value()), error)
    assert.throws(() => queue.tryPut(value()), error)
    assert.deepEqual([queue.size, queue.statistics().unfinished], [0, 0])
    assert.equal(await passed<unknown>('fine', queue), 'fine')
  })
}

alone('an item that is larger than the memory is refused by tryPut alone', async () => {
  const queue = new SharedQueue<unknown>(0, { bytes: 1024, name: 'jobs' })
  const item = 'x'.repeat(5000)
  assert.throws(() => queue.tryPut(item), {
    name: 'CannotSendError',
    message: /cannot send item: it takes 5008 bytes, and the SharedQueue "jobs" has room for 1024\n {2}hint: use put/,
  })
  // Longer than a record, but not than the memory.
  queue.tryPut('y'.repeat(600))
  assert.equal(queue.tryGet(), 'y'.repeat(600))
  const put = queue.put(item)
  assert.throws(() => queue.tryGet(), {
    name: 'InvalidStateError',
    message: /larger than its memory.*get\(\) and getSync/,
  })
  assert.equal(await queue.get(), item)
  await put
})

function make(options: unknown, error: object): void {
  assert.throws(() => new SharedQueue(0, options as SharedQueueOptions), error)
}

alone('bad options are refused', () => {
  make({ bytes: 1023 }, { name: 'RangeError', message: 'bytes must be a whole number from 1024, not 1023' })
  make({ bytes: NaN }, RangeError)
  make({ bytes: Infinity }, { name: 'RangeError', message: 'bytes must be at most 268435456, not Infinity' })
  make({ bytes: '5' }, { name: 'TypeError', message: 'bytes must be a number, not "5"' })
  make({ byte: 5 }, /did you mean bytes\?/)
  assert.throws(() => new SharedQueue(2 ** 40), {
    message: 'maxSize must be at most 2147483647, or Infinity, not 1099511627776',
  })
})

check(
  'a function of a module that the thread has not imported: get waits for it, getSync says so',
  async ({ pool }) => {
    const queue = new SharedQueue<unknown>()
    await queue.put(square)
    assert.equal(await pool.submit(getOne, queue, 'blocks'), 'CannotLoadError')
    await queue.put(square)
    assert.equal(await pool.submit(getOne, queue, 'awaits'), square)
  },
)

check('a queue that is sent to a thread twice is the same there, and here when it comes back', async ({ pool }) => {
  const queue = new SharedQueue<number>(5, { name: 'jobs' })
  const [a, b] = (await pool.submit(same, [queue, queue])) as [unknown, unknown]
  assert.ok(a === queue && b === queue)
  assert.equal(await pool.submit(areSame, queue, [queue]), true)
})
