/** Threads that use a SharedQueue may be killed: nothing waits for ever, and no more is lost than they had in hand. */
import assert from 'node:assert/strict'
import { CancelledError, InvalidStateError, QueueEmpty, SharedQueue, type ThreadPoolExecutor } from 'multitask'
import { casesWithDeaths, casesWithThreads } from '../conformance/sync-cases.ts'
import { until } from '../fixtures/gate.ts'
import * as tasks from '../fixtures/queue-tasks.ts'
import { bulk, type Way } from '../fixtures/queue-tasks.ts'

const check = casesWithDeaths('SharedQueue')
const checkAlive = casesWithThreads('SharedQueue')
const WAYS: readonly Way[] = ['blocks', 'awaits']

/** How much the machine is made to work: 1, or more before a release. */
const STRESS = Number(process.env['MULTITASK_STRESS'] ?? 1)

/** A call, and how to kill the thread that runs it. */
function killable<R>(
  pool: ThreadPoolExecutor,
  work: unknown,
  ...args: unknown[]
): { kill: () => Promise<void>; end: Promise<R> } {
  const controller = new AbortController()
  const end = pool.with({ signal: controller.signal, grace: 0 }).submit(work as never, ...(args as [])) as Promise<R>
  end.catch(() => {})
  const kill = async (): Promise<void> => {
    controller.abort()
    await assert.rejects(end, CancelledError)
  }
  return { kill, end }
}

/** Whether the beginning of a long item is there, or was taken by a reader who waits for the rest. */
function beginningOf(queue: SharedQueue<unknown>): 'there' | 'taken' {
  try {
    queue.tryGet()
  } catch (error) {
    if (error instanceof InvalidStateError) return 'there'
    if (error instanceof QueueEmpty) return 'taken'
  }
  throw new Error('there is an item')
}

for (const way of WAYS) {
  check(`a consumer that ${way} and is killed while it waits takes nothing along`, async ({ pool }) => {
    const queue = new SharedQueue<unknown>()
    const gone = killable(pool, tasks.getOne, queue, way)
    await until(() => pool.statistics().busy === 1)
    const other = pool.submit(tasks.getOne, queue, way)
    await until(() => pool.statistics().busy === 2)
    await gone.kill()
    await queue.put('item')
    assert.equal(await other, 'item')
  })

  check(`a producer that ${way} and is killed while it waits has put nothing`, async ({ pool }) => {
    const queue = new SharedQueue<unknown>(1)
    await queue.put('first')
    const gone = killable(pool, tasks.putOne, queue, way, 'gone')
    await until(() => pool.statistics().busy === 1)
    const other = pool.submit(tasks.putOne, queue, way, 'other')
    await until(() => pool.statistics().busy === 2)
    await gone.kill()
    assert.equal(await queue.get(), 'first')
    assert.equal(await other, 'put')
    assert.deepEqual([await queue.get(), queue.size], ['other', 0])
  })

  check(`a consumer that ${way} and is killed in the middle of a long item loses that one`, async ({ pool, gate }) => {
    const queue = new SharedQueue<unknown>(0, { bytes: 1024 })
    const putting = pool.submit(tasks.putAndStall, queue, gate.words, 10_000)
    await gate.whenStarted(1)
    assert.equal(beginningOf(queue), 'there')
    const gone = killable(pool, tasks.getOne, queue, way)
    await until(() => beginningOf(queue) === 'taken')
    const other = pool.submit(tasks.getOne, queue, way)
    await gone.kill()
    gate.open()
    assert.equal(await putting, 'put')
    await queue.put('next')
    assert.equal(await other, 'next')
    assert.deepEqual([queue.size, queue.empty], [0, true])
  })

  check(
    `a producer that is killed in the middle of a long item has not put it; consumers that ${way} go on`,
    async scene => {
      const { pool, gate } = scene
      const queue = new SharedQueue<unknown>(0, { bytes: 1024 })
      const gone = killable(pool, tasks.putAndStall, queue, gate.words, 10_000)
      await gate.whenStarted(1)
      const waiting = pool.submit(tasks.getOne, queue, way)
      await until(() => beginningOf(queue) === 'taken')
      const other = pool.submit(tasks.putOne, queue, way, 'other')
      await gone.kill()
      assert.deepEqual([await other, await waiting], ['put', 'other'])
      assert.deepEqual([queue.size, queue.empty], [0, true])
    },
  )
}

check('a producer that ends in the middle of a long item that nobody reads leaves its room', async ({ pool }) => {
  const queue = new SharedQueue<unknown>(0, { bytes: 1024 })
  await queue.put('before')
  await assert.rejects(async () => pool.submit(tasks.putAndExit, queue, 10_000))
  await queue.put(bulk(600, 2))
  assert.deepEqual([await queue.get(), await queue.get()], ['before', bulk(600, 2)])
  assert.equal(queue.size, 0)
})

checkAlive(
  'a get that has the beginning of a long item waits for its end, whatever the time and the signal',
  async scene => {
    const { pool, gate } = scene
    for (const way of WAYS) {
      const queue = new SharedQueue<unknown>(0, { bytes: 1024 })
      const putting = pool.submit(tasks.putAndStall, queue, gate.words, 10_000)
      await until(() => queue.statistics().getters === 0 && !isEmptyRing(queue))
      const got = pool.submit(tasks.getOne, queue, way, 1)
      await until(() => beginningOf(queue) === 'taken')
      gate.open()
      assert.deepEqual(await got, bulk(10_000, 1))
      assert.equal(await putting, 'put')
    }
  },
)

check('threads that are killed at random lose no more than they had in hand', async ({ pool }) => {
  const enough = 4 * STRESS
  const book = new Int32Array(new SharedArrayBuffer(400_000 * STRESS))
  const next = new Int32Array(new SharedArrayBuffer(4))
  const queue = new SharedQueue<Int32Array>(20, { bytes: 4096 })
  const kills = { producers: 0, consumers: 0 }
  const isEnough = (): boolean => kills.producers >= enough && kills.consumers >= enough
  const lane = async (kind: 'producers' | 'consumers', way: Way): Promise<void> => {
    for (;;) {
      const { kill, end } = killable<void>(
        pool,
        kind === 'producers' ? tasks.produce : tasks.consume,
        queue,
        way,
        book,
        next,
      )
      const before = next[0]!
      // Each lives for some items.
      await Promise.race([end, until(() => isEnough() || next[0]! - before > 20 + Math.random() * 200)])
      if (isEnough() || next[0]! >= book.length) return end
      kills[kind]++
      await kill()
    }
  }
  const producers = WAYS.map(way => lane('producers', way))
  const consumers = WAYS.map(way => lane('consumers', way))
  await until(isEnough)
  const made = Atomics.exchange(next, 0, book.length)
  await Promise.all(producers)
  await until(() => queue.size === 0)
  queue.shutdown()
  await Promise.all(consumers)
  let [lost, twice, notPut] = [0, 0, 0]
  for (const entry of book.subarray(0, made)) {
    const received = entry >> 2
    if (received > 1) twice++
    if ((entry & tasks.PUT) === 0) notPut++
    else if (received === 0) lost++
  }
  assert.equal(twice, 0)
  assert.ok(lost <= kills.consumers, `${lost} lost, and ${kills.consumers} consumers were killed`)
  assert.ok(notPut <= kills.producers, `${notPut} not put, and ${kills.producers} producers were killed`)
})

function isEmptyRing(queue: SharedQueue<unknown>): boolean {
  return beginningOf(queue) === 'taken'
}
