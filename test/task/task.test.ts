import assert from 'node:assert/strict'
import { RLock } from '../../dist/sync/rlock.js'
import { AsyncLocalStorage } from 'node:async_hooks'
import { test } from 'node:test'
import { CancelledError, createTask, InvalidStateError, Lock, sleep, taskContext, TaskGroup, timeout } from 'multitask'
import { settle } from 'multitask/testing'
import { deaf } from '../conformance/task-group.ts'
import { errorOf, LIMIT, virtually } from '../fixtures/virtual.ts'
import { runProgram } from '../fixtures/run-program.ts'

virtually('a task begins at once, and one that never waits is done when createTask returns', () => {
  const task = createTask(() => 5)
  assert.deepEqual([task.state, task.done(), task.result()], ['done', true, 5])
})

virtually('it is a real promise', async () => {
  const task = createTask(() => sleep(10, 'value'))
  assert.ok(task instanceof Promise)
  assert.equal(task.constructor, Promise)
  assert.deepEqual(await Promise.all([task, task.then(value => value.length)]), ['value', 5])
  assert.equal(await Promise.race([task, sleep(5)]), 'value')
})

virtually('what it throws at once is its error, not that of the caller', async () => {
  const boom = new Error('boom')
  const task = createTask(() => {
    throw boom
  })
  assert.equal(task.state, 'failed')
  assert.equal(task.exception(), boom)
  assert.equal(await errorOf(task), boom)
})

virtually('its result cannot be read before it is done', async () => {
  const task = createTask(() => sleep(10, 'value'), { name: 'slow' })
  const early = { name: 'InvalidStateError', message: 'the task "slow" is running, not done: await it' }
  assert.throws(() => task.result(), early)
  assert.throws(() => task.exception(), early)
  await task
  assert.deepEqual([task.result(), task.exception()], ['value', undefined])
})

virtually('with eagerStart: false it begins in a turn of its own', async () => {
  let began = false
  const task = createTask(() => (began = true), { eagerStart: false })
  assert.deepEqual([began, task.state], [false, 'pending'])
  assert.equal(await task, true)
})

virtually('one that is cancelled before it begins never runs, and ends with the message', async () => {
  const task = createTask(() => assert.fail('it ran'), { eagerStart: false })
  assert.equal(task.cancel('not needed'), true)
  const error = await errorOf(task)
  assert.ok(error instanceof CancelledError && task.cancelled())
  assert.equal(error.message, 'not needed')
})

virtually('cancel() asks: the next wait throws, and the task is done when it has ended', async () => {
  let seen: unknown
  const task = createTask(async () => {
    seen = await errorOf(sleep(1000))
    await deaf(20)
    throw seen
  })
  assert.equal(task.cancel('please'), true)
  assert.equal(task.done(), false)
  const error = await errorOf(task)
  assert.equal(error, seen)
  assert.equal((error as Error).message, 'please')
  assert.deepEqual([task.state, task.cancelled()], ['cancelled', true])
  assert.throws(() => task.result(), error as Error)
  assert.throws(() => task.exception(), error as Error)
})

virtually('the first reason counts, and a task that is over cannot be cancelled', async () => {
  const first = new Error('first')
  const task = createTask(({ signal }) => sleep(1000, signal))
  assert.equal(task.cancel(first), true)
  assert.equal(task.cancel('second'), true)
  assert.equal(await errorOf(task), first)
  assert.equal(task.cancel(), false)
})

virtually('the default message says which task it was, and so does the reason', async () => {
  const task = createTask(() => sleep(1000), { name: 'fetch' })
  task.cancel()
  const { message, source, task: name } = (await errorOf(task)) as CancelledError & { source: string; task: string }
  assert.deepEqual([message, source, name], ['the task "fetch" was cancelled', 'cancel', 'fetch'])
})

virtually('a task may go on after a cancellation, and its value counts', async () => {
  const task = createTask(async () => {
    await errorOf(sleep(1000))
    return 'all the same'
  })
  task.cancel()
  assert.equal(await task, 'all the same')
  assert.deepEqual([task.state, task.cancelled()], ['done', false])
})

virtually('but every later wait of the library throws again: a cancelled task stays cancelled', async () => {
  const lock = new Lock()
  const messages: string[] = []
  const task = createTask(async () => {
    for (const wait of [() => sleep(10), () => sleep(0), () => lock.acquire(), () => timeout(10, () => sleep(1))]) {
      messages.push(((await errorOf(wait())) as Error).message)
    }
  })
  task.cancel('level')
  await task
  assert.deepEqual(messages, ['level', 'level', 'level', 'level'])
  assert.equal(lock.locked, false)
})

virtually('a task that cancels itself hears of it at its next wait', async () => {
  const task = createTask(
    async () => {
      task.cancel('myself')
      await sleep(1)
    },
    { eagerStart: false },
  )
  assert.equal(((await errorOf(task)) as Error).message, 'myself')
  assert.equal(task.cancelled(), true)
})

virtually('one that cancels itself and returns first is done: its value counts', async () => {
  const task = createTask(
    () => {
      task.cancel()
      return 'value'
    },
    { eagerStart: false },
  )
  assert.equal(await task, 'value')
  assert.equal(task.state, 'done')
})

virtually('another error while it is cancelled is its error', async () => {
  const task = createTask(async () => {
    await errorOf(sleep(1000))
    throw new TypeError('clean-up')
  })
  task.cancel()
  assert.equal(String(await errorOf(task)), 'TypeError: clean-up')
  assert.deepEqual([task.state, task.cancelled()], ['failed', false])
})

virtually('who awaits a task that is cancelled fails with that: it was not asked to stop itself', async () => {
  const inner = createTask(() => sleep(1000))
  const outer = createTask(() => inner)
  inner.cancel('inner')
  assert.equal(((await errorOf(outer)) as Error).message, 'inner')
  assert.deepEqual([inner.state, outer.state], ['cancelled', 'failed'])
})

virtually('a cancelled task that waits for a lock leaves the line, and the lock goes to the next', async () => {
  const lock = new Lock()
  const guard = await lock.acquire()
  const first = createTask(() => lock.acquire())
  const second = createTask(() => lock.with(() => 'got it'))
  first.cancel()
  guard.release()
  assert.equal(await second, 'got it')
  assert.equal(first.cancelled(), true)
  assert.equal(lock.locked, false)
})

virtually('its context is a bag of options: of fetch, of locks, and when it is spread', async () => {
  const lock = new Lock()
  const guard = await lock.acquire()
  const task = createTask(
    async context => {
      assert.deepEqual(Object.keys(context), ['signal'])
      assert.equal({ ...context }.signal, context.signal)
      assert.deepEqual([context.name, context.deadline], ['worker', Infinity])
      await Promise.allSettled([lock.acquire(context), sleep(1000, 0, context), fetch('data:,', context)])
      context.check()
    },
    { name: 'worker' },
  )
  task.cancel()
  await errorOf(task)
  assert.equal(task.cancelled(), true)
  guard.release()
})

virtually('check() throws in a loop that never waits, also when a deadline has passed', async () => {
  const own = createTask(
    context => {
      context.check()
      own.cancel('now')
      context.check()
    },
    { eagerStart: false },
  )
  assert.equal(((await errorOf(own)) as Error).message, 'now')
})

virtually('each task knows its own context, also after it has waited; outside there is none', async () => {
  assert.equal(taskContext(), undefined)
  const names: (string | undefined)[] = []
  await TaskGroup.run(group => {
    for (const name of ['a', 'b']) {
      group.spawn(
        async () => {
          names.push(taskContext()?.name)
          await sleep(10)
          names.push(taskContext()?.name)
          await timeout(100, () => sleep(10))
          names.push(taskContext()?.name)
        },
        { name },
      )
    }
  })
  assert.deepEqual(names, ['a', 'b', 'a', 'b', 'a', 'b'])
  assert.equal(taskContext(), undefined)
})

virtually('what a task leaves behind belongs to what is around it when the task is over', async () => {
  const messages: string[] = []
  await TaskGroup.run(async group => {
    let leftBehind!: Promise<void>
    const task = group.spawn(() => {
      leftBehind = (async () => {
        await deaf(20)
        // The task is long cancelled and over; this is nobody's any more.
        messages.push(await sleep(10, 'slept'))
      })()
      return sleep(1000)
    })
    task.cancel()
    await leftBehind
  })
  assert.deepEqual(messages, ['slept'])
})

virtually('an RLock belongs to a task', async () => {
  const lock = new RLock()
  await TaskGroup.run(async group => {
    group.spawn(async () => {
      await lock.acquire()
      const again = await lock.acquire()
      await sleep(20)
      again.release()
      lock.release()
    })
    group.spawn(async () => {
      assert.equal(lock.tryAcquire(), undefined)
      await assert.rejects(async () => lock.release(), InvalidStateError)
      const guard = await lock.acquire()
      guard.release()
    })
  })
})

virtually("variables of AsyncLocalStorage are those of the creator, and stay the task's own", async () => {
  const user = new AsyncLocalStorage<string>()
  await user.run('ada', async () => {
    const task = createTask(async () => {
      assert.equal(user.getStore(), 'ada')
      await user.run('bob', () => sleep(10))
      await sleep(10)
      return user.getStore()
    })
    assert.equal(await task, 'ada')
    createTask(() => user.enterWith('eve'))
    assert.equal(user.getStore(), 'ada')
  })
})

virtually('callbacks run when it is over, in their order, and can be taken back', async () => {
  const calls: string[] = []
  const task = createTask(() => sleep(10))
  const twice = (): void => void calls.push('twice')
  task.addDoneCallback(twice)
  task.addDoneCallback(each => calls.push(`first ${each === task}`))
  task.addDoneCallback(twice)
  task.addDoneCallback(() => calls.push('second'))
  assert.equal(task.removeDoneCallback(twice), 2)
  assert.equal(task.removeDoneCallback(twice), 0)
  await task
  task.addDoneCallback(() => calls.push('late'))
  assert.deepEqual(calls, ['first true', 'second', 'late'])
})

virtually('its name is given, or that of its function, or a number', () => {
  const names = [createTask(function fetchAll() {}).name, createTask(() => {}, { name: 'x' }).name]
  assert.deepEqual(names, ['fetchAll', 'x'])
  assert.match(createTask(() => {}).name, /^Task-\d+$/)
})

virtually('createTask takes a function, and says why no promise', () => {
  assert.throws(
    () => createTask(Promise.resolve() as never),
    /createTask takes a function, not a promise: what runs already/,
  )
  assert.throws(() => createTask(5 as never), { name: 'TypeError', message: 'createTask takes a function, not 5' })
  assert.throws(() => createTask(() => {}, { eager: true } as never), /"eager" is not an option of createTask\(\)/)
})

virtually('tasks, groups and contexts are printed in a few words', async () => {
  const { inspect } = await import('node:util')
  await TaskGroup.run(
    async group => {
      const task = group.spawn(() => sleep(10), { name: 'fetch' })
      assert.deepEqual([inspect(task), inspect(group)], ['Task "fetch" { running }', 'TaskGroup "crawl" { 1 task }'])
      await group.spawn(context => assert.equal(inspect(context), 'TaskContext "parse" { running }'), { name: 'parse' })
    },
    { name: 'crawl' },
  )
})

void test('a task is held until it is over, also if nobody else holds it', LIMIT, async () => {
  let done = false
  createTask(async () => {
    await new Promise(resolve => setTimeout(resolve, 1))
    done = true
  })
  ;(globalThis as { gc?: () => void }).gc?.()
  while (!done) await settle()
})

void test('of a deaf task there is a warning after the grace, if nobody else wants to know', LIMIT, async () => {
  const { code, stderr } = await runProgram('task-programs/leak-warning.ts')
  assert.equal(code, 0)
  assert.match(
    stderr,
    /the task "deaf" was cancelled and has not stopped: it is waited for; it was begun\n.*leak-warning/,
  )
})

void test('a failure that nobody looks at is an unhandled rejection; a cancellation is none', LIMIT, async () => {
  const { code, stdout, stderr } = await runProgram('task-programs/unseen-failure.ts')
  assert.deepEqual(
    [code, stdout.split('\n').toSorted()],
    [0, ['', 'unhandled: left behind', 'unhandled: nobody looks']],
    stderr,
  )
})
