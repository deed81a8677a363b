import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Event, Lock, SharedValue, Thread } from 'multitask'
import { Gil } from 'multitask/gil'
import { countSwitches, keep, takeAfter, takeLongTurns, waitUnder } from '../fixtures/gil-tasks.ts'

const LIMIT = 60_000

void test(
  'of two threads that calculate one runs at a time, and they change over when they are asked',
  { timeout: LIMIT },
  async () => {
    const gil = new Gil({ switchInterval: 1 })
    const inside = new SharedValue('i32')
    const threads = ['ann', 'bob'].map(name => new Thread(countSwitches, [gil, inside, 6], { name }).start())
    assert.deepEqual(await Promise.all(threads.map(thread => thread.join())), [false, false])
    const { holder, taken, forced, voluntary, timeline } = gil.statistics()
    assert.equal(holder, undefined)
    assert.ok(forced >= 6)
    assert.equal(taken, forced + voluntary)
    assert.deepEqual([...new Set(timeline.map(({ thread }) => thread))].toSorted(), ['ann', 'bob'])
    assert.equal(timeline[0]!.at, 0)
  },
)

void test('a loop whose turns take long lets go at one of the next', { timeout: LIMIT }, async () => {
  const gil = new Gil({ switchInterval: 1 })
  const begun = new Event()
  const other = new Thread(takeAfter, [gil, begun]).start()
  const turns = await new Thread(takeLongTurns, [gil, begun]).start().join()
  await other.join()
  assert.ok(turns < 60, `${turns} turns`)
})

void test('whoever blocks lets go of it', { timeout: LIMIT }, async () => {
  const gil = new Gil()
  const event = new Event()
  const thread = new Thread(waitUnder, [gil, event]).start()
  // It holds the GIL or sleeps without it; either way this comes through.
  gil.run(() => event.set())
  assert.equal(await thread.join(), true)
})

void test('the end of a thread frees what it held', { timeout: LIMIT }, async () => {
  const gil = new Gil()
  const begun = new Event()
  const thread = new Thread(keep, [gil, begun], { daemon: true }).start()
  await begun.wait()
  assert.equal(gil.statistics().holder, thread.name)
  thread.terminate()
  assert.equal(
    gil.run(() => 'mine'),
    'mine',
  )
})

void test('it can be let go of by hand, and taken again inside of itself', () => {
  const gil = new Gil()
  const seen = gil.run(() => gil.run(() => gil.released(() => gil.statistics().holder)))
  assert.equal(seen, undefined)
  assert.equal(gil.statistics().voluntary, 2)
  assert.equal(
    gil.released(() => 5),
    5,
  )
  gil.checkpoint()
})

void test('an error lets go of it', () => {
  const gil = new Gil()
  assert.throws(() =>
    gil.run(() => {
      throw new RangeError('no')
    }),
  )
  assert.equal(gil.statistics().holder, undefined)
})

void test('locks work under it as they do without', () => {
  const gil = new Gil()
  const lock = new Lock()
  gil.run(() => lock.withSync(() => assert.equal(lock.locked, true)))
  assert.equal(lock.locked, false)
})

void test('what awaits is refused, and so are bad options', () => {
  const gil = new Gil()
  assert.throws(() => gil.run(async () => {}), /^TypeError: gil\.run\(\) is for functions that do not wait/)
  assert.equal(gil.statistics().holder, undefined)
  assert.throws(() => new Gil({ switchInterval: -1 }), /switchInterval/)
})
