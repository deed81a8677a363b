/** Whatever a process dies of: the call that it ran fails, with an error that says so, and the pool goes on. */
import assert from 'node:assert/strict'
import { BrokenPoolError, WorkerDiedError } from 'multitask'
import * as deadly from '../fixtures/deadly.ts'
import { unreachable } from '../fixtures/deadly-module.ts'
import * as tasks from '../fixtures/process-tasks.ts'
import { square } from '../fixtures/tasks.ts'
import { processCase } from './scope.ts'

async function diedOf(promise: Promise<unknown>): Promise<WorkerDiedError> {
  try {
    await promise
  } catch (error) {
    assert.ok(error instanceof WorkerDiedError, String(error))
    return error
  }
  throw new assert.AssertionError({ message: 'it did not fail' })
}

processCase(
  'PPE-01, PPE-03: a killed process fails the call that it ran, with the signal, and no other',
  {},
  async pool => {
    const [killed, next] = [pool.submit(tasks.killItself, 'SIGKILL'), pool.submit(square, 3)]
    const error = await diedOf(killed)
    assert.equal(error.exitCode, -9)
    assert.match(error.message, /while it ran task killItself\d?: killed by SIGKILL/)
    assert.equal(await next, 9)
  },
)

processCase('a process that aborts, or exits, fails its call with the code', {}, async pool => {
  assert.ok((await diedOf(pool.submit(tasks.abort))).exitCode !== 0)
  assert.equal((await diedOf(pool.submit(deadly.exit, 3))).exitCode, 3)
  assert.equal(await pool.submit(square, 3), 9)
})

processCase('an error that nobody catches is the cause of the failure', {}, async pool => {
  const error = await diedOf(pool.submit(deadly.throwInTimer, 'in a timer'))
  assert.match((error.cause as Error).message, /in a timer/)
  const unseen = await diedOf(pool.submit(deadly.rejectUnseen, 'unseen'))
  assert.match((unseen.cause as Error).message, /unseen/)
  assert.equal(await pool.submit(square, 3), 9)
})

if (!('Bun' in globalThis)) {
  processCase(
    'a call that runs out of memory fails alone',
    { resourceLimits: { maxOldGenerationSizeMb: 64 }, maxWorkers: 2 },
    async pool => {
      const [hungry, other] = [pool.submit(deadly.eatMemory), pool.submit(square, 2)]
      await diedOf(hungry)
      assert.equal(await other, 4)
      assert.equal(await pool.submit(square, 3), 9)
    },
  )
}

processCase('a process that is killed while it imports a module fails the call that needs it', {}, async pool => {
  assert.equal((await diedOf(pool.submit(unreachable))).exitCode, -9)
  assert.equal(await pool.submit(square, 3), 9)
})

processCase('DLK-14: a process that is killed while it sends a large result fails the call', {}, async pool => {
  assert.equal((await diedOf(pool.submit(tasks.dieWhileAnswering, 64))).exitCode, -9)
  assert.equal(await pool.submit(square, 3), 9)
})

processCase(
  'DLK-14: a process that is killed while large arguments are on their way fails the call',
  {},
  async pool => {
    const pid = await pool.submit(tasks.pidOf)
    const future = pool.submit(deadly.identity, new Uint8Array(64 << 20))
    setImmediate(() => process.kill(pid, 'SIGKILL'))
    await diedOf(future)
    assert.equal(await pool.submit(square, 3), 9)
  },
)

processCase('an initializer that fails breaks the pool', { initializer: tasks.failToStart }, async pool => {
  await assert.rejects(pool.submit(square, 1), (error: unknown) => {
    assert.ok(error instanceof BrokenPoolError)
    assert.match((error.cause as Error).message, /not today/)
    return true
  })
})

processCase('a process that is killed at its start breaks the pool', { initializer: tasks.dieAtStart }, async pool => {
  await assert.rejects(pool.submit(square, 1), {
    name: 'BrokenPoolError',
    message: /before it was ready \(killed by SIGKILL\)/,
  })
})

processCase('retries run a call again whose process was killed', {}, async (pool, gate) => {
  const future = pool.with({ retries: 1 }).submit(deadly.exitOnce, gate.words)
  assert.equal(await future, 2)
})

processCase('of calls that were sent ahead, only the one that ran fails with its process', {}, async (pool, gate) => {
  await Promise.all(Array.from({ length: 3000 }, (_, n) => pool.submit(square, n)))
  const pid = await pool.submit(tasks.pidOf)
  const blocked = pool.submit(tasks.blockAtGate, gate.words, 1)
  const others = Array.from({ length: 20 }, (_, n) => pool.submit(tasks.countAndReturn, gate.words, n))
  await gate.whenStarted(1)
  process.kill(pid, 'SIGKILL')
  await diedOf(blocked)
  assert.deepEqual(
    await Promise.all(others),
    others.map((_, n) => n),
  )
  assert.equal(gate.finished, 20)
})
