/** Pipes between threads, whichever way each end works. The ends that are not in a worker are in this thread. */
import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import {
  BrokenPipeError,
  CannotSendError,
  type Connection,
  EndOfFileError,
  InvalidStateError,
  pipe,
  type PipeOptions,
  type ThreadPoolExecutor,
  TimeoutError,
} from 'multitask'
import { casesAlone, casesWithDeaths, casesWithThreads } from '../conformance/sync-cases.ts'
import { until } from '../fixtures/gate.ts'
import * as tasks from '../fixtures/pipe-tasks.ts'
import { bulk, type Way } from '../fixtures/queue-tasks.ts'
import { same } from '../fixtures/sync-tasks.ts'

const alone = casesAlone('pipe')
const check = casesWithThreads('pipe')
const checkDeath = casesWithDeaths('pipe')

type Place = Way | 'main'

const WAYS: readonly Way[] = ['blocks', 'awaits']
const PAIRS = [...WAYS, 'main' as const].flatMap(a => WAYS.map(b => [a, b] as const))

function at<R>(
  place: Place,
  pool: ThreadPoolExecutor,
  work: (end: Connection, way: Way, ...args: never[]) => Promise<R>,
  end: Connection,
  ...args: unknown[]
): PromiseLike<R> {
  return place === 'main' ? work(end, 'awaits', ...(args as never[])) : pool.submit(work as never, end, place, ...args)
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

for (const [from, to] of PAIRS) {
  const ends = `from ${from} to ${to}`

  check(`${ends}: a question at a time is answered`, async ({ pool }) => {
    const [a, b] = pipe()
    const echo = at(to, pool, tasks.echo, b)
    assert.equal(await at(from, pool, tasks.askCount, a, 500), 500)
    assert.equal(await echo, 500)
  })

  for (const [sender, receiver] of [
    [from, to],
    [to, from],
  ] as const) {
    if (sender === receiver && from !== sender) continue

    check(`from ${sender} to ${receiver}: many messages arrive in their order`, async ({ pool }) => {
      const [a, b] = pipe({ bytes: 4096 })
      const got = at(receiver, pool, tasks.collect, b)
      await at(sender, pool, tasks.sendCount, a, 20_000)
      assert.deepEqual(await got, numbers(20_000))
    })

    check(`from ${sender} to ${receiver}: messages longer than the pipe among short ones`, async ({ pool }) => {
      const [a, b] = pipe({ bytes: 4096 })
      const sizes = [10, 1100, 4000, 3 * 4096, 50, 300_000, 7]
      const got = at(receiver, pool, tasks.collectBulks, b)
      await at(sender, pool, tasks.sendBulks, a, sizes)
      assert.deepEqual(
        await got,
        sizes.flatMap((size, index) => [[size, index], index]),
      )
    })
  }
}

check('a message of 16 MB comes back as it went', async ({ pool }) => {
  const [here, there] = pipe()
  const echo = pool.submit(tasks.echo, there, 'blocks')
  await here.send(bulk(16_000_000, 5))
  assert.deepEqual(await here.recv(), bulk(16_000_000, 5))
  here.close()
  assert.equal(await echo, 1)
})

check('a receiver that gives up in the middle of a long message leaves it to the next', async ({ pool, gate }) => {
  const [here, there] = pipe({ bytes: 1024 })
  const sending = pool.submit(tasks.sendAndStall, there, gate.words, 5000)
  await gate.whenStarted(1)
  const controller = new AbortController()
  const gone = here.recv({ signal: controller.signal })
  await assert.rejects(here.recv({ timeout: 3 }), TimeoutError)
  controller.abort()
  await assert.rejects(gone, { name: 'AbortError' })
  assert.throws(() => here.recvSync({ timeout: 3 }), TimeoutError)
  assert.deepEqual([here.statistics().unread, here.pollSync()], [0, true])
  gate.open()
  assert.deepEqual(await here.recv(), bulk(5000, 1))
  await sending
})

check('both directions at the same time, with messages longer than the pipe', async ({ pool }) => {
  const [here, there] = pipe({ bytes: 2048 })
  const echo = pool.submit(tasks.echo, there, 'awaits')
  const sent = Array.from({ length: 20 }, (_, index) => bulk(index * 1000, index))
  const sending = (async () => {
    for (const message of sent) await here.send(message)
  })()
  for (const message of sent) assert.deepEqual(await here.recv(), message)
  await sending
  here.close()
  assert.equal(await echo, 20)
})

check('what was sent before the other end closed is received, then comes the end of the file', async ({ pool }) => {
  for (const way of WAYS) {
    const [here, there] = pipe()
    await pool.submit(tasks.sendCount, there, way, 3)
    assert.deepEqual([await here.recv(), here.recvSync(), await here.recv()], [0, 1, 2])
    const ended = { name: 'EndOfFileError', code: 'ERR_END_OF_FILE' }
    for (let i = 0; i < 2; i++) {
      await assert.rejects(here.recv(), ended)
      assert.throws(() => here.recvSync(), ended)
    }
    await assert.rejects(here.send(1), { name: 'BrokenPipeError', code: 'ERR_BROKEN_PIPE' })
    assert.throws(() => here.sendSync(1), BrokenPipeError)
  }
})

check('who waits when the other end closes is told', async ({ pool }) => {
  for (const way of WAYS) {
    const [here, there] = pipe({ bytes: 1024 })
    const receiving = pool.submit(tasks.recvOne, there, way)
    await until(() => pool.statistics().busy === 1)
    here.close()
    assert.equal(await receiving, 'EndOfFileError')
    const [reader, writer] = pipe({ bytes: 1024 })
    const sending = pool.submit(tasks.sendForEver, writer, way)
    await until(() => reader.statistics().unread > 5)
    reader.close()
    assert.equal(await sending, 'BrokenPipeError')
  }
})

check('PIP-07: this thread may close its copy of an end that it has just sent', async ({ pool }) => {
  const [here, there] = pipe()
  const sending = pool.submit(tasks.sendCount, there, 'awaits', 2)
  assert.equal(there.closed, true)
  there.close()
  assert.deepEqual([await here.recv(), await here.recv()], [0, 1])
  await sending
  await assert.rejects(here.recv(), EndOfFileError)
  there.close()
})

check('an end that was sent away cannot be used here', async ({ pool }) => {
  const [here, there] = pipe()
  const waiting = there.recv()
  const echo = pool.submit(tasks.echo, there, 'awaits')
  const away = { name: 'InvalidStateError', message: 'the Connection was sent to another thread, and belongs to it' }
  await assert.rejects(there.send(1), away)
  await assert.rejects(there.recv(), away)
  assert.throws(() => there.pollSync(), away)
  assert.throws(() => pool.submit(tasks.echo, there, 'awaits'), away)
  // A task of this thread that was waiting hears of it when the other thread has the end.
  await assert.rejects(waiting, away)
  here.close()
  await echo
})

check('PIP-09: an end comes back with a result, and goes to another thread', async ({ pool }) => {
  const [here, there] = pipe()
  const back = await pool.submit(tasks.sendAndReturn, there, 1)
  assert.equal(back, there)
  assert.equal(await here.recv(), 1)
  await back.send(2)
  const again = await pool.submit(tasks.sendAndReturn, back, 3)
  assert.deepEqual([await here.recv(), await here.recv()], [2, 3])
  await here.send(4)
  assert.equal(await again.recv(), 4)
  again.close()
  await assert.rejects(here.recv(), EndOfFileError)
})

check('both ends may be in one other thread, and are the same pipe there', async ({ pool }) => {
  const [a, b] = (await pool.submit(same, pipe())) as [Connection, Connection]
  await a.send('there')
  assert.equal(await b.recv(), 'there')
})

checkDeath('the end of a thread is the end of the file, for those who wait and those who come', async ({ pool }) => {
  for (const blocks of [false, true]) {
    const [here, there] = pipe()
    pool.submit(tasks.exitAfterReceiving, there).catch(() => {})
    await here.send('go')
    if (blocks) assert.throws(() => here.recvSync(), EndOfFileError)
    else await assert.rejects(here.recv(), EndOfFileError)
    await assert.rejects(here.send('more'), BrokenPipeError)
  }
})

checkDeath(
  'of a thread that dies in the middle of a message, the messages before it are received',
  async ({ pool }) => {
    for (let round = 0; round < 3; round++) {
      const [here, there] = pipe({ bytes: 2048 })
      pool.submit(tasks.exitWhileSending, there, ['a', 'b']).catch(() => {})
      const got: unknown[] = []
      for await (const message of here) got.push(message)
      assert.deepEqual(got, ['a', 'b'])
    }
  },
)

alone('both ends in one thread, and a message for every kind of value', async () => {
  const [a, b] = pipe()
  const messages = [
    '',
    undefined,
    null,
    0,
    -0,
    NaN,
    10n,
    new Uint8Array(0),
    [],
    {},
    [[undefined]],
    new Map([[1, new Set('a')]]),
  ]
  for (const message of messages) await a.send(message)
  assert.equal(b.statistics().unread, messages.length)
  for (const message of messages) {
    assert.equal(b.pollSync(), true)
    assert.deepEqual(await b.recv(), message)
  }
  for (const message of messages) {
    a.sendSync(message)
    assert.deepEqual(b.recvSync(), message)
    const receiving = b.recv()
    a.sendSync(message)
    assert.deepEqual(await receiving, message)
  }
  assert.equal(b.pollSync(), false)
  await b.send('back')
  assert.equal(a.recvSync(), 'back')
})

alone('PIP-03: poll says at once whether there is something, and waits only if it is told how long', async () => {
  const [a, b] = pipe()
  assert.deepEqual(
    [await b.poll(), b.pollSync(), await b.poll({ timeout: 3 }), b.pollSync({ timeout: 3 })],
    [false, false, false, false],
  )
  const polling = b.poll({ timeout: Infinity })
  await a.send('')
  assert.deepEqual([await polling, await b.poll(), b.pollSync({ timeout: 30_000 })], [true, true, true])
  assert.equal(await b.recv(), '')
  assert.equal(await b.poll(), false)
  a.close()
  assert.deepEqual([await b.poll(), b.pollSync()], [true, true])
  await assert.rejects(b.poll({ timeout: -1 }), RangeError)
  assert.throws(() => b.pollSync({ timeOut: 1 } as never), /did you mean timeout\?/)
})

alone('an end that only receives, and one that only sends', async () => {
  const [reader, writer] = pipe({ duplex: false })
  assert.deepEqual([reader.readable, reader.writable, writer.readable, writer.writable], [true, false, false, true])
  await writer.send(1)
  assert.equal(await reader.recv(), 1)
  await assert.rejects(reader.send(1), {
    name: 'InvalidStateError',
    message: 'cannot send: this Connection only receives',
  })
  await assert.rejects(writer.recv(), {
    name: 'InvalidStateError',
    message: 'cannot receive: this Connection only sends',
  })
  assert.throws(() => writer.recvSync(), InvalidStateError)
  assert.throws(() => reader.sendSync(1), InvalidStateError)
  await assert.rejects(writer.poll(), InvalidStateError)
})

alone('PIP-08: leaving the scope closes an end, and a closed end cannot be used', async () => {
  const [a, b] = pipe({ name: 'talk' })
  {
    using end = b
    assert.equal(end.closed, false)
  }
  assert.deepEqual([a.closed, b.closed], [false, true])
  b.close()
  const closed = { name: 'InvalidStateError', message: 'the Connection "talk" is closed' }
  await assert.rejects(b.recv(), closed)
  await assert.rejects(b.send(1), closed)
  assert.throws(() => b.recvSync(), closed)
  await assert.rejects(b.poll(), closed)
  await assert.rejects(b[Symbol.asyncIterator]().next(), closed)
  await assert.rejects(a.recv(), {
    message: 'the other end of the Connection "talk" is closed: there will be no more messages',
  })
  await assert.rejects(a.send(1), { message: 'cannot send: the other end of the Connection "talk" is closed' })
})

alone('closing an end tells the tasks that wait at either', async () => {
  const [a, b] = pipe()
  const [mine, other] = [b.recv(), a.recv()]
  b.close()
  await assert.rejects(mine, InvalidStateError)
  await assert.rejects(other, EndOfFileError)
})

alone('waits give up in time, or when their signal says so, and take nothing', async () => {
  const [a, b] = pipe<string>({ bytes: 1024, name: 'talk' })
  await assert.rejects(b.recv({ timeout: 3 }), {
    name: 'TimeoutError',
    message: 'the Connection "talk" has no message, and still had none after 3 ms',
  })
  assert.throws(() => b.recvSync({ timeout: 0 }), {
    name: 'TimeoutError',
    message: 'the Connection "talk" has no message',
  })
  await assert.rejects(b.recv({ signal: AbortSignal.abort('no') }), reason => reason === 'no')
  const controller = new AbortController()
  const receiving = b.recv({ signal: controller.signal })
  controller.abort(new Error('enough'))
  await assert.rejects(receiving, /enough/)
  let sent = 0
  for (; ; sent++) {
    try {
      a.sendSync('x'.repeat(100), { timeout: 0 })
    } catch (error) {
      assert.ok(error instanceof TimeoutError)
      assert.equal(error.message, 'the Connection "talk" has no room for the message')
      break
    }
  }
  await assert.rejects(a.send('y'.repeat(100), { timeout: 3 }), TimeoutError)
  for (let i = 0; i < sent; i++) await b.recv()
  assert.equal(await b.poll(), false)
})

alone('a long message that was given up is not received, and the next ones are', async () => {
  const [a, b] = pipe({ bytes: 1024 })
  await assert.rejects(a.send(bulk(5000, 1), { timeout: 3 }), TimeoutError)
  const next = a.send('next')
  assert.equal(await b.recv(), 'next')
  await next
  const [long, got] = [a.send(bulk(5000, 2)), b.recv()]
  await long
  assert.deepEqual(await got, bulk(5000, 2))
})

alone('what cannot be sent is refused where it is sent, and the pipe is not damaged', async () => {
  const [a, b] = pipe()
  await assert.rejects(a.send({ inner: [new WeakMap()] }), { name: 'CannotSendError', path: 'message.inner[0]' })
  await assert.rejects(a.send(pipe()[0]), {
    message: /cannot send message: it is a Connection, of which no bytes can be made\n {2}hint: send it as an argument/,
  })
  assert.throws(() => a.sendSync(new Int32Array(new SharedArrayBuffer(8))), CannotSendError)
  await a.send('fine')
  assert.equal(await b.recv(), 'fine')
})

function refused(options: unknown, error: object): void {
  assert.throws(() => pipe(options as PipeOptions), error)
}

alone('options that are none are refused', () => {
  refused({ duplx: true }, { message: '"duplx" is not an option of a pipe: did you mean duplex?' })
  refused({ duplex: 1 }, { name: 'TypeError', message: 'duplex must be a boolean, not 1' })
  refused({ bytes: 1000 }, { name: 'RangeError', message: 'bytes must be a whole number from 1024, not 1000' })
  refused({ bytes: 1024.5 }, RangeError)
  refused({ bytes: 2 ** 30 }, { message: 'bytes must be at most 268435456, not 1073741824' })
  refused({ name: 5 }, { message: 'name must be a string, not 5' })
  refused(5, { message: 'the options of a pipe must be an object, not 5' })
})

alone('shows its name, its state and who waits when it is printed', async () => {
  const [a, b] = pipe({ name: 'talk' })
  assert.equal(inspect(a), 'Connection "talk" { open }')
  const receiving = a.recv()
  assert.equal(inspect(a), 'Connection "talk" { open, 1 receiving }')
  assert.deepEqual(a.statistics(), { unread: 0, receivers: 1, senders: 0, closed: false })
  await b.send(1)
  await receiving
  await b.send(2)
  assert.equal(inspect(a), 'Connection "talk" { open, 1 unread }')
  b.close()
  assert.equal(inspect(a), 'Connection "talk" { open, the other end is closed, 1 unread }')
  assert.match(inspect(b), /^Connection "talk" \{ closed here/)
})
