/** What is moved to a worker has left this thread: its call cannot be taken back and given to another. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ThreadPoolExecutor, transfer } from 'multitask'
import { Gate } from '../fixtures/gate.ts'
import { passGate } from '../fixtures/tasks.ts'

const LIMIT = { timeout: 30_000 }

function moved(executor: ThreadPoolExecutor, length: number): Promise<number> {
  return executor.submit((bytes: Uint8Array) => bytes.length, transfer(new Uint8Array(length)))
}

function fails(bytes: Uint8Array): never {
  throw new RangeError(`tried with ${bytes.length} bytes`)
}

test('calls with moved values do not wait behind a call that blocks, while another worker is free', LIMIT, async () => {
  await using executor = new ThreadPoolExecutor({ maxWorkers: 2 })
  const gate = new Gate()
  const blocked = executor.submit(passGate, gate.words, 1)
  await gate.whenStarted(1)
  const calls = Array.from({ length: 20 }, (_, i) => moved(executor, 1000 + i))
  const others = Array.from({ length: 20 }, (_, i) => executor.submit((n: number) => n, i))
  assert.deepEqual(
    await Promise.all(calls),
    Array.from({ length: 20 }, (_, i) => 1000 + i),
  )
  assert.equal((await Promise.all(others)).length, 20)
  assert.equal(blocked.done(), false)
  gate.open()
  await blocked
})

test('a call with moved values waits for a worker, and is cancelled while it waits', LIMIT, async () => {
  await using executor = new ThreadPoolExecutor({ maxWorkers: 1 })
  const gate = new Gate()
  const blocked = executor.submit(passGate, gate.words, 1)
  await gate.whenStarted(1)
  const first = executor.submit((bytes: Uint8Array) => bytes.length, transfer(new Uint8Array(10)))
  const second = moved(executor, 20)
  assert.equal(first.cancel(), true)
  gate.open()
  assert.equal(await blocked, 1)
  assert.equal(await second, 20)
})

test('a call with moved values is not tried again: they are gone', LIMIT, async () => {
  await using executor = new ThreadPoolExecutor({ maxWorkers: 1 })
  const again = executor.with({ retries: 3 })
  await assert.rejects(again.submit(fails, transfer(new Uint8Array(10))), { message: 'tried with 10 bytes' })
})
