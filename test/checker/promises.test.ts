/** Tests whose threads are async functions: tasks of this event loop, which change over where they wait. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Condition, Lock, Queue, RLock, Semaphore, sleep } from 'multitask'
import { type BuiltTest, check } from 'multitask/checker'
import { failureOf } from '../fixtures/failure-of.ts'

const LIMIT = 60_000

void test('locks that tasks take in two orders are a deadlock', { timeout: LIMIT }, async () => {
  const { schedule } = await failureOf(() => {
    const a = new Lock({ name: 'a' })
    const b = new Lock({ name: 'b' })
    return {
      threads: {
        ann: async () => a.with(() => b.with(() => {})),
        bob: async () => b.with(() => a.with(() => {})),
      },
    }
  })
  assert.equal(schedule.reason, 'deadlock: ann waits at b.acquire, held by bob; bob waits at a.acquire, held by ann')
  assert.equal(schedule.replay, 'A2B3A1')
})

const sale = (lock: Lock | RLock | undefined) => (): BuiltTest => {
  const permits = new Semaphore(2)
  let stock = 1
  let sold = 0
  const sell = async (): Promise<void> => {
    const seen = stock
    await permits.acquire()
    if (seen > 0) {
      stock = seen - 1
      sold++
    }
    permits.release()
  }
  const buy = async (): Promise<void> => (lock === undefined ? sell() : lock.with(sell))
  return { threads: { ann: buy, bob: buy }, check: () => assert.equal(sold, 1, `sold ${sold} of 1`) }
}

void test('what was read before a wait is old after it', { timeout: LIMIT }, async () => {
  assert.equal((await failureOf(sale(undefined))).schedule.reason, 'check: sold 2 of 1')
  for (const lock of [Lock, RLock]) {
    const report = await check(() => sale(new lock())())
    assert.match(report.coverage, /^every interleaving: /)
  }
})

void test('a queue between tasks keeps its order', { timeout: LIMIT }, async () => {
  const { coverage } = await check(() => {
    const queue = new Queue<number>(1)
    return {
      threads: {
        producer: async () => {
          await queue.put(1)
          await queue.put(2)
        },
        consumer: async () => assert.deepEqual([await queue.get(), await queue.get()], [1, 2]),
      },
    }
  })
  assert.equal(coverage, 'every interleaving: 23 schedules')
})

const waiting = (timeout: number | undefined) => (): BuiltTest => {
  const condition = new Condition(new Lock(), { name: 'changed' })
  return {
    threads: {
      waiter: async () => condition.with(() => condition.wait({ timeout }).then(() => {})),
      other: async () => condition.with(() => {}),
    },
  }
}

void test('a forgotten notify is a wait for ever, and time that is up a branch', { timeout: LIMIT }, async () => {
  assert.match((await failureOf(waiting(undefined))).schedule.reason, /^deadlock: waiter waits at changed\.wait/)
  assert.ok((await check(waiting(10))).complete)
})

void test('hours pass in a moment', { timeout: LIMIT }, async () => {
  const began = performance.now()
  const { complete } = await check(() => {
    return { threads: [async () => sleep(3_600_000), async () => sleep(3_600_000)] }
  })
  assert.ok(complete)
  assert.ok(performance.now() - began < LIMIT)
})

void test('a task that awaits what nobody knows is told so', { timeout: LIMIT }, async () => {
  const { schedule } = await failureOf(() => ({ threads: { ann: async () => new Promise(() => {}) } }))
  assert.equal(schedule.reason, 'ann awaits something that the checker does not control')
})

function twoInLock(): BuiltTest {
  const lock = new Lock()
  let inside = 0
  const body = async (): Promise<void> =>
    lock.with(async () => {
      assert.equal(++inside, 1)
      await sleep(10)
      inside--
    })
  return { threads: [body, body, () => lock.statistics()] }
}

void test('checks of tasks can be under way beside each other', { timeout: LIMIT }, async () => {
  const reports = await Promise.all([check(twoInLock), check(twoInLock), check(twoInLock)])
  assert.equal(new Set(reports.map(({ coverage }) => coverage)).size, 1)
  assert.match(reports[0].coverage, /^every interleaving: /)
})

void test('what else goes on meanwhile is left alone', { timeout: LIMIT }, async () => {
  const lock = new Lock()
  const guard = await lock.acquire()
  const checking = check(twoInLock)
  const outcome = lock.acquire({ timeout: 20 }).then(
    () => 'taken',
    (error: Error) => error.name,
  )
  assert.equal(await outcome, 'TimeoutError')
  guard.release()
  assert.ok((await checking).complete)
})
