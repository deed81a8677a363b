/** A Thread from its making to its end, where nothing goes wrong in it. */
import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { CannotSendError, InvalidStateError, task, Thread, ThreadPoolExecutor, TimeoutError, threads } from 'multitask'
import { blockAtGate, identity } from '../fixtures/deadly.ts'
import { until } from '../fixtures/gate.ts'
import { add, fail, failAtGate, passGate, range, square, throwValue } from '../fixtures/tasks.ts'
import { daemonByDefault, leaveTimer, readEnv, squareElsewhere, startAnother } from '../fixtures/thread-targets.ts'
import { bun, deno, errorOf, threadCase } from './scope.ts'

threadCase('join resolves to what the target returned', async () => {
  const thread = new Thread(add, [2, 3])
  assert.equal(thread.start(), thread)
  assert.equal(await thread.join(), 5)
})

threadCase('join rejects with what the target threw, any value at all', async () => {
  await assert.rejects(new Thread(fail, ['no']).start().join(), {
    name: 'TypeError',
    message: 'no',
  })
  for (const value of ['text', 0, null, undefined]) {
    const thread = new Thread(throwValue, [value]).start()
    const [outcome] = await Promise.allSettled([thread.join()])
    assert.deepEqual(outcome, { status: 'rejected', reason: value })
    assert.equal(thread.exitCode, 1)
  }
})

threadCase('THR-03: ident is undefined before start, then a number of its own, also after the end', async gate => {
  const [one, two] = [new Thread(passGate, [gate.words, 1]), new Thread(passGate, [gate.words, 2])]
  assert.equal(one.ident, undefined)
  one.start()
  two.start()
  const { ident } = one
  assert.ok(ident! > 0)
  assert.notEqual(ident, two.ident)
  gate.open()
  assert.deepEqual(await Promise.all([one.join(), two.join()]), [1, 2])
  assert.equal(one.ident, ident)
  const third = new Thread(square, [3]).start()
  assert.ok(![one.ident, two.ident].includes(third.ident))
  await third.join()
})

threadCase('isAlive and exitCode follow the target', async gate => {
  const thread = new Thread(passGate, [gate.words, 1])
  assert.deepEqual([thread.isAlive(), thread.exitCode], [false, undefined])
  thread.start()
  assert.deepEqual([thread.isAlive(), thread.exitCode], [true, undefined])
  gate.open()
  await until(() => !thread.isAlive())
  assert.equal(thread.exitCode, 0)
  await thread.join()
  assert.equal(thread.isAlive(), false)
})

threadCase('THR-05: a thread can be started once', async () => {
  const thread = new Thread(square, [3], { name: 'once' }).start()
  const twice = { name: 'InvalidStateError', message: 'thread once can only be started once' }
  assert.throws(() => thread.start(), twice)
  assert.equal(await thread.join(), 9)
  assert.throws(() => thread.start(), twice)
})

threadCase('THR-06: what was not started can be neither joined nor terminated', async () => {
  const thread = new Thread(square, [3], { name: 'idle' })
  const error = await errorOf(thread.join())
  assert.ok(error instanceof InvalidStateError)
  assert.equal(error.message, 'cannot join thread idle: it was not started')
  assert.throws(() => thread.joinSync(), InvalidStateError)
  assert.throws(() => thread.terminate(), InvalidStateError)
})

threadCase('THR-08: daemon can be set before start only', async () => {
  const thread = new Thread(square, [3], { name: 'late' })
  assert.equal(thread.daemon, false)
  thread.daemon = true
  assert.equal(thread.daemon, true)
  thread.daemon = false
  assert.throws(() => (thread.daemon = 1 as never), {
    name: 'TypeError',
    message: 'daemon must be a boolean, not 1',
  })
  thread.start()
  assert.throws(() => (thread.daemon = true), {
    name: 'InvalidStateError',
    message: 'cannot set daemon of thread late: it was started',
  })
  assert.equal(thread.daemon, false)
  await thread.join()
})

threadCase('a thread is a daemon by default if the one that makes it is', async () => {
  assert.equal(await new Thread(daemonByDefault).start().join(), false)
  assert.equal(await new Thread(daemonByDefault, [], { daemon: true }).start().join(), true)
})

threadCase('THR-10: a join whose time is up leaves the thread alive; a later one gets the value', async gate => {
  const thread = new Thread(passGate, [gate.words, 7], { name: 'slow' }).start()
  const late = await errorOf(thread.join({ timeout: 5 }))
  assert.ok(late instanceof TimeoutError)
  assert.equal(late.message, 'thread slow is alive, and still was after 5 ms')
  assert.equal((await errorOf(thread.join({ timeout: 0 }))).message, 'thread slow is alive')
  assert.equal(thread.isAlive(), true)
  gate.open()
  assert.equal(await thread.join({ timeout: 20_000 }), 7)
  assert.equal(await thread.join({ timeout: 0 }), 7)
})

threadCase('a join can be given up with a signal; the thread lives on', async gate => {
  const thread = new Thread(passGate, [gate.words, 7]).start()
  const controller = new AbortController()
  const joining = thread.join({ signal: controller.signal })
  controller.abort(new Error('enough'))
  assert.equal((await errorOf(joining)).message, 'enough')
  assert.equal((await errorOf(thread.join({ signal: controller.signal }))).message, 'enough')
  gate.open()
  assert.equal(await thread.join(), 7)
})

threadCase('THR-11, THR-12: any number of joins, before and after the end, get the same', async gate => {
  const thread = new Thread(passGate, [gate.words, { a: 1 } as never]).start()
  const joins = Array.from({ length: 20 }, () => thread.join())
  gate.open()
  const values = await Promise.all([...joins, thread.join()])
  assert.equal(new Set([...values, await thread.join(), thread.joinSync()]).size, 1)
  const failing = new Thread(fail, ['no']).start()
  const errors = await Promise.all([errorOf(failing.join()), errorOf(failing.join())])
  assert.equal(new Set([...errors, await errorOf(failing.join())]).size, 1)
})

threadCase('joinSync blocks until the target is done, and returns its value or throws its error', async gate => {
  assert.equal(new Thread(square, [4]).start().joinSync(), 16)
  assert.throws(() => new Thread(fail, ['no']).start().joinSync(), {
    name: 'TypeError',
    message: 'no',
  })
  const thread = new Thread(blockAtGate, [gate.words, 'through'], { name: 'gated' }).start()
  assert.throws(() => thread.joinSync({ timeout: 5 }), {
    name: 'TimeoutError',
    message: 'thread gated is alive, and still was after 5 ms',
  })
  assert.throws(() => thread.joinSync({ timeout: 0 }), {
    name: 'TimeoutError',
    message: 'thread gated is alive',
  })
  gate.open()
  assert.equal(thread.joinSync({ timeout: 20_000 }), 'through')
  assert.equal(thread.isAlive(), false)
  assert.equal(await thread.join(), 'through')
})

threadCase('a TimeoutError of the target is not one of joinSync', async () => {
  const thread = new Thread(throwValue, [new TimeoutError('of the target')]).start()
  assert.throws(() => thread.joinSync({ timeout: 20_000 }), {
    name: 'TimeoutError',
    message: 'of the target',
  })
})

threadCase('the default name counts the threads and tells the target, as in Python', async () => {
  const first = Number(/^Thread-(\d+) \(square\)$/.exec(new Thread(square, [1]).name)![1])
  assert.equal(new Thread(add, [1, 2]).name, `Thread-${first + 1} (add)`)
  assert.equal(
    new Thread(
      (
        () => () =>
          1
      )(),
    ).name,
    `Thread-${first + 2}`,
  )
  assert.equal(new Thread(square, [1], { name: 'own' }).name, 'own')
  assert.equal(new Thread(square, [1]).name, `Thread-${first + 3} (square)`)
})

threadCase('it looks as in Python when it is printed', async () => {
  const thread = new Thread(square, [1], { name: 'seen', daemon: true })
  assert.equal(inspect(thread), 'Thread(seen, initial daemon)')
  thread.start()
  assert.equal(inspect(thread), `Thread(seen, started daemon ${thread.ident})`)
  await thread.join()
  assert.equal(inspect(thread), `Thread(seen, stopped daemon ${thread.ident})`)
})

function refuse(message: string | RegExp, target: unknown, ...rest: unknown[]): void {
  assert.throws(() => Reflect.construct(Thread, [target, ...rest]), { message })
}

threadCase('what can be no target, no arguments and no options is refused when the thread is made', async () => {
  refuse('the target of a Thread must be a function, not 5', 5)
  refuse(/must be a function, not a promise: pass the function itself, without calling it$/, Promise.resolve())
  refuse(/is a generator, and nobody would read its items: use the stream\(\) of an executor$/, range, [1, 2])
  refuse(/is a generator/, async function* () {})
  refuse('the arguments of a Thread must be an array, not 5', square, 5)
  refuse('name must be a string, not 5', square, [1], { name: 5 })
  refuse('"deamon" is not an option of a Thread: did you mean daemon?', square, [1], {
    deamon: true,
  })
  refuse('env.A must be a string, not 5', square, [1], { env: { A: 5 } })
  refuse(/^"stackSize" is not an option of resourceLimits: did you mean stackSizeMb\?$/, square, [1], {
    resourceLimits: { stackSize: 5 },
  })
  refuse('stackSizeMb must be more than 0 megabytes, not -1', square, [1], {
    resourceLimits: { stackSizeMb: -1 },
  })
  refuse('maxOldGenerationSizeMb must be 6 megabytes or more, not 1', square, [1], {
    resourceLimits: { maxOldGenerationSizeMb: 1 },
  })
})

threadCase('what cannot cross is an error at start, after which the thread is as it was', async () => {
  const thread = new Thread(identity, [{ deep: new WeakMap() as never }])
  for (let i = 0; i < 2; i++) {
    assert.throws(
      () => thread.start(),
      error => error instanceof CannotSendError && error.path === 'argument 1.deep',
    )
    assert.deepEqual([thread.isAlive(), thread.ident, threads().length], [false, undefined, 1])
  }
  await errorOf(thread.join())
})

threadCase('a Thread belongs to the thread that made it', async () => {
  const other = new Thread(square, [1])
  assert.throws(() => new Thread(identity, [other]).start(), {
    name: 'CannotSendError',
    message:
      /argument 1: it is a Thread, which belongs to this thread\n {2}hint: join it in the thread that started it/,
  })
})

threadCase('arguments are copied at start', async () => {
  const list = [1]
  const thread = new Thread(identity, [list])
  list.push(2)
  thread.start()
  list.push(3)
  assert.deepEqual(await thread.join(), [1, 2])
})

threadCase('a target can be text alone, a task, or an export', async () => {
  assert.equal(await new Thread((n: number) => n + 1, [1]).start().join(), 2)
  assert.equal(await new Thread(async () => 'async').start().join(), 'async')
  assert.equal(await new Thread(task(square), [3]).start().join(), 9)
})

threadCase(
  'a target brings copies of what it captures',
  async () => {
    const captured = { list: [1, 2] }
    const count = (n: number): number => captured.list.length + n
    const thread = new Thread(count, [10]).start()
    captured.list.push(3)
    assert.equal(await thread.join(), 12)
  },
  { skip: (bun || deno) && 'only Node can read what a function captures' },
)

threadCase('a thread can use executors of the thread that started it', async () => {
  await using pool = new ThreadPoolExecutor({ maxWorkers: 1 })
  assert.equal(await new Thread(squareElsewhere, [pool, 7]).start().join(), 49)
  await pool.shutdown()
})

threadCase('a thread gets its environment variables when it is made', async () => {
  const env: Record<string, string | undefined> = { ...process.env, MULTITASK_TEST: 'mine' }
  const thread = new Thread(readEnv, ['MULTITASK_TEST'], { env })
  env['MULTITASK_TEST'] = 'changed'
  assert.equal(await thread.start().join(), 'mine')
  assert.equal(await new Thread(readEnv, ['MULTITASK_TEST']).start().join(), undefined)
})

threadCase('a thread ends when its target is done, whatever timers it left', async gate => {
  const thread = new Thread(leaveTimer, [gate.words]).start()
  assert.equal(await thread.join(), 'returned')
  const { finished } = gate
  await new Promise(resolve => setTimeout(resolve, 5))
  assert.equal(gate.finished, finished)
})

threadCase('join does not wait for threads that the thread has started, but its end does', async gate => {
  const thread = new Thread(startAnother, [gate.words, false]).start()
  const inner = await thread.join()
  assert.equal(thread.isAlive(), false)
  await gate.whenStarted(1)
  assert.deepEqual(
    threads().map(({ name, ident }) => [name, ident]),
    [
      ['MainThread', threads()[0]!.ident],
      ['inner', inner],
    ],
  )
  gate.open()
  await gate.whenFinished(1)
})

threadCase('daemons that a thread has started end with it', async gate => {
  await new Thread(startAnother, [gate.words, true]).start().join()
  await until(() => threads().length === 1)
  assert.equal(gate.finished, 0)
})

threadCase('await using joins, and throws what join does', async gate => {
  {
    await using thread = new Thread(passGate, [gate.words, 1]).start()
    await gate.whenStarted(1)
    assert.equal(thread.isAlive(), true)
    gate.open()
  }
  assert.equal(gate.finished, 1)
  const failing = async (): Promise<void> => {
    await using thread = new Thread(failAtGate, [gate.words, 'in the end']).start()
    assert.equal(thread.isAlive(), true)
  }
  assert.equal((await errorOf(failing())).message, 'in the end')
  await using terminated = new Thread(passGate, [new Int32Array(new SharedArrayBuffer(20)), 1]).start()
  terminated.terminate()
  await using idle = new Thread(square, [1])
  assert.equal(idle.isAlive(), false)
})
