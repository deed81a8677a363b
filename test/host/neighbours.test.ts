/** Processes that have the memory of a thing themselves, where there can be such: one more thread each, for all that it is. */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import {
  Barrier,
  BoundedSemaphore,
  Condition,
  Event,
  Lock,
  pipe,
  Process,
  ProcessPoolExecutor,
  RLock,
  Semaphore,
  SharedArray,
  SharedQueue,
  SharedValue,
  WorkerDiedError,
} from 'multitask'
import { until } from '../fixtures/gate.ts'
import * as tasks from '../fixtures/neighbour-tasks.ts'
import { LIMIT, twoProcesses as check } from './scope.ts'

/** Where there are none, what holds with stand-ins too is tried with these. */
const HAS_NEIGHBOURS = process.platform === 'linux' && !('Bun' in globalThis)

async function haveThings(pool: ProcessPoolExecutor): Promise<void> {
  const [end] = pipe()
  const things = [
    new Lock(),
    new RLock(),
    new Condition(),
    new Event(),
    new Semaphore(1),
    new BoundedSemaphore(1),
    new Barrier(2),
    new SharedQueue(),
    new SharedValue('i32'),
    new SharedArray('f64', 100_000),
    end,
  ]
  assert.deepEqual(
    await pool.submit(tasks.classesOf, ...things),
    things.map(thing => thing.constructor.name),
  )
}

check('a process has the things themselves', haveThings, !HAS_NEIGHBOURS)

for (const [what, use] of [
  ['puts into', tasks.putForEver],
  ['gets from', tasks.getForEver],
] as const) {
  check(`a queue goes on, whenever a process is killed that ${what} it`, async () => {
    const queue = new SharedQueue<number[]>(0, { bytes: 1024 })
    for (let i = 0; i < 8; i++) {
      const other = new Process(use, [queue]).start()
      for (let count = 0; count < 200 + 37 * i; count++) {
        if (use === tasks.getForEver) await queue.put([count])
        else assert.equal((await queue.get()).length, 3)
      }
      process.kill(other.pid!, 'SIGKILL')
      await assert.rejects(other.join(), WorkerDiedError)
      while (queue.size > 0) await queue.get()
      await queue.put([i])
      assert.deepEqual(await queue.get(), [i])
    }
  })
}

check('a message of any size crosses, in pieces if it is larger than the memory of the pipe', async pool => {
  const [here, there] = pipe<Uint8Array>()
  const sizes = [0, 1, 1000, 65_536, 3_000_000]
  const done = pool.submit(tasks.sendBack, there, sizes.length)
  for (const size of sizes) {
    const message = new Uint8Array(size).fill(size % 251)
    const sent = here.send(message)
    assert.deepEqual(await here.recv(), message)
    await sent
  }
  await done
})

check('a thread of a process is woken while it is blocked', async pool => {
  const [queue, begun] = [new SharedQueue<string>(), new Event()]
  const item = pool.submit(tasks.getInThread, queue, begun)
  await begun.wait()
  await queue.put('for a thread')
  assert.equal(await item, 'for a thread')
})

async function useWhatIsLeft(pool: ProcessPoolExecutor): Promise<void> {
  const { array, queue } = await pool.submit(tasks.make)
  await pool.shutdown()
  assert.deepEqual(array.slice(), [1, 2, 3])
  assert.equal(array.add(0, 5), 1)
  assert.equal(await queue.get(), 'from one that has ended')
  array.lock.acquireSync().release()
}

check('what a process has made is there when it has ended', useWhatIsLeft, !HAS_NEIGHBOURS)

check('an addition of two processes and this one is never lost', async pool => {
  const value = new SharedValue('i32')
  const others = [1, 2].map(() => pool.submit(tasks.countUp, value, value.lock as Lock, 5000))
  for (let i = 0; i < 5000; i++) {
    using _ = value.lock.acquireSync()
    value.value += 1
  }
  await Promise.all(others)
  assert.equal(value.value, 15_000)
})

check('a process blocks for what another gives, also when the thread has ended that first met one', async pool => {
  assert.equal(await pool.submit(tasks.outliveFirst), true)
})

check('when there is more than processes can share, the rest is used through this one', async pool => {
  const arrays = Array.from({ length: 600 }, () => new SharedArray('i32', 5000))
  const last = arrays.at(-1)!
  const lock = new Lock()
  const value = new SharedValue('i32')
  assert.equal(await pool.submit((array: SharedArray<'i32'>) => array.add(7, 5), last), 0)
  assert.equal(await pool.submit((array: SharedArray<'i32'>) => array.add(7, 5), arrays[0]!), 0)
  assert.deepEqual([last.load(7), arrays[0]!.load(7)], [5, 5])
  await pool.submit(tasks.countUp, value, lock, 10)
  assert.equal(value.value, 10)
})

void test('what lies side by side has its own bytes', () => {
  const locks = Array.from({ length: 20 }, () => new Lock())
  const queues = Array.from({ length: 20 }, () => new SharedQueue<number[]>(0, { bytes: 1024 }))
  const pipes = Array.from({ length: 20 }, () => pipe<string>({ bytes: 1024 }))
  const values = Array.from({ length: 20 }, (_, i) => new SharedArray('f64', [i, i + 0.5]))
  for (let round = 0; round < 30; round++) {
    queues.forEach((queue, i) => queue.tryPut([i, round]))
    pipes.forEach(([here], i) => here.sendSync(`${i} ${round}`))
    values.forEach(value => value.add(0, 1))
    locks.forEach(lock => lock.acquireSync().release())
    queues.forEach((queue, i) => assert.deepEqual(queue.tryGet(), [i, round]))
    pipes.forEach(([, there], i) => assert.equal(there.recvSync(), `${i} ${round}`))
  }
  values.forEach((value, i) => assert.deepEqual(value.slice(), [i + 30, i + 0.5]))
})

function filesOpen(): number {
  return readdirSync('/proc/self/fd').length
}

/** Collects garbage. Only Node lets a running program do so. */
function collector(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}

void test(
  'what is forgotten keeps no file open',
  { timeout: LIMIT, skip: !HAS_NEIGHBOURS || 'Deno' in globalThis },
  async () => {
    const collect = collector()
    const before = filesOpen()
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 200; i++) new SharedArray('i32', 20_000).set(0, i)
      for (let i = 0; i < 2000; i++) new Lock().acquireSync().release()
      await until(() => {
        collect()
        return filesOpen() < before + 50
      })
    }
  },
)
