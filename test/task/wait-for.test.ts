import assert from 'node:assert/strict'
import { createTask, Future, sleep, TimeoutError, timeout, waitFor } from 'multitask'
import { deaf } from '../conformance/task-group.ts'
import { errorOf, virtually } from '../fixtures/virtual.ts'

virtually('what is done in time gives its value or its error, be it a function, a task or a promise', async () => {
  assert.equal(await waitFor(() => sleep(10, 'function'), 100), 'function')
  assert.equal(
    await waitFor(
      createTask(() => sleep(10, 'task')),
      100,
    ),
    'task',
  )
  assert.equal(await waitFor(sleep(10, 'promise'), 100), 'promise')
  assert.equal(String(await errorOf(waitFor(Promise.reject(new Error('mine')), 100))), 'Error: mine')
})

virtually('with 0, what is done counts, a function never begins, and all else is late', async () => {
  const done = createTask(() => 'done')
  assert.equal(await waitFor(done, 0), 'done')
  assert.equal(await waitFor(Promise.resolve('there'), 0), 'there')
  const unbegun = await errorOf(waitFor(() => assert.fail('it ran'), 0))
  assert.equal((unbegun as Error).message, 'not done within 0 ms: it was not begun')
  const task = createTask(() => sleep(500))
  assert.ok((await errorOf(waitFor(task, 0))) instanceof TimeoutError)
  assert.equal(task.cancelled(), true)
})

virtually('a late task is cancelled and waited for', async clock => {
  const task = createTask(async () => {
    const reason = await errorOf(sleep(500))
    await deaf(20)
    throw reason
  })
  assert.ok((await errorOf(waitFor(task, 50))) instanceof TimeoutError)
  assert.deepEqual([task.state, clock.elapsed], ['cancelled', 70])
})

virtually('an error of its clean-up comes out, and so does a value', async () => {
  const failing = createTask(async () => {
    await errorOf(sleep(500))
    throw new Error('clean-up')
  })
  assert.equal(String(await errorOf(waitFor(failing, 50))), 'Error: clean-up')
  const stubborn = createTask(async () => {
    await errorOf(sleep(500))
    return 'late'
  })
  assert.equal(await waitFor(stubborn, 50), 'late')
})

virtually('a bare promise is only let go of', async clock => {
  const promise = sleep(100, 'later')
  assert.ok((await errorOf(waitFor(promise, 50))) instanceof TimeoutError)
  assert.equal(clock.elapsed, 50)
  assert.equal(await promise, 'later')
})

virtually('a future is cancelled if it has not started, and else let go of', async () => {
  const pending = new Future<void>()
  assert.ok((await errorOf(waitFor(pending, 50))) instanceof TimeoutError)
  assert.equal(pending.cancelled(), true)
  const running = new Future<string>()
  running.setRunning()
  assert.ok((await errorOf(waitFor(running, 50))) instanceof TimeoutError)
  running.setResult('later')
  assert.equal(await running, 'later')
})

virtually('cancelling who waits cancels the task, also without a limit, and waits for it', async clock => {
  const inner = createTask(async () => {
    const reason = await errorOf(sleep(500))
    await deaf(20)
    throw reason
  })
  const outer = createTask(() => waitFor(inner, Infinity))
  await sleep(10)
  outer.cancel('enough')
  assert.equal(((await errorOf(outer)) as Error).message, 'enough')
  assert.deepEqual([inner.state, outer.state, clock.elapsed], ['cancelled', 'cancelled', 30])
})

virtually('a task that is done in the moment of the cancellation keeps its result', async () => {
  let open!: () => void
  const gate = new Promise<void>(resolve => (open = resolve))
  const inner = createTask(async () => {
    await gate
    return 'kept'
  })
  const outer = createTask(() => waitFor(inner, 1000))
  open()
  outer.cancel()
  await errorOf(outer)
  assert.deepEqual([outer.state, inner.result()], ['cancelled', 'kept'])
})

virtually('a task that somebody else cancelled is no timeout', async () => {
  const task = createTask(() => sleep(500))
  const waiting = waitFor(task, 100)
  task.cancel('somebody else')
  assert.equal(((await errorOf(waiting)) as Error).message, 'somebody else')
})

virtually('in a cancelled scope nothing begins', async () => {
  const error = await errorOf(timeout(0, () => waitFor(() => assert.fail('it ran'), 100)))
  assert.equal((error as Error).message, 'not done within 0 ms')
})

virtually('it takes a function or a promise', async () => {
  await assert.rejects(waitFor(5 as never, 100), {
    name: 'TypeError',
    message: 'waitFor needs a function or a promise, not 5',
  })
  await assert.rejects(
    waitFor(() => {}, -1),
    RangeError,
  )
})
