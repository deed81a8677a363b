/** Many threads, one after the other and side by side; nothing is left of them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Lock, Thread, threads } from 'multitask'
import { exit, never } from '../fixtures/deadly.ts'
import { Gate, until } from '../fixtures/gate.ts'
import { fail, square } from '../fixtures/tasks.ts'
import { dieHolding } from '../fixtures/thread-targets.ts'

const LIMIT = { timeout: 30_000 * Number(process.env['MULTITASK_REPEAT'] ?? 1) }
/** 200 before a release: `MULTITASK_REPEAT=200 npm test`. */
const THREADS = Math.min(200, 24 * Number(process.env['MULTITASK_REPEAT'] ?? 1))
const LANES = 8

/** What keeps this process alive, by kind. */
function resources(): string[] {
  return process.getActiveResourcesInfo?.().filter(kind => /Worker|MessagePort/.test(kind)) ?? []
}

void test(`${THREADS} threads, ${LANES} at a time, each with its own outcome; nothing is left`, LIMIT, async () => {
  const before = resources()
  const idents = new Set<number>()
  let next = 0
  const lane = async (): Promise<void> => {
    for (let i = next++; i < THREADS; i = next++) {
      const thread = i % 10 === 3 ? new Thread(fail, [`${i}`]) : new Thread(square, [i])
      idents.add(thread.start().ident!)
      assert.ok(threads().length <= LANES + 1)
      if (i % 10 === 3) await assert.rejects(thread.join(), { message: `${i}` })
      else assert.equal(await thread.join(), i * i)
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  assert.equal(idents.size, THREADS)
  assert.equal(threads().length, 1)
  assert.deepEqual(resources(), before)
})

void test('threads that die in every way leave nothing either', LIMIT, async () => {
  const before = resources()
  for (let round = 0; round < 5; round++) {
    const gate = new Gate()
    const lock = new Lock()
    const [exiting, failing] = [new Thread(exit, [3]).start(), new Thread(fail, ['no']).start()]
    const [waiting, holding] = [
      new Thread(never, [gate.words]).start(),
      new Thread(dieHolding, [lock, gate.words]).start(),
    ]
    const starting = new Thread(square, [1]).start()
    const joins = Promise.allSettled([exiting, failing, waiting, holding, starting].map(each => each.join()))
    starting.terminate()
    await gate.whenStarted(2)
    for (const thread of [waiting, holding]) thread.terminate()
    const outcomes = await joins
    assert.deepEqual(
      outcomes.map(outcome => (outcome.status === 'rejected' ? (outcome.reason as Error).name : 'no error')),
      ['WorkerDiedError', 'TypeError', 'CancelledError', 'CancelledError', 'CancelledError'],
    )
    assert.equal(threads().length, 1)
  }
  await until(() => resources().length === before.length)
})
