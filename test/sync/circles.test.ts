/** Tasks that wait for each other's locks are told so, also while the event loop has other things to do. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Condition, createTask, DeadlockError, Lock, RLock, sleep, ThreadPoolExecutor, timeout } from 'multitask'
import { errorOf, LIMIT, virtually } from '../fixtures/virtual.ts'
import { followsCheaply } from '../../dist/platform/ambient.js'

// What keeps the loop alive: nothing here may depend on its being empty.
let server: ReturnType<typeof setInterval>
before(() => (server = setInterval(() => {}, 1000)))
after(() => clearInterval(server))

type AnyLock = Lock | RLock
const kinds = { Lock, RLock }

/** As two tasks that take the same two in opposite orders. */
async function both(first: AnyLock, second: AnyLock): Promise<string> {
  return first.with(async () => {
    await sleep(10)
    return second.with(() => 'both')
  })
}

/** The second is never given back. */
async function take(first: Lock, second: Lock): Promise<void> {
  const guard = await first.acquire()
  await sleep(10)
  await second.acquire()
  guard.release()
}

const use = (x: Lock, y: Lock): boolean => x.locked && y.locked

for (const [kind, Kind] of Object.entries(kinds)) {
  virtually(`${kind}: of two calls of with() in a circle the last one is told, and the other goes on`, async clock => {
    const [a, b] = [new Kind({ name: 'a' }), new Kind({ name: 'b' })]
    const one = createTask(() => both(a, b), { name: 'one' })
    const two = createTask(() => both(b, a), { name: 'two' })
    const error = (await errorOf(two)) as Error
    assert.ok(error instanceof DeadlockError)
    assert.deepEqual(error.message.split('\n'), [
      `to wait for the ${kind} "a" would never end:`,
      `  task "one" holds the ${kind} "a" and waits for the ${kind} "b"`,
      `  task "two" holds the ${kind} "b" and waits for the ${kind} "a"`,
    ])
    assert.equal(await one, 'both')
    assert.equal(clock.elapsed, 10)
    assert.deepEqual([a.locked, b.locked], [false, false])
  })

  virtually(`${kind}: three tasks that have acquired what the next one wants are told after a moment`, async clock => {
    const locks = ['a', 'b', 'c'].map(name => new Kind({ name }))
    const tasks = locks.map((lock, i) =>
      createTask(
        async () => {
          const first = await lock.acquire()
          await sleep(10)
          try {
            const second = await locks[(i + 1) % 3]!.acquire()
            second.release()
          } finally {
            first.release()
          }
          return 'both'
        },
        { name: lock.name.toUpperCase() },
      ),
    )
    const error = (await errorOf(tasks[2]!)) as Error
    assert.deepEqual(error.message.split('\n'), [
      `to wait for the ${kind} "a" would never end:`,
      `  task "A" holds the ${kind} "a" and waits for the ${kind} "b"`,
      `  task "B" holds the ${kind} "b" and waits for the ${kind} "c"`,
      `  task "C" holds the ${kind} "c" and waits for the ${kind} "a"`,
    ])
    assert.deepEqual(await Promise.all(tasks.slice(0, 2)), ['both', 'both'])
    assert.equal(clock.elapsed, 1010)
  })
}

virtually('a with() in a with() of the same Lock is told', async () => {
  const lock = new Lock({ name: 'own' })
  const task = createTask(() => lock.with(() => lock.with(() => 'never')), { name: 'greedy' })
  const error = (await errorOf(task)) as Error
  assert.deepEqual(error.message.split('\n'), [
    'to wait for the Lock "own" would never end:',
    '  task "greedy" holds the Lock "own" and waits for the Lock "own"',
  ])
  assert.equal(lock.locked, false)
})

test('outside of tasks calls of with() are told apart where that slows nothing else', LIMIT, async () => {
  const [a, b] = [new Lock({ name: 'a' }), new Lock({ name: 'b' })]
  const limit = followsCheaply ? undefined : { timeout: 50 }
  const one = a.with(async () => {
    await new Promise(resolve => setImmediate(resolve))
    return b.with(() => 'both')
  })
  const two = b.with(async () => {
    await new Promise(resolve => setImmediate(resolve))
    return a.with(() => 'both', limit)
  })
  const error = (await errorOf(two)) as Error
  assert.equal(error.name, followsCheaply ? 'DeadlockError' : 'TimeoutError')
  if (followsCheaply) assert.match(error.message, /a call of with\(\) holds the Lock "a" and waits for the Lock "b"/)
  assert.equal(await one, 'both')
})

virtually(
  'a wait that something will end closes no circle: a time limit, a signal, a timeout around it',
  async clock => {
    const limits: ((a: Lock) => Promise<unknown>)[] = [
      a => a.with(() => 'never', { timeout: 100 }),
      a => a.with(() => 'never', { signal: AbortSignal.abort(new Error('enough')) }),
      a => timeout(100, () => a.with(() => 'never')),
    ]
    for (const waitFor of limits) {
      const [a, b] = [new Lock(), new Lock()]
      const one = createTask(() => both(a, b))
      const two = createTask(() =>
        b.with(async () => {
          await sleep(10)
          return waitFor(a)
        }),
      )
      const error = await errorOf(two)
      assert.ok(!(error instanceof DeadlockError), String(error))
      assert.equal(await one, 'both')
    }
    assert.equal(clock.elapsed, 230)
  },
)

virtually('calls side by side in one task may wait for each other', async clock => {
  const lock = new Lock()
  let done = 0
  const work = async (): Promise<void> => {
    const guard = await lock.acquire()
    await sleep(5000)
    guard.release()
    done++
  }
  await createTask(() => Promise.all([work(), work(), work()]))
  assert.deepEqual([done, clock.elapsed], [3, 15_000])
})

virtually('a task that does two things at once is not taken for one that waits', async clock => {
  const [a, b, other] = [new Lock(), new Lock(), new Lock()]
  const two = createTask(async () => {
    const guard = await b.acquire()
    await sleep(20)
    const second = await a.acquire()
    second.release()
    guard.release()
  })
  const one = createTask(async () => {
    const guard = await a.acquire()
    await sleep(10)
    const waits = b.acquire()
    for (let i = 0; i < 5; i++) {
      await sleep(1000)
      await other.with(() => {})
    }
    guard.release()
    ;(await waits).release()
  })
  await Promise.all([one, two])
  assert.ok(clock.elapsed >= 5000)
})

virtually('a circle that somebody breaks within the moment is not told', async clock => {
  const [a, b] = [new Lock(), new Lock()]
  const tasks = [createTask(() => take(a, b)), createTask(() => take(b, a))]
  // Any task may give back a Lock.
  await sleep(500)
  a.release()
  await Promise.all(tasks)
  assert.equal(clock.elapsed, 500)
})

virtually('what a condition takes again is part of a circle, and somebody else is told', async () => {
  const lock = new Lock({ name: 'lock' })
  const other = new Lock({ name: 'other' })
  const changed = new Condition(lock)
  const waits = createTask(() =>
    other.with(async () => {
      const guard = await lock.acquire()
      await changed.wait()
      guard.release()
      return 'notified'
    }),
  )
  const notifies = createTask(async () => {
    await sleep(10)
    return lock.with(() => {
      changed.notify()
      return other.with(() => 'never')
    })
  })
  assert.equal(((await errorOf(notifies)) as Error).name, 'DeadlockError')
  assert.equal(await waits, 'notified')
})

test('tasks in a circle of locks that other threads have too are told', LIMIT, async () => {
  const pool = new ThreadPoolExecutor({ maxWorkers: 1 })
  const [a, b] = [new Lock({ name: 'a' }), new Lock({ name: 'b' })]
  await pool.submit(use, a, b)
  const one = createTask(() => both(a, b))
  const two = createTask(() => both(b, a))
  assert.equal(((await errorOf(two)) as Error).name, 'DeadlockError')
  assert.equal(await one, 'both')
  await pool.shutdown()
})
