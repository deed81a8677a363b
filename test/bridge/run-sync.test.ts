/** runSync: from a thread into the loop that owns it, and who settles it when something ends. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { run, runSync, tasks, Thread, ThreadPoolExecutor } from 'multitask'
import {
  badCalls,
  blockForLinger,
  closureThere,
  countTo,
  endOfLinger,
  failureOf,
  hold,
  joinIt,
  keepThread,
  laterThere,
  nested,
  notes,
  noteThere,
  refusedThere,
  resultOf,
  sendPromise,
} from '../fixtures/bridge-tasks.ts'
import { Gate, until } from '../fixtures/gate.ts'
import { errorOf, LIMIT } from '../fixtures/virtual.ts'

const bun = 'Bun' in globalThis
const deno = 'Deno' in globalThis

function bridgeCase(claim: string, body: () => Promise<void>): void {
  void test(claim, LIMIT, async () => {
    notes.length = 0
    await body()
    await until(() => tasks().length === 0)
  })
}

bridgeCase('a function by name runs in the state of the owner, as a task of its loop', async () => {
  const { there, here } = await new Thread(noteThere, ['hello']).start().join()
  assert.equal(there, '1: note')
  assert.deepEqual(here, [])
  assert.deepEqual(notes, ['hello in MainThread'])
})

bridgeCase('TTH-04: a promise is awaited on the loop, and its value comes back', async () => {
  const value = { at: new Date(0), list: [1, 2n, 'three'], map: new Map([['a', 1]]) }
  assert.deepEqual(await new Thread(laterThere, [value]).start().join(), value)
})

bridgeCase('TTH-04: an error comes back whole: its class, its properties, its cause', async () => {
  assert.deepEqual(await new Thread(refusedThere, [7]).start().join(), {
    name: 'Refusal',
    message: 'refused with 7',
    code: 7,
    // What Bun and Deno know of a class in another module is its name.
    isOurs: !bun && !deno,
    cause: 'RangeError: below',
  })
})

bridgeCase('from a task of a pool as well, any number of times', async () => {
  await using pool = new ThreadPoolExecutor({ maxWorkers: 2 })
  assert.deepEqual(await Promise.all([pool.submit(countTo, 100), pool.submit(countTo, 50)]), ['4950', '1225'])
})

bridgeCase('what cannot be sent is refused at the call, and what cannot come back is its error', async () => {
  assert.match(
    await new Thread(sendPromise).start().join(),
    /^CannotSendError: cannot send call\.args.*: it is a Promise/,
  )
  const failure = await new Thread(failureOf, ['giveSocket']).start().join()
  assert.match(failure, /^CannotSendError: cannot send result\.conn\.promise/)
})

bridgeCase('a function without a name runs as a copy', async () => {
  assert.equal(await new Thread(closureThere, [21]).start().join(), 42)
})

bridgeCase('a thread that a thread has started is owned by that one', async () => {
  const { there, here } = (await new Thread(nested, [], { name: 'outer' }).start().join()) as never
  assert.equal(there, '1: note')
  assert.deepEqual(here, ['inner in outer'])
  assert.deepEqual(notes, [])
})

bridgeCase('TTH-05: when the time is up the thread goes on, and the task on the loop is cancelled', async () => {
  const failure = await new Thread(failureOf, ['linger', 20]).start().join()
  assert.equal(failure, 'TimeoutError: linger on the event loop of thread "MainThread" was not done within 20 ms')
  await until(() => notes.length > 1)
  assert.deepEqual(notes, ['lingers', 'linger on the event loop of thread "MainThread" was not done within 20 ms'])
})

bridgeCase('a time limit holds also while the loop is blocked', async () => {
  const failure = new Thread(failureOf, ['sleepOn', 20]).start().joinSync({ timeout: 20_000 })
  assert.match(failure, /^TimeoutError/)
  // The loop did not know of it when the thread had had enough, and may begin it or not; it does not go on.
  await until(() => tasks().length === 0)
})

bridgeCase(
  'TTH-06: a call that is asked to stop while it waits gets its reason, and so does the task on the loop',
  async () => {
    await using pool = new ThreadPoolExecutor({ maxWorkers: 1 })
    const stop = new AbortController()
    const future = pool.with({ signal: stop.signal, grace: 20_000, name: 'endOfLinger' }).submit(endOfLinger)
    await until(() => notes.includes('lingers'))
    stop.abort(new Error('enough'))
    const error = (await errorOf(future)) as Error
    assert.deepEqual([error.name, String(error.cause)], ['CancelledError', 'Error: enough'])
    await until(() => notes.length > 1)
    assert.deepEqual(notes, ['lingers', 'task endOfLinger was cancelled: enough'])
  },
)

bridgeCase('a thread that is ended while it waits takes the task on the loop with it', async () => {
  const thread = new Thread(blockForLinger, [], { name: 'doomed' }).start()
  await until(() => notes.includes('lingers'))
  thread.terminate()
  await errorOf(thread.join())
  await until(() => notes.length > 1)
  assert.match(notes[1]!, /^thread doomed.*, which waited, has ended$/)
})

bridgeCase('the end of the run() of the owner cancels the task, and the thread is told', async () => {
  const thread = new Thread(endOfLinger)
  await run(
    async () => {
      thread.start()
      await until(() => notes.includes('lingers'))
    },
    { signals: false },
  )
  assert.equal(await thread.join(), 'CancelledError: the main task is over; undefined; false')
})

bridgeCase('a task that cancels itself is an error for the thread', async () => {
  assert.equal(await new Thread(failureOf, ['giveUp']).start().join(), 'AbortError: given up')
})

bridgeCase('an owner that blocks for the thread itself is a deadlock, which the thread is told', async () => {
  const thread = new Thread(failureOf, ['sleepOn'], { name: 'asking' }).start()
  // Whichever comes first, the call or the block. The task may begin afterwards, and is cancelled.
  const failure = thread.joinSync()
  assert.equal(
    failure,
    'DeadlockError: cannot wait for sleepOn on the event loop of thread "MainThread": that thread is blocked until this very call is done',
  )
  await thread.join()
})

bridgeCase('so it is when the task on the loop has begun, and is cancelled by that', async () => {
  const thread = new Thread(failureOf, ['linger']).start()
  await until(() => notes.includes('lingers'))
  assert.match(thread.joinSync(), /^DeadlockError/)
  await until(() => notes.length > 1)
})

bridgeCase('so it is when the very task on the loop blocks for the thread', async () => {
  const thread = new Thread(failureOf, ['joinIt'])
  keepThread(thread)
  assert.match(await thread.start().join(), /^DeadlockError/)
})

bridgeCase('so it is with the future of a pool', async () => {
  await using pool = new ThreadPoolExecutor({ maxWorkers: 1 })
  assert.match(pool.submit(failureOf, 'sleepOn').resultSync(), /^DeadlockError/)
})

bridgeCase('an owner that blocks for another call, or for a while only, is waited for', async () => {
  const thread = new Thread(resultOf, ['joinItBriefly'], { name: 'patient' })
  keepThread(thread)
  assert.equal(await thread.start().join(), 'thread patient is alive, and still was after 20 ms')
  // In two pools: in one, the call that is blocked for may be moved behind the one that asks, which nobody can see.
  await using pool = new ThreadPoolExecutor({ maxWorkers: 1 })
  await using other = new ThreadPoolExecutor({ maxWorkers: 1 })
  const gate = new Gate()
  const [held, asking] = [pool.submit(hold, gate.words), other.submit(noteThere, 'after')]
  gate.open()
  held.resultSync()
  assert.equal((await asking).there.endsWith(': note'), true)
})

bridgeCase('waiters() lists the thread that is blocked', async () => {
  const listed = await new Thread(resultOf, ['whoWaits'], { name: 'curious' }).start().join()
  assert.deepEqual(listed, ['curious: whoWaits on the event loop of thread "MainThread", held in thread "MainThread"'])
})

bridgeCase('bad calls say what is wrong', async () => {
  assert.deepEqual(await new Thread(badCalls).start().join(), [
    'TypeError: runSync takes a function, not a promise: what runs already can neither be cancelled nor owned; pass a function that begins it',
    'RangeError: timeout must be 0 or more milliseconds, not -1',
    'TypeError: "timeuot" is not an option of runSync.with(): did you mean timeout?',
  ])
})

bridgeCase('the first thread of a program has no owner', async () => {
  assert.throws(() => runSync(joinIt), {
    name: 'InvalidStateError',
    message: 'runSync() is for threads, and this is the one with which the program began: await the function instead',
  })
})
