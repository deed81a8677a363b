/**
 * mapAsync: what it computes, how far it reads, and what it is while it goes on.
 */
import assert from 'node:assert/strict'
import { dumpTasks, type MapResults, mapAsync, RLock, sleep, TaskGroup } from 'multitask'
import { settle } from 'multitask/testing'
import { diary, errorOf, virtually } from '../fixtures/virtual.ts'

/** Numbers from 0 on, without end, that tell how many were read. */
function* numbers(read: { count: number }): Generator<number> {
  for (;;) yield read.count++
}

virtually('results come in the order of the inputs, whatever takes how long', async clock => {
  const values = await mapAsync([30, 10, 20], ms => sleep(ms, ms * 2), { limit: 3 }).toArray()
  assert.deepEqual(values, [60, 20, 40])
  assert.equal(clock.elapsed, 30)
})

virtually('unordered: as they are completed', async () => {
  const values: number[] = []
  for await (const value of mapAsync([30, 10, 20], ms => sleep(ms, ms), { limit: 3, unordered: true }))
    values.push(value)
  assert.deepEqual(values, [10, 20, 30])
})

virtually('so many run at once, and never more; what takes no time at all counts too', async clock => {
  let running = 0
  let most = 0
  const visit = async (ms: number): Promise<void> => {
    most = Math.max(most, ++running)
    await sleep(ms)
    running--
  }
  const all = Array.from({ length: 100 }, (_, index) => (index % 3) * 10)
  await mapAsync(all, visit, { limit: 7 }).toArray()
  assert.equal(most, 7)
  const before = clock.elapsed
  await mapAsync([10, 10, 10, 10], visit, { limit: 1 }).toArray()
  assert.equal(clock.elapsed - before, 40)
  assert.deepEqual(await mapAsync([1, 2, 3], x => x + 1, { limit: 2 }).toArray(), [2, 3, 4])
})

virtually('inputs are read when there is room: endless ones, plain or asynchronous, are read no further', async () => {
  for (const unordered of [false, true]) {
    const read = { count: 0 }
    const results = mapAsync(numbers(read), x => x, { limit: 3, bufferSize: 5, unordered })
    assert.equal(read.count, 0)
    assert.deepEqual(await results.next(), { done: false, value: 0 })
    await settle()
    assert.equal(read.count, 6)
    await results.return()
  }
  const read = { count: 0 }
  async function* later(): AsyncGenerator<number> {
    for (const each of numbers(read)) yield sleep(10, each)
  }
  const results = mapAsync(later(), x => sleep(1000, x), { limit: 3 })
  const first = results.next()
  await sleep(500)
  // Three run. While none of them is done nobody reads a fourth.
  assert.equal(read.count, 3)
  assert.equal((await first).value, 0)
  await results.return()
})

virtually('a slow head holds up the results behind it, and they hold up the reading', async () => {
  const read = { count: 0 }
  const results = mapAsync(numbers(read), x => sleep(x === 0 ? 1000 : 1, x), { limit: 2, bufferSize: 10 })
  const first = results.next()
  await sleep(500)
  assert.equal(read.count, 10)
  assert.equal((await first).value, 0)
  await results.return()
})

virtually('nothing begins before the first read', async () => {
  const results = mapAsync([1], () => assert.fail('it ran'), { limit: 1 })
  await settle()
  assert.deepEqual(await results.return(), { done: true, value: undefined })
  assert.deepEqual(await results.next(), { done: true, value: undefined })
})

virtually('several reads at once get one result each; at the end there is none', async () => {
  const results = mapAsync([1, 2], x => sleep(x * 10, x), { limit: 2 })
  const steps = await Promise.all([results.next(), results.next(), results.next()])
  assert.deepEqual(
    steps.map(({ value }) => value),
    [1, 2, undefined],
  )
  assert.equal((await results.next()).done, true)
  assert.deepEqual(await results.toArray(), [])
})

virtually('toArray gives what is left', async () => {
  const results = mapAsync([1, 2, 3, 4], x => sleep(10 - x, x), { limit: 2 })
  assert.equal((await results.next()).value, 1)
  assert.deepEqual(await results.toArray(), [2, 3, 4])
  assert.deepEqual(await mapAsync([], x => x, { limit: 1 }).toArray(), [])
  assert.deepEqual(await mapAsync(new Set('ab'), x => x, { limit: Infinity }).toArray(), ['a', 'b'])
})

const sometimesLater = (x: number): number | Promise<number> => (x % 7 === 0 ? Promise.resolve(x) : x)

virtually('thousands of results pass through, in either order and either way of reading', async () => {
  const inputs = Array.from({ length: 5000 }, (_, index) => index)
  for (const unordered of [false, true]) {
    const options = { limit: 10, unordered }
    const read: number[] = []
    for await (const value of mapAsync(inputs, sometimesLater, options)) read.push(value)
    const together = await mapAsync(inputs, sometimesLater, options).toArray()
    for (const values of [read, together])
      assert.deepEqual(unordered ? values.toSorted((a, b) => a - b) : values, inputs)
  }
})

virtually('a map that is slower than its reader, and one that is faster, never stop', async () => {
  for (const [work, reading] of [
    [0, 5],
    [5, 0],
  ] as const) {
    const values: number[] = []
    for await (const value of mapAsync([1, 2, 3, 4, 5, 6, 7], x => sleep(work, x), { limit: 2, bufferSize: 2 })) {
      await sleep(reading)
      values.push(value)
    }
    assert.deepEqual(values, [1, 2, 3, 4, 5, 6, 7])
  }
})

virtually('each call has its context: a name, a signal that is its own, and what cancels it', async () => {
  const signals: AbortSignal[] = []
  await mapAsync(
    [1, 2, 3],
    (_, context) => {
      assert.equal(context.name, 'fetch')
      assert.deepEqual(Object.keys(context), ['signal'])
      signals.push(context.signal)
      context.check()
      return sleep(1)
    },
    { limit: 1, name: 'fetch' },
  ).toArray()
  // fetch leaves its listener on the signal until memory is collected, so none serves for two calls.
  assert.equal(new Set(signals).size, 3)
})

virtually('two calls at once are two owners of a lock', async clock => {
  const lock = new RLock()
  await mapAsync([1, 2, 3], () => lock.with(() => sleep(10)), { limit: 3 }).toArray()
  assert.equal(clock.elapsed, 30)
})

virtually('it is seen among the tasks as long as it goes on', async () => {
  const results = mapAsync([1, 2], ms => sleep(ms), { limit: 2, name: 'visit' })
  const reading = results.toArray()
  assert.match(dumpTasks(), /^map "visit": running.*\n├─ task "visit": running, waits for sleep of 1 ms/)
  await reading
})

virtually('a map that nobody reads on holds up no group, and goes on when somebody does', async clock => {
  const { lines, log } = diary(clock)
  let results!: MapResults<number>
  await TaskGroup.run(async () => {
    results = mapAsync([1, 2, 3, 4, 5], x => sleep(10, x), { limit: 2, bufferSize: 2 })
    log(String((await results.next()).value))
  })
  log('the group is over')
  assert.equal(dumpTasks(), '')
  log(String(await results.toArray()))
  assert.deepEqual(lines, ['1 @10', 'the group is over @20', '2,3,4,5 @30'])
})

virtually('what is wrong with the call is one sentence, at the call', () => {
  const cases: [() => unknown, string][] = [
    [() => mapAsync(5 as never, x => x, { limit: 1 }), 'mapAsync needs an iterable, but 5 cannot be iterated'],
    [
      () => mapAsync([], Promise.resolve() as never, { limit: 1 }),
      'mapAsync takes a function, not a promise: what runs already can neither be cancelled nor owned; pass a function that begins it',
    ],
    [() => mapAsync([], x => x, undefined as never), 'mapAsync needs options with a limit: how many calls run at once'],
    [() => mapAsync([], x => x, {} as never), 'mapAsync needs a limit: how many calls run at once'],
    [() => mapAsync([], x => x, { limit: 0 }), 'limit must be a whole number from 1, not 0'],
    [() => mapAsync([], x => x, { limit: 1.5 }), 'limit must be a whole number from 1, not 1.5'],
    [() => mapAsync([], x => x, { limit: '2' as never }), 'limit must be a number, not "2"'],
    [() => mapAsync([], x => x, { limit: 1, bufferSize: 0 }), 'bufferSize must be a whole number from 1, not 0'],
    [
      () => mapAsync([], x => x, { limit: 1, concurency: 2 } as never),
      '"concurency" is not an option of mapAsync(): it knows limit, unordered, bufferSize, signal, name',
    ],
    [() => mapAsync([], x => x, { limit: 1, signal: {} as never }), 'signal must be an AbortSignal, not an object'],
  ]
  for (const [call, message] of cases) assert.throws(call, { message })
})

virtually('an iterable that cannot begin is the error of the first read', async () => {
  const problem = new Error('no iterator')
  const inputs: Iterable<number> = {
    [Symbol.iterator]() {
      throw problem
    },
  }
  const results = mapAsync(inputs, x => x, { limit: 1 })
  assert.equal(await errorOf(results.next()), problem)
  assert.equal((await results.next()).done, true)
})
