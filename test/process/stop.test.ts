/** Calls in processes stop as those in threads do, and what waits behind a long one is not stuck there. */
import assert from 'node:assert/strict'
import { CancelledError, TimeoutError, UnsupportedError, ThreadLocal } from 'multitask'
import * as tasks from '../fixtures/process-tasks.ts'
import { square } from '../fixtures/tasks.ts'
import { processCase } from './scope.ts'

processCase('a loop that never awaits sees that it was asked to stop', {}, async (pool, gate) => {
  const pid = await pool.submit(tasks.pidOf)
  const controller = new AbortController()
  const future = pool.with({ signal: controller.signal, grace: 60_000 }).submit(tasks.spinPolitely, gate.words)
  await gate.whenStarted(1)
  controller.abort('enough')
  await assert.rejects(future, { name: 'CancelledError', cause: 'enough' })
  assert.equal(gate.finished, 1)
  assert.equal(await pool.submit(tasks.pidOf), pid)
})

processCase('a loop that never looks up is ended with its process, on every runtime', {}, async (pool, gate) => {
  const pid = await pool.submit(tasks.pidOf)
  await assert.rejects(pool.with({ timeout: 50, grace: 50 }).submit(tasks.spin, gate.words), TimeoutError)
  assert.notEqual(await pool.submit(tasks.pidOf), pid)
})

processCase(
  'calls behind a long one come back: they can be cancelled, and the long one goes on',
  {},
  async (pool, gate) => {
    await Promise.all(Array.from({ length: 3000 }, (_, n) => pool.submit(square, n)))
    const controller = new AbortController()
    const blocked = pool.submit(tasks.blockAtGate, gate.words, 1)
    const stoppable = pool.with({ signal: controller.signal, grace: 0 })
    const others = Array.from({ length: 20 }, (_, n) => stoppable.submit(tasks.countAndReturn, gate.words, n))
    await gate.whenStarted(1)
    controller.abort()
    for (const other of others) await assert.rejects(other, CancelledError)
    assert.equal(blocked.done(), false)
    const late = pool.submit(tasks.countAndReturn, gate.words, 5)
    assert.equal(late.running(), false)
    assert.equal(late.cancel(), true)
    gate.open()
    assert.equal(await blocked, 1)
    assert.equal(await pool.submit(square, 2), 4)
    assert.equal(gate.finished, 0)
  },
)

processCase('calls behind a long one go to another process', { maxWorkers: 2 }, async (pool, gate) => {
  await Promise.all(Array.from({ length: 3000 }, (_, n) => pool.submit(square, n)))
  const blocked = pool.submit(tasks.blockAtGate, gate.words, 1)
  const others = Array.from({ length: 200 }, (_, n) => pool.submit(tasks.countAndReturn, gate.words, n))
  assert.deepEqual(
    await Promise.all(others),
    others.map((_, n) => n),
  )
  assert.equal(gate.finished, 200)
  assert.equal(blocked.done(), false)
})

processCase('what only shares memory is refused at the call', {}, async pool => {
  assert.throws(() => pool.submit(square, new ThreadLocal() as never), {
    name: 'CannotSendError',
    message: /it is a ThreadLocal, of which no bytes can be made\n {2}hint: it can go to threads/,
  })
  assert.throws(() => pool.submit(square, new Int32Array(new SharedArrayBuffer(4)) as never), {
    name: 'CannotSendError',
  })
  assert.equal(await pool.submit(square, 2), 4)
})

processCase('nobody can be blocked for what comes through the event loop', {}, async pool => {
  const future = pool.submit(square, 3)
  assert.throws(() => future.resultSync(), UnsupportedError)
  assert.equal(await future, 9)
  assert.equal(future.resultSync(), 9)
})
