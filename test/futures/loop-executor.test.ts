/** What is special about the executor of this event loop. What it shares with others is in conformance/loop.test.ts. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CancelledError, currentTask, InvalidStateError, LoopExecutor, TimeoutError, UnsupportedError } from 'multitask'
import { Gate } from '../fixtures/gate.ts'
import { passGate, untilAborted } from '../fixtures/tasks.ts'

const timeout = 20_000

test('arguments and results are the very objects', async () => {
  const executor = new LoopExecutor()
  const object = {}
  assert.equal(await executor.submit((value: object) => value, object), object)
  let captured = 0
  await executor.submit(() => captured++)
  assert.equal(captured, 1)
})

test('a call starts behind the code that submits it', async () => {
  const executor = new LoopExecutor()
  const order: string[] = []
  const future = executor.submit(() => order.push('call'))
  order.push('submitted')
  await future
  assert.deepEqual(order, ['submitted', 'call'])
})

test('currentTask() outside of a task is an InvalidStateError', () => {
  assert.throws(() => currentTask(), {
    name: 'InvalidStateError',
    message: 'currentTask() was called outside of a task of an executor',
  })
})

test('each of many calls at the same time sees its own task, also after an await', { timeout }, async () => {
  const executor = new LoopExecutor({ maxWorkers: 10 })
  const names = Array.from({ length: 10 }, (_, n) => `call ${n}`)
  const seen = await Promise.all(
    names.map(name =>
      executor.with({ name }).submit(async () => {
        const before = currentTask().name
        await new Promise(resolve => setTimeout(resolve, 1))
        return [before, currentTask().name]
      }),
    ),
  )
  assert.deepEqual(
    seen,
    names.map(name => [name, name]),
  )
})

test('a task is asked to stop by throwIfCancelled, and by its signal with the same reason', { timeout }, async () => {
  const executor = new LoopExecutor()
  const controller = new AbortController()
  let reason: unknown
  const future = executor.with({ signal: controller.signal }).submit(async () => {
    const task = currentTask()
    assert.doesNotThrow(() => task.throwIfCancelled())
    controller.abort('enough')
    assert.throws(() => task.throwIfCancelled(), CancelledError)
    reason = task.signal.reason
    await Promise.resolve()
    task.throwIfCancelled()
  })
  await assert.rejects(future, (error: unknown) => error === reason)
  assert.equal((reason as Error).cause, 'enough')
})

test('a function that fails with an AbortError because its signal aborted is cancelled', { timeout }, async () => {
  const executor = new LoopExecutor()
  const controller = new AbortController()
  const future = executor.with({ signal: controller.signal }).submit(async () => {
    controller.abort()
    throw new DOMException('aborted', 'AbortError')
  })
  await assert.rejects(future, CancelledError)
  const other = executor.submit(async () => {
    throw new DOMException('of its own', 'AbortError')
  })
  await assert.rejects(other, { name: 'AbortError' })
})

test('a function that blocks the loop for longer than its time is late all the same', { timeout }, async () => {
  const executor = new LoopExecutor()
  await assert.rejects(executor.with({ timeout: 5 }).submit(block), TimeoutError)
  await assert.rejects(executor.with({ deadline: Date.now() + 20 }).submit(block), TimeoutError)
})

test('a call of the loop cannot be blocked for', { timeout }, async () => {
  const executor = new LoopExecutor()
  const gate = new Gate()
  const future = executor.submit(passGate, gate.words, 1)
  assert.throws(() => future.resultSync(), {
    name: 'UnsupportedError',
    message: 'cannot block for task passGate: it runs on this event loop, which would stand still',
  })
  assert.throws(() => future.resultSync({ timeout: 10 }), UnsupportedError)
  assert.throws(() => future.resultSync({ timeout: 0 }), TimeoutError)
  gate.open()
  assert.equal(await future, 1)
  assert.equal(future.resultSync(), 1)
})

test('a flood of calls that end at once lets timers fire', { timeout }, async () => {
  const executor = new LoopExecutor({ maxWorkers: 1 })
  let fired = false
  setTimeout(() => (fired = true), 1)
  let calls = 0
  // Each call brings on the next one: without a turn in between this would never end.
  const again = (): void => {
    calls++
    if (!fired) void executor.submit(again)
  }
  void executor.submit(again)
  while (!fired) await new Promise(resolve => setImmediate(resolve))
  assert.ok(calls > 1)
  await executor.shutdown()
})

test(
  'a call that fails for ever with endless retries lets timers fire, and can be cancelled',
  { timeout },
  async () => {
    const executor = new LoopExecutor()
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 5)
    const future = executor.with({ retries: Infinity, signal: controller.signal }).submit(() => {
      throw new Error('again')
    })
    await assert.rejects(future, CancelledError)
  },
)

test('calls that submit to their own executor lend their place to one call each', { timeout }, async () => {
  const executor = new LoopExecutor({ maxWorkers: 2 })
  let running = 0
  let most = 0
  const leaf = async (): Promise<void> => {
    most = Math.max(most, ++running)
    await new Promise(resolve => setTimeout(resolve, 1))
    running--
  }
  const parent = async (): Promise<void> => {
    await Promise.all(Array.from({ length: 5 }, () => executor.submit(leaf)))
  }
  await Promise.all(Array.from({ length: 4 }, () => executor.submit(parent)))
  assert.equal(most, 2)
})

test('a child that outlives its parent keeps the place', { timeout }, async () => {
  const executor = new LoopExecutor({ maxWorkers: 1 })
  const gate = new Gate()
  let child: Promise<number> | undefined
  await executor.submit(async () => {
    child = executor.submit(passGate, gate.words, 1)
    await gate.whenStarted(1)
  })
  const next = executor.submit(passGate, gate.words, 2)
  await new Promise(resolve => setTimeout(resolve, 5))
  assert.equal(gate.started, 1)
  gate.open()
  assert.deepEqual([await child, await next], [1, 2])
})

test('a task cannot wait for the shutdown of its own executor', { timeout }, async () => {
  const executor = new LoopExecutor({ name: 'own' })
  const future = executor.submit(() => executor.shutdown())
  await assert.rejects(future, {
    name: 'InvalidStateError',
    message: 'a task of executor "own" cannot wait for its shutdown',
  })
  await executor.shutdown()
})

test('what a task leaves behind can wait for the shutdown', { timeout }, async () => {
  const executor = new LoopExecutor()
  const shutdown = await executor.submit(() => ({
    later: new Promise<void>(resolve => setTimeout(resolve, 1)).then(() => executor.shutdown()),
  }))
  await shutdown.later
  assert.throws(() => executor.submit(() => 1), { name: 'ShutDownError' })
})

test('thousands of calls with one signal', { timeout }, async () => {
  const executor = new LoopExecutor({ maxWorkers: 5000 })
  const controller = new AbortController()
  const gate = new Gate()
  const view = executor.with({ signal: controller.signal })
  const futures = Array.from({ length: 3000 }, () => view.submit(untilAborted, gate.words))
  await gate.whenStarted(3000)
  controller.abort('all')
  const outcomes = await Promise.allSettled(futures)
  assert.ok(outcomes.every(outcome => outcome.status === 'rejected' && outcome.reason instanceof CancelledError))
  assert.equal(gate.finished, 3000)
})

test('an executor has a name', () => {
  assert.equal(new LoopExecutor({ name: 'mine' }).name, 'mine')
  assert.match(new LoopExecutor().name, /^loop-\d+$/)
  assert.ok(new InvalidStateError('x') instanceof Error)
})

function block(): string {
  const end = performance.now() + 30
  while (performance.now() < end);
  return 'late'
}
