/** Waiting for a future without awaiting it. */
import assert from 'node:assert/strict'
import { TimeoutError, WorkerDiedError } from 'multitask'
import * as deadly from '../fixtures/deadly.ts'
import { fail, passGate, square } from '../fixtures/tasks.ts'
import { poolCase } from './scope.ts'

poolCase('resultSync blocks until the result is there, from the very first call on', {}, async pool => {
  assert.equal(pool.submit(square, 5).resultSync(), 25)
  assert.equal(pool.submit(square, 6).resultSync({ timeout: 10_000 }), 36)
  assert.equal(await pool.submit(square, 7), 49)
})

poolCase('resultSync brings large values', {}, async pool => {
  const array = pool.submit(deadly.identity, new Uint8Array(300_000).fill(7)).resultSync() as Uint8Array
  assert.equal(array.length, 300_000)
  assert.equal(array[299_999], 7)
})

poolCase('resultSync throws the error of the call', {}, async pool => {
  assert.throws(() => pool.submit(fail, 'no').resultSync(), { name: 'TypeError', message: 'no' })
})

poolCase('resultSync gives up when its time is up; the call goes on', {}, async (pool, gate) => {
  const future = pool.submit(passGate, gate.words, 1)
  assert.throws(() => future.resultSync({ timeout: 0 }), TimeoutError)
  assert.throws(() => future.resultSync({ timeout: 5 }), TimeoutError)
  gate.open()
  assert.equal(await future, 1)
})

poolCase('resultSync does not hang when the worker ends meanwhile', {}, async pool => {
  const future = pool.submit(deadly.exit, 6)
  assert.throws(
    () => future.resultSync(),
    error => error instanceof WorkerDiedError && error.exitCode === 6,
  )
  assert.equal(await pool.submit(square, 3), 9)
})

poolCase('several results can be waited for in any order', { maxWorkers: 2 }, async pool => {
  const futures = Array.from({ length: 20 }, (_, i) => pool.submit(square, i))
  for (let i = 19; i >= 0; i--) assert.equal(futures[i]!.resultSync(), i * i)
})
