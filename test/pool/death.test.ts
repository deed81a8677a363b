/** Whatever a worker dies of: the right futures settle, with an error that says so, and the pool serves the next call. */
import assert from 'node:assert/strict'
import { Worker } from 'node:worker_threads'
import { BrokenPoolError, CannotLoadError, CannotSendError, WorkerDiedError } from 'multitask'
import { unreachable } from '../fixtures/broken-module.ts'
import * as deadly from '../fixtures/deadly.ts'
import { square } from '../fixtures/tasks.ts'
import { poolCase } from './scope.ts'

const bun = 'Bun' in globalThis

/** The error of a promise that has to fail. */
async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new assert.AssertionError({ message: 'it did not fail' })
}

async function diedOf(promise: Promise<unknown>): Promise<WorkerDiedError> {
  const error = await errorOf(promise)
  assert.ok(error instanceof WorkerDiedError, String(error))
  return error
}

poolCase('process.exit() in a task fails that task with the exit code', {}, async pool => {
  const error = await diedOf(pool.submit(deadly.exit, 3))
  assert.equal(error.exitCode, 3)
  assert.match(error.message, /while it ran task exit\d?: exit code 3/)
  assert.equal(await pool.submit(square, 3), 9)
})

poolCase('an error in a timer that nobody catches is the cause of the failure', {}, async pool => {
  const error = await diedOf(pool.submit(deadly.throwInTimer, 'in a timer'))
  assert.match((error.cause as Error).message, /in a timer/)
  assert.equal(await pool.submit(square, 3), 9)
})

poolCase('a rejection that nobody looks at ends the task that runs', {}, async pool => {
  const error = await diedOf(pool.submit(deadly.rejectUnseen, 'unseen'))
  assert.match((error.cause as Error).message, /unseen/)
  assert.equal(await pool.submit(square, 3), 9)
})

poolCase(
  'a task that runs out of memory fails alone',
  { resourceLimits: { maxOldGenerationSizeMb: 24 }, skip: bun && 'Bun has no limit on the memory of a thread' },
  async pool => {
    const error = await diedOf(pool.submit(deadly.eatMemory))
    assert.match(error.message, /ran out of memory/)
    assert.equal(await pool.submit(square, 3), 9)
  },
)

poolCase('a module that fails to load fails each call that needs it, and no other', {}, async pool => {
  for (let i = 0; i < 3; i++) {
    const error = await errorOf(pool.submit(unreachable))
    assert.ok(error instanceof CannotLoadError, String(error))
    assert.match(error.message, /broken-module/)
    assert.match((error.cause as Error).message, /this module is broken/)
  }
  assert.equal(await pool.submit(square, 3), 9)
})

poolCase('an argument that cannot be sent is an error at the call', {}, async pool => {
  assert.throws(() => pool.submit(deadly.identity, { deep: [new WeakMap()] }), {
    name: 'CannotSendError',
    path: 'argument 1.deep[0]',
  })
  assert.equal(await pool.submit(square, 3), 9)
})

poolCase('a result that cannot be sent fails its call', {}, async pool => {
  const error = await errorOf(pool.submit(deadly.returnFunctionHolder))
  assert.ok(error instanceof CannotSendError, String(error))
  assert.equal(error.path, 'result.inner.when')
  assert.equal(await pool.submit(square, 3), 9)
})

poolCase('a worker that is killed from outside fails what it ran, and is replaced', {}, async (pool, gate) => {
  const workers: Worker[] = []
  // oxlint-disable-next-line typescript/unbound-method
  const { unref } = Worker.prototype
  Worker.prototype.unref = function (this: Worker): void {
    if (!workers.includes(this)) workers.push(this)
    unref.call(this)
  }
  try {
    await pool.submit(square, 2)
    while (workers.length === 0) await new Promise(resolve => setTimeout(resolve, 1))
    const running = pool.submit(deadly.never, gate.words)
    await gate.whenStarted(1)
    void workers[0]!.terminate()
    await diedOf(running)
    assert.equal(await pool.submit(square, 3), 9)
  } finally {
    Worker.prototype.unref = unref
  }
})

poolCase('calls that wait behind the one that kills its worker run in another', {}, async pool => {
  const dying = pool.submit(deadly.exit, 1)
  const others = Array.from({ length: 50 }, (_, i) => pool.submit(square, i))
  await diedOf(dying)
  assert.deepEqual(
    await Promise.all(others),
    Array.from({ length: 50 }, (_, i) => i * i),
  )
})

poolCase('large arguments of calls that had not started reach the next worker', {}, async pool => {
  const dying = pool.submit(deadly.exit, 1)
  const large = Array.from({ length: 8 }, (_, i) => pool.submit(deadly.identity, new Uint8Array(100_000).fill(i)))
  await diedOf(dying)
  for (const [i, array] of (await Promise.all(large)).entries()) {
    assert.equal((array as Uint8Array).length, 100_000)
    assert.equal((array as Uint8Array)[99_999], i)
  }
})

poolCase('one worker that dies takes nothing from the others', { maxWorkers: 2 }, async (pool, gate) => {
  const other = pool.submit(deadly.blockAtGate, gate.words, 'alive')
  await gate.whenStarted(1)
  await diedOf(pool.submit(deadly.exit, 1))
  gate.open()
  assert.equal(await other, 'alive')
})

poolCase('twenty workers in a row may die', { maxWorkers: 2 }, async pool => {
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, (_, i) => pool.submit(deadly.exit, i % 7)))
  for (const [i, outcome] of outcomes.entries()) {
    assert.equal(outcome.status, 'rejected')
    assert.equal((outcome.reason as WorkerDiedError).exitCode, i % 7)
  }
  assert.equal(await pool.submit(square, 3), 9)
})

poolCase('results that were sent before the worker died count', {}, async pool => {
  const results = Array.from({ length: 200 }, (_, i) => pool.submit(deadly.identity, { i, large: 'x'.repeat(i * 100) }))
  const dying = pool.submit(deadly.exit, 1)
  await diedOf(dying)
  for (const [i, result] of (await Promise.all(results)).entries()) assert.equal((result as { i: number }).i, i)
})

poolCase('DLK-12: a shutdown that waits for a worker that dies resolves', {}, async pool => {
  const dying = errorOf(pool.submit(deadly.exit, 1))
  const down = pool.shutdown()
  assert.ok((await dying) instanceof WorkerDiedError)
  await down
})

poolCase(
  'DLK-14: a worker that dies while large values are on their way hangs nobody',
  { maxWorkers: 2 },
  async pool => {
    const large = Array.from({ length: 20 }, () => pool.submit(deadly.identity, new Uint8Array(1 << 20)))
    const dying = Array.from({ length: 4 }, () => pool.submit(deadly.exit, 1))
    for (const error of await Promise.all(dying.map(errorOf))) assert.ok(error instanceof WorkerDiedError)
    for (const array of await Promise.all(large)) assert.equal((array as Uint8Array).length, 1 << 20)
  },
)

poolCase('a call with retries runs again in the next worker', {}, async (pool, gate) => {
  assert.equal(await pool.with({ retries: 1 }).submit(deadly.exitOnce, gate.words), 2)
})

poolCase('a map fails at the item whose worker died', {}, async pool => {
  const error = await errorOf(pool.with({ chunkSize: 1 }).map(deadly.exit, [5]).toArray())
  assert.ok(error instanceof WorkerDiedError)
  assert.equal(error.exitCode, 5)
})

for (const [what, initializer, cause] of [
  ['throws', deadly.failToStart, /no start/],
  ['ends the worker', deadly.exitAtStart, /ended before it was ready/],
] as const) {
  poolCase(
    `an initializer that ${what} breaks the pool: pending and later calls fail at once`,
    { maxWorkers: 2, initializer: initializer, initargs: ['no start'] as never },
    async pool => {
      const pending = Array.from({ length: 10 }, () => errorOf(pool.submit(square, 1)))
      for (const error of await Promise.all(pending)) {
        assert.ok(error instanceof BrokenPoolError, String(error))
        assert.match(`${error.message} ${String((error.cause as Error | undefined)?.message)}`, cause)
      }
      assert.ok((await errorOf(pool.submit(square, 1))) instanceof BrokenPoolError)
    },
  )
}
