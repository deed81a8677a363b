/** Which threads there are, as each of them sees it. */
import assert from 'node:assert/strict'
import {
  activeCount,
  currentThread,
  InvalidStateError,
  mainThread,
  Thread,
  ThreadPoolExecutor,
  threads,
  TimeoutError,
} from 'multitask'
import { until } from '../fixtures/gate.ts'
import { passGate } from '../fixtures/tasks.ts'
import { joinByName, joinSelf, lookAround } from '../fixtures/thread-targets.ts'
import { errorOf, threadCase } from './scope.ts'

function names(): string[] {
  return threads().map(({ name }) => name)
}

threadCase('THR-15: the main thread is named and known, and differs from others as they see it', async () => {
  const main = mainThread()
  assert.equal(currentThread(), main)
  assert.deepEqual([main.name, main.daemon, main.isAlive()], ['MainThread', false, true])
  assert.ok(Object.isFrozen(main))
  const thread = new Thread(lookAround, [], { name: 'looker', daemon: true }).start()
  assert.deepEqual(await thread.join(), {
    name: 'looker',
    ident: thread.ident,
    daemon: true,
    main: 'MainThread',
    isMain: false,
    all: ['MainThread', 'looker'],
    count: 2,
  })
})

threadCase('inside a worker of an executor, it is that worker', async () => {
  const pool = new ThreadPoolExecutor({ maxWorkers: 1, name: 'crew' })
  const seen = await pool.submit(lookAround)
  assert.deepEqual([seen.name, seen.daemon, seen.isMain], ['crew-0', false, false])
  assert.ok(threads().some(({ ident, name }) => ident === seen.ident && name === 'crew-0'))
  await pool.shutdown()
})

threadCase('threads() lists a thread from its start until its target is done', async gate => {
  const thread = new Thread(passGate, [gate.words, 1], { name: 'listed' })
  assert.deepEqual(names(), ['MainThread'])
  thread.start()
  assert.deepEqual(names(), ['MainThread', 'listed'])
  assert.equal(activeCount(), 2)
  const info = threads()[1]!
  assert.deepEqual([info.ident, info.daemon, info.isAlive()], [thread.ident, false, true])
  gate.open()
  await until(() => !thread.isAlive())
  assert.deepEqual(names(), ['MainThread'])
  assert.equal(info.isAlive(), false)
  await thread.join()
})

threadCase('THR-07, THR-13: a thread cannot join itself, also while another joins it', async gate => {
  const thread = new Thread(joinSelf, [gate.words], { name: 'narcissus' }).start()
  const joining = thread.join()
  await gate.whenStarted(1)
  gate.open()
  assert.equal(await joining, 'InvalidStateError: cannot join thread narcissus from within: it would wait for itself')
  assert.ok((await errorOf(currentThread().join())) instanceof InvalidStateError)
})

threadCase('any thread can wait for the end of any other', async gate => {
  const awaited = new Thread(passGate, [gate.words, 1], { name: 'awaited' }).start()
  const info = threads().find(({ ident }) => ident === awaited.ident)!
  const others = [1, 2].map(() => new Thread(joinByName, [gate.words, 'awaited']).start())
  await gate.whenStarted(3)
  assert.ok((await errorOf(info.join({ timeout: 5 }))) instanceof TimeoutError)
  assert.equal((await errorOf(info.join({ timeout: 0 }))).message, 'thread awaited is alive')
  const here = info.join()
  gate.open()
  await here
  await info.join()
  assert.deepEqual(await Promise.all(others.map(other => other.join())), [false, false])
})

threadCase('a long name is cut where other threads see it', async () => {
  const name = 'n'.repeat(100)
  const thread = new Thread(lookAround, [], { name }).start()
  assert.equal(thread.name, name)
  const seen = await thread.join()
  assert.ok(seen.name.length > 40 && name.startsWith(seen.name), seen.name)
})
