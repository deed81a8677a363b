/** `wait` and `asCompleted` over tasks, over futures, and over both. */
import assert from 'node:assert/strict'
import { asCompleted, createTask, Future, sleep, wait } from 'multitask'
import { completionSuite, type Pending } from '../conformance/completion.ts'
import { deaf } from '../conformance/task-group.ts'
import { errorOf, virtually } from '../fixtures/virtual.ts'

const begin = (): never => assert.fail('it ran')
const bad = (): never => {
  throw new Error('at once')
}

function pendingTask(): Pending {
  let resolve!: (value: number) => void
  let fail!: (error: Error) => void
  const promise = new Promise<number>((...settle) => ([resolve, fail] = settle))
  const task = createTask(({ signal }) => {
    signal.addEventListener('abort', () => fail(signal.reason as Error))
    return promise
  })
  return { it: task, resolve, fail: error => fail(error as Error), cancel: () => void task.cancel() }
}

function pendingFuture(): Pending {
  const future = new Future<number>()
  const unlessDone =
    <T>(settle: (value: T) => void) =>
    (value: T) => {
      if (!future.done()) settle(value)
    }
  return {
    it: future,
    resolve: unlessDone(value => future.setResult(value)),
    fail: unlessDone(error => future.setException(error)),
    cancel: () => void future.cancel(),
  }
}

completionSuite('tasks', pendingTask)
completionSuite('futures', pendingFuture)
completionSuite('tasks and futures', n => (n % 2 === 0 ? pendingTask() : pendingFuture()))

virtually('functions become tasks of the loop, so many at once, and come as they finish', async clock => {
  let running = 0
  let most = 0
  const wake = (time: number) => async () => {
    most = Math.max(most, ++running)
    await sleep(time)
    running--
    return time
  }
  const times: number[] = []
  const given = createTask(() => sleep(15, 15))
  for await (const task of asCompleted([wake(30), wake(10), wake(10), given], { limit: 2 })) times.push(task.result())
  assert.deepEqual([times, most, clock.elapsed], [[10, 15, 20, 30].map(time => (time === 20 ? 10 : time)), 2, 30])
})

virtually('leaving the loop cancels its functions and waits for them; what was given goes on', async clock => {
  const ends: string[] = []
  const slow = async (): Promise<string> => {
    const reason = await errorOf(sleep(1000))
    await deaf(20)
    ends.push((reason as Error).message)
    throw reason
  }
  const given = createTask(() => sleep(500, 'given'))
  for await (const task of asCompleted([slow, () => sleep(10, 'fast'), given, slow], { limit: 2 })) {
    assert.equal(task.result(), 'fast')
    break
  }
  assert.deepEqual([ends.length, clock.elapsed, given.done()], [2, 30, false])
  assert.equal(ends[0], 'nobody reads the rest of asCompleted()')
  assert.equal(await given, 'given')
})

virtually('so do its time limit, its signal, and the end of the task around it', async clock => {
  const ends: string[] = []
  const slow = async (): Promise<void> => {
    const reason = await errorOf(sleep(1000))
    await deaf(20)
    ends.push('end')
    throw reason
  }
  assert.equal(((await errorOf(asCompleted([slow], { timeout: 50 }).next())) as Error).name, 'TimeoutError')
  assert.deepEqual([ends.length, clock.elapsed], [1, 70])
  const stop = new AbortController()
  const signalled = asCompleted([slow], { signal: stop.signal }).next()
  stop.abort(new Error('no more'))
  assert.equal(((await errorOf(signalled)) as Error).message, 'no more')
  const task = createTask(() => asCompleted([slow]).next())
  task.cancel('enough')
  assert.equal(((await errorOf(task)) as Error).message, 'enough')
  assert.equal(ends.length, 3)
})

virtually('the failure of a function that came by is no unhandled rejection, also if it failed at once', async () => {
  const messages: string[] = []
  for await (const task of asCompleted([bad, async () => Promise.reject(new Error('later'))])) {
    messages.push((task.exception() as Error).message)
  }
  assert.deepEqual(messages, ['at once', 'later'])
})

virtually('AWT-01: what is neither is refused before anything begins', async () => {
  assert.throws(() => asCompleted([begin, Promise.resolve()] as never), {
    name: 'TypeError',
    message: 'asCompleted needs tasks or futures, not a promise',
  })
  await assert.rejects(wait(createTask(() => {}) as never), {
    message: 'wait needs an iterable of tasks or futures, not a promise',
  })
  await assert.rejects(wait([begin] as never), { message: 'wait needs tasks or futures, not the function begin' })
  assert.throws(() => asCompleted([begin], { limit: 0 }), RangeError)
  assert.deepEqual(await wait([]), { done: new Set(), pending: new Set() })
})
