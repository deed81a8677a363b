/** A stop that stops: first asked, then, after the grace period, by the end of the worker. Never just a promise let go. */
import assert from 'node:assert/strict'
import { CancelledError, TimeoutError } from 'multitask'
import * as deadly from '../fixtures/deadly.ts'
import { passGate, square, untilAborted, valueWhenAborted } from '../fixtures/tasks.ts'
import { until } from '../fixtures/gate.ts'
import { poolCase } from './scope.ts'

const deno = 'Deno' in globalThis

poolCase('a busy loop is ended by its signal, and the pool goes on', {}, async (pool, gate) => {
  const controller = new AbortController()
  const future = pool.with({ signal: controller.signal, grace: 20 }).submit(deadly.spin, gate.words)
  await gate.whenStarted(1)
  controller.abort(new Error('enough'))
  await assert.rejects(future, error => {
    assert.ok(error instanceof CancelledError)
    assert.equal((error.cause as Error).message, 'enough')
    return true
  })
  assert.equal(future.cancelled(), true)
  assert.equal(await pool.submit(square, 3), 9)
})

poolCase('a promise that never settles is ended by its timeout', {}, async (pool, gate) => {
  const future = pool.with({ timeout: 10, grace: 10 }).submit(deadly.never, gate.words)
  await assert.rejects(future, {
    name: 'TimeoutError',
    message: deno
      ? /^task never\d? ran longer than 10 ms; if it is busy it goes on, as Deno .* cannot end its thread$/
      : /^task never\d? ran longer than 10 ms$/,
  })
  assert.equal(await pool.submit(square, 3), 9)
})

poolCase('a task that obeys its signal keeps its worker', {}, async (pool, gate) => {
  const thread = await pool.submit(deadly.threadOf)
  const controller = new AbortController()
  const future = pool.with({ signal: controller.signal, grace: 60_000 }).submit(untilAborted, gate.words)
  await gate.whenStarted(1)
  controller.abort()
  await assert.rejects(future, CancelledError)
  assert.equal(gate.finished, 1)
  assert.equal(await pool.submit(deadly.threadOf), thread)
})

poolCase('a busy loop that looks for cancellation sees it, and keeps its worker', {}, async (pool, gate) => {
  const thread = await pool.submit(deadly.threadOf)
  const controller = new AbortController()
  const future = pool.with({ signal: controller.signal, grace: 60_000 }).submit(deadly.spinPolitely, gate.words)
  await gate.whenStarted(1)
  controller.abort()
  await assert.rejects(future, CancelledError)
  assert.equal(gate.finished, 1)
  assert.equal(await pool.submit(deadly.threadOf), thread)
})

poolCase('a call that was asked to stop and returns a value all the same is stopped', {}, async (pool, gate) => {
  const controller = new AbortController()
  const future = pool.with({ signal: controller.signal, grace: 60_000 }).submit(valueWhenAborted, gate.words)
  await gate.whenStarted(1)
  controller.abort()
  await assert.rejects(future, CancelledError)
})

poolCase('the time of a call is not the time that it waits for a worker', {}, async (pool, gate) => {
  const first = pool.submit(passGate, gate.words, 1)
  const second = pool.with({ timeout: 5_000 }).submit(square, 4)
  const brief = pool.with({ timeout: 30 }).submit(square, 5)
  await gate.whenStarted(1)
  const began = performance.now()
  await until(() => performance.now() - began > 60)
  gate.open()
  assert.deepEqual(await Promise.all([first, second, brief]), [1, 16, 25])
})

poolCase('a deadline also ends the waiting', {}, async (pool, gate) => {
  const first = pool.submit(passGate, gate.words, 1)
  await gate.whenStarted(1)
  await assert.rejects(pool.with({ deadline: Date.now() + 5 }).submit(square, 4), TimeoutError)
  await assert.rejects(pool.with({ deadline: Date.now() - 5 }).submit(square, 4), TimeoutError)
  gate.open()
  assert.equal(await first, 1)
})

poolCase('a signal that is aborted already runs nothing', {}, async (pool, gate) => {
  const future = pool.with({ signal: AbortSignal.abort() }).submit(passGate, gate.words, 1)
  await assert.rejects(future, CancelledError)
  assert.equal(await pool.submit(square, 3), 9)
  assert.equal(gate.started, 0)
})

poolCase('calls in the ring of a worker that is stopped run elsewhere', {}, async (pool, gate) => {
  const controller = new AbortController()
  const stopped = pool.with({ signal: controller.signal, grace: 5 }).submit(deadly.spin, gate.words)
  const others = Array.from({ length: 20 }, (_, i) => pool.submit(square, i))
  await gate.whenStarted(1)
  controller.abort()
  await assert.rejects(stopped, CancelledError)
  assert.equal((await Promise.all(others)).length, 20)
})

poolCase('ten thousand calls share a signal without a warning', { maxWorkers: 2 }, async (pool, gate) => {
  const warnings: string[] = []
  const listen = (warning: Error): void => void warnings.push(warning.message)
  process.on('warning', listen)
  const controller = new AbortController()
  const view = pool.with({ signal: controller.signal, grace: 60_000 })
  const blocked = [view.submit(untilAborted, gate.words), view.submit(untilAborted, gate.words)]
  await gate.whenStarted(2)
  const futures = Array.from({ length: 10_000 }, (_, i) => view.submit(square, i))
  controller.abort()
  const outcomes = await Promise.allSettled([...blocked, ...futures])
  assert.ok(outcomes.every(({ status }) => status === 'rejected'))
  await new Promise(resolve => setImmediate(resolve))
  process.off('warning', listen)
  assert.deepEqual(warnings, [])
})

poolCase('a timeout that is over retries the call while there are retries', {}, async (pool, gate) => {
  const future = pool.with({ timeout: 10, grace: 5, retries: 2 }).submit(deadly.never, gate.words)
  await assert.rejects(future, TimeoutError)
  assert.equal(gate.started, 3)
})

poolCase(
  'nothing is left of a busy thread that was stopped',
  { skip: deno && 'Deno cannot stop a busy thread: it goes on until the program ends' },
  async (pool, gate) => {
    await assert.rejects(pool.with({ timeout: 5, grace: 5 }).submit(deadly.spin, gate.words), TimeoutError)
    await until(() => pool.statistics().workers === 0)
  },
)
