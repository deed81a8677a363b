import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { attachHook, load, notify, type Operation, sharedWords, store } from '../../dist/memory/atomics.js'
import { performNow } from '../../dist/memory/perform.js'
import { parkAsync, parkSync } from '../../dist/memory/park.js'

test('a park on a word that has another value does not wait', async () => {
  const words = sharedWords(1)
  assert.equal(parkSync(words, 0, 1), true)
  assert.equal(await parkAsync(words, 0, 1), true)
})

test('a timeout of 0 polls, and says so', async () => {
  const words = sharedWords(1)
  assert.equal(parkSync(words, 0, 0, 0), false)
  assert.equal(await parkAsync(words, 0, 0, { timeout: 0 }), false)
})

test('a task goes on after store and notify', { timeout: 10_000 }, async () => {
  const words = sharedWords(1)
  const waiting = parkAsync(words, 0, 0)
  store(words, 0, 1)
  notify(words, 0, 1)
  assert.equal(await waiting, true)
})

test('a blocked thread wakes the one that awaits, and the other way round', { timeout: 30_000 }, async () => {
  const words = sharedWords(2)
  const worker = new Worker(new URL('../fixtures/ping-pong.ts', import.meta.url), { workerData: words })
  for (let round = 1; round <= 1000; round++) {
    store(words, 0, round)
    notify(words, 0, 1)
    while (load(words, 1) !== round) await parkAsync(words, 1, round - 1)
  }
  await worker.terminate()
})

test('an aborted wait ends with the reason of the signal', { timeout: 10_000 }, async () => {
  const words = sharedWords(1)
  const controller = new AbortController()
  const waiting = parkAsync(words, 0, 0, { signal: controller.signal })
  controller.abort(new Error('enough'))
  await assert.rejects(waiting, /enough/)
  await assert.rejects(parkAsync(words, 0, 0, { signal: controller.signal }), /enough/)
})

test('what reaches a waiter that was aborted goes on to the next', { timeout: 10_000 }, async () => {
  const words = sharedWords(1)
  const controller = new AbortController()
  const aborted = parkAsync(words, 0, 0, { signal: controller.signal })
  const patient = parkAsync(words, 0, 0)
  controller.abort(new Error('enough'))
  await assert.rejects(aborted, /enough/)
  // One notify for one waiter: it goes to the first in line, which has given up.
  notify(words, 0, 1)
  assert.equal(await patient, true)
})

test('a program whose only work is a wait stays alive until it is woken', { timeout: 20_000 }, async () => {
  const file = fileURLToPath(new URL('../fixtures/programs/only-waits.ts', import.meta.url))
  const args = 'Deno' in globalThis ? ['run', '-A', file] : [file]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  for await (const piece of child.stdout) output += String(piece)
  assert.equal(output.trim(), 'woken')
})

test('the hook sees every operation, and nothing once it is taken away', () => {
  const words = sharedWords(1)
  const seen: (Operation | 'wait')[] = []
  attachHook({
    plays: false,
    perform(operation, cells, index, a, b) {
      seen.push(operation)
      return performNow(operation, cells, index, a, b)
    },
    wait(cells, index, value, timeout) {
      seen.push('wait')
      return Atomics.wait(cells, index, value, timeout)
    },
    allocate: bytes => new SharedArrayBuffer(bytes),
    beginWait: () => {},
  })
  store(words, 0, 1)
  load(words, 0)
  parkSync(words, 0, 0)
  attachHook(undefined)
  load(words, 0)
  assert.deepEqual(seen, ['store', 'load', 'wait'])
})
