/** Which workers there are, and which of them gets a call. */
import assert from 'node:assert/strict'
import { availableParallelism } from 'node:os'
import { test } from 'node:test'
import { ThreadPoolExecutor } from 'multitask'
import * as deadly from '../fixtures/deadly.ts'
import { Gate, until } from '../fixtures/gate.ts'
import { countRunning, nestedSum, passGate, square } from '../fixtures/tasks.ts'
import { poolCase } from './scope.ts'

poolCase('a pool starts no thread before its first call', { maxWorkers: 4 }, async pool => {
  assert.equal(pool.statistics().workers, 0)
  await pool.submit(square, 1)
  assert.equal(pool.statistics().workers, 1)
})

poolCase('TPE-03: calls one after the other use one worker', { maxWorkers: 4 }, async pool => {
  const threads = new Set<number>()
  for (let i = 0; i < 20; i++) threads.add(await pool.submit(deadly.threadOf))
  assert.equal(threads.size, 1)
})

poolCase('TPE-02: workers start on demand and are never more than the limit', { maxWorkers: 3 }, async (pool, gate) => {
  const futures = Array.from({ length: 45 }, () => pool.submit(passGate, gate.words, 1))
  await gate.whenStarted(3)
  assert.equal(pool.statistics().workers, 3)
  assert.equal(gate.started, 3)
  gate.open()
  await Promise.all(futures)
  assert.equal(pool.statistics().workers, 3)
})

poolCase('no more asynchronous calls run at a time than there are workers', { maxWorkers: 2 }, async (pool, gate) => {
  await Promise.all(Array.from({ length: 40 }, () => pool.submit(countRunning, gate.words)))
  assert.equal(gate.finished, 40)
  assert.ok(gate.most <= 2, `${gate.most} ran at a time`)
})

poolCase('calls that wait behind a long one move to a worker that is free', { maxWorkers: 2 }, async (pool, gate) => {
  const long = pool.submit(deadly.blockAtGate, gate.words, 'long')
  const short = Array.from({ length: 100 }, (_, i) => pool.submit(square, i))
  await Promise.all(short)
  assert.equal(long.done(), false)
  gate.open()
  assert.equal(await long, 'long')
})

poolCase('a worker is replaced after maxTasksPerWorker calls', { maxTasksPerWorker: 3 }, async pool => {
  const threads: number[] = []
  for (let i = 0; i < 9; i++) threads.push(await pool.submit(deadly.threadOf))
  assert.equal(new Set(threads).size, 3)
  for (let i = 0; i < 9; i += 3) assert.equal(new Set(threads.slice(i, i + 3)).size, 1)
})

poolCase(
  'calls submitted together survive the replacement of their worker',
  { maxTasksPerWorker: 2, maxWorkers: 2 },
  async pool => {
    const values = await Promise.all(Array.from({ length: 40 }, (_, i) => pool.submit(square, i)))
    assert.deepEqual(
      values,
      Array.from({ length: 40 }, (_, i) => i * i),
    )
  },
)

poolCase(
  'idle workers end after the idle timeout, but not the last ones',
  { maxWorkers: 3, minWorkers: 1, idleTimeout: 5 },
  async (pool, gate) => {
    const futures = Array.from({ length: 3 }, () => pool.submit(passGate, gate.words, 1))
    await gate.whenStarted(3)
    gate.open()
    await Promise.all(futures)
    await until(() => pool.statistics().workers === 1)
    assert.equal(await pool.submit(square, 3), 9)
  },
)

poolCase(
  'INI-01: the initializer runs in each worker before its first call',
  { maxWorkers: 2, initializer: deadly.rememberStart, initargs: ['ready'] as never },
  async pool => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => pool.submit(deadly.whatStarted)))
    assert.deepEqual(new Set(answers), new Set(['ready']))
  },
)

poolCase('higher priorities run first among the calls that wait', {}, async (pool, gate) => {
  const words = new Int32Array(new SharedArrayBuffer(64))
  const view = pool.with({ priority: 0 })
  const first = view.submit(passGate, gate.words, 1)
  await gate.whenStarted(1)
  const calls = [1, 3, 2, 3, 1].map(priority => pool.with({ priority }).submit(deadly.appendTo, words, priority))
  gate.open()
  await Promise.all([first, ...calls])
  assert.deepEqual([...words.subarray(8, 13)], [3, 3, 2, 1, 1])
})

poolCase(
  'a call beyond maxQueue is rejected and not run, and submit never throws',
  { maxQueue: 2 },
  async (pool, gate) => {
    const accepted = [1, 2, 3].map(n => pool.submit(passGate, gate.words, n))
    await assert.rejects(pool.submit(passGate, gate.words, 4), {
      name: 'QueueFull',
      message: /has 2 calls waiting, as many as maxQueue allows/,
    })
    gate.open()
    assert.deepEqual(await Promise.all(accepted), [1, 2, 3])
    assert.equal(gate.started, 3)
  },
)

poolCase(
  'with whenFull: "wait" calls wait in line, and room() tells when to go on',
  { maxQueue: 1, whenFull: 'wait' },
  async (pool, gate) => {
    await pool.room()
    const calls = [1, 2, 3].map(n => pool.submit(passGate, gate.words, n))
    let room = false
    const waiting = pool.room().then(() => (room = true))
    await gate.whenStarted(1)
    assert.equal(room, false)
    gate.open()
    await waiting
    assert.deepEqual(await Promise.all(calls), [1, 2, 3])
  },
)

poolCase('a task may wait for calls of its own pool, however deep', { maxWorkers: 2 }, async pool => {
  assert.equal(await pool.submit(nestedSum, 5), 32)
})

poolCase('the same on one worker', {}, async pool => {
  assert.equal(await pool.submit(nestedSum, 5), 32)
})

void test('pools of default size keep no more workers busy than there are cores', { timeout: 30_000 }, async () => {
  const pools = [new ThreadPoolExecutor(), new ThreadPoolExecutor(), new ThreadPoolExecutor()]
  const gate = new Gate()
  const calls = pools.flatMap(pool => Array.from({ length: 40 }, () => pool.submit(countRunning, gate.words)))
  await Promise.all(calls)
  // One more for each pool that waits where none of the busy ones finishes for long, which a slow machine may bring about.
  assert.ok(gate.most <= availableParallelism() + 2, `${gate.most} ran at a time`)
  await Promise.all(pools.map(pool => pool.shutdown()))
})

void test('pools whose calls wait for each other get past the budget', { timeout: 30_000 }, async () => {
  const cores = availableParallelism()
  const pools = [new ThreadPoolExecutor(), new ThreadPoolExecutor()]
  const gate = new Gate()
  const calls = pools.flatMap(pool =>
    Array.from({ length: cores }, () => pool.submit(deadly.blockAtGate, gate.words, 1)),
  )
  await gate.whenStarted(2 * cores)
  gate.open()
  await Promise.all(calls)
  await Promise.all(pools.map(pool => pool.shutdown()))
})

poolCase(
  'what is changed after the call was submitted does not arrive, however long it waits',
  {},
  async (pool, gate) => {
    const first = pool.submit(passGate, gate.words, 1)
    // As many as are given to one worker ahead, and more.
    const others = Array.from({ length: 1100 }, (_, n) => pool.submit(square, n))
    const bytes = new Uint8Array(1 << 20).fill(1)
    const future = pool.submit(deadly.identity, bytes)
    bytes.fill(2)
    gate.open()
    assert.deepEqual(new Set((await future) as Uint8Array), new Set([1]))
    await Promise.all([first, ...others])
  },
)
