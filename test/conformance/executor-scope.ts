/** What a call of an executor has to do with the task that submits it. */
import assert from 'node:assert/strict'
import {
  createTask,
  gather,
  LoopExecutor,
  moveOnAfter,
  shield,
  sleep,
  TaskGroup,
  TaskGroupError,
  timeout,
  waitFor,
} from 'multitask'
import { Gate } from '../fixtures/gate.ts'
import { nestedTimeout, passGate, square, untilAborted } from '../fixtures/tasks.ts'
import { errorOf } from '../fixtures/virtual.ts'
import { executorCases, type MakeExecutor, read } from './scope.ts'

export function executorScopeSuite(name: string, make: MakeExecutor): void {
  const check = executorCases(name, make)

  check('a failing group stops the calls that its tasks have begun, and waits for them', 2, async (executor, gate) => {
    const error = await errorOf(
      TaskGroup.run(group => {
        group.spawn(() => executor.submit(untilAborted, gate.words))
        group.spawn(async context => executor.with(context).submit(untilAborted, gate.words))
        group.spawn(async () => {
          await gate.whenStarted(2)
          throw new Error('boom')
        })
      }),
    )
    assert.deepEqual((error as TaskGroupError).errors.map(String), ['Error: boom'])
    assert.equal(gate.finished, 2, 'they have really ended')
  })

  check('a call that waits is taken back with its task, and never runs', 1, async (executor, gate) => {
    const first = executor.submit(passGate, gate.words, 1)
    await gate.whenStarted(1)
    const task = createTask(() => executor.submit(passGate, gate.words, 2))
    task.cancel('enough')
    assert.equal(((await errorOf(task)) as Error).message, 'enough')
    assert.equal(task.cancelled(), true)
    gate.open()
    await first
    assert.equal(gate.started, 1)
  })

  check('a future that nobody awaits is stopped with its scope too, and is cancelled', 1, async (executor, gate) => {
    let future!: ReturnType<typeof executor.submit>
    await moveOnAfter(10_000, async context => {
      future = executor.submit(untilAborted, gate.words)
      await gate.whenStarted(1)
      context.reschedule(0)
      await sleep(10_000)
    })
    const error = (await errorOf(future)) as Error
    assert.deepEqual([future.cancelled(), error.name], [true, 'CancelledError'])
    assert.equal((error.cause as { source?: string }).source, 'timeout')
  })

  check('in a cancelled scope a call is cancelled through its future, and never runs', 1, async (executor, gate) => {
    const task = createTask(async () => {
      await errorOf(sleep(10_000))
      const future = executor.submit(passGate, gate.words, 1)
      assert.equal(((await errorOf(future)) as Error).name, 'CancelledError')
      return future.cancelled()
    })
    task.cancel()
    assert.equal(await task, true)
    assert.equal(gate.started, 0)
  })

  check('a shield keeps it going', 1, async (executor, gate) => {
    const task = createTask(() => shield(() => executor.submit(passGate, gate.words, 7)))
    await gate.whenStarted(1)
    task.cancel()
    gate.open()
    assert.equal(await task, 7)
  })

  check('awaiting a call that was begun elsewhere never stops it', 1, async (executor, gate) => {
    const future = executor.submit(passGate, gate.words, 7)
    await gate.whenStarted(1)
    const task = createTask(() => future)
    task.cancel()
    gate.open()
    assert.equal(await task, 7)
  })

  check('gather stops the futures that it was given', 2, async (executor, gate) => {
    const futures = [executor.submit(untilAborted, gate.words), executor.submit(untilAborted, gate.words)]
    const error = await errorOf(
      gather([
        ...futures,
        async () => {
          await gate.whenStarted(2)
          throw new Error('boom')
        },
      ]),
    )
    assert.equal((error as Error).message, 'boom')
    assert.deepEqual([gate.finished, ...futures.map(each => each.cancelled())], [2, true, true])
  })

  check('gather gives the results of calls, tasks and functions together', 2, async executor => {
    const results = await gather(
      { call: executor.submit(square, 2), task: createTask(() => 'task'), later: () => executor.submit(square, 3) },
      { limit: 1 },
    )
    assert.deepEqual(results, { call: 4, task: 'task', later: 9 })
  })

  check('AFU-08: waitFor stops a call that is late, and waits for its end', 1, async (executor, gate) => {
    const future = executor.submit(untilAborted, gate.words)
    await gate.whenStarted(1)
    const error = await errorOf(waitFor(future, 5))
    assert.deepEqual([(error as Error).name, future.cancelled(), gate.finished], ['TimeoutError', true, 1])
  })

  check('AFU-09: a call that is done keeps its result when its scope is cancelled', 1, async executor => {
    let future!: ReturnType<typeof executor.submit>
    const task = createTask(async () => {
      future = executor.submit(square, 3)
      await future
      await sleep(10_000)
    })
    await future
    task.cancel()
    await errorOf(task)
    assert.equal(future.result(), 9)
  })

  check('map ends with its scope', 1, async (executor, gate) => {
    const task = createTask(async () => {
      const results = executor.with({ chunkSize: 1 }).map(untilAborted, [gate.words, gate.words])
      return (await read(results)).error
    })
    await gate.whenStarted(1)
    task.cancel('enough')
    const error = (await task) as Error
    assert.deepEqual([error.name, (error.cause as Error).message], ['CancelledError', 'enough'])
    await gate.whenFinished(1)
  })

  check('timeout ends a call', 1, async (executor, gate) => {
    const error = await errorOf(timeout(20, () => executor.submit(untilAborted, gate.words)))
    assert.equal((error as Error).name, 'TimeoutError')
    assert.equal(gate.finished, gate.started)
  })

  check('a call of a call ends with the scope that the first one has opened', 2, async (executor, gate) => {
    assert.equal(await executor.submit(nestedTimeout, gate.words), 'TimeoutError')
    assert.equal(gate.finished, gate.started)
  })

  check(
    'what does not obey is stopped after the grace where it can be, and the executor goes on',
    1,
    async executor => {
      const stop = new Gate()
      const deaf = TaskGroup.run(group => {
        group.spawn(() => executor.with({ grace: 10 }).submit(passGate, stop.words, 1))
        group.spawn(async () => {
          await stop.whenStarted(1)
          group.cancel()
        })
      })
      // On this loop nothing can be stopped: the group waits until the function ends by itself.
      if (executor instanceof LoopExecutor) stop.open()
      await deaf
      assert.equal(stop.finished, executor instanceof LoopExecutor ? 1 : 0)
      stop.open()
      assert.equal(await executor.submit(square, 2), 4)
    },
  )
}
