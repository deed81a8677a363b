import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sharedWords, store } from '../../dist/memory/atomics.js'
import { claimPlace, leavePlace, nextThing } from '../../dist/memory/thread-table.js'
import { ATTENDANCE_RECORD } from '../../dist/sync/attendance.js'
import { Round, ROUND_WORDS } from '../../dist/sync/barrier-round.js'
import { ThreadRecords } from '../../dist/sync/thread-records.js'

const LIMIT = { timeout: 30_000 }

/** The word of the mutex is the last one. */
const MUTEX = ROUND_WORDS - 1

test('a thread that ends halfway through a step breaks the barrier, and the count is right again', LIMIT, () => {
  const words = sharedWords(ROUND_WORDS)
  const records = new ThreadRecords(ATTENDANCE_RECORD)
  const round = new Round({ words, records, mutex: nextThing(), parties: 4, hasAction: false, label: 'Barrier' })
  assert.equal(round.arrive()?.as, 'waiter')
  assert.equal(round.arrive()?.as, 'waiter')
  const { identity } = claimPlace('ghost')
  store(words, MUTEX, identity << 1)
  leavePlace(identity)
  assert.deepEqual([round.broken, round.waiting, round.stirsInside], [true, 0, true])
  for (const _ of [1, 2]) {
    const departure = round.depart()
    assert.ok(departure !== undefined && 'error' in departure)
    assert.equal(departure.error.message, 'the Barrier is broken: a thread ended as one of its parties')
  }
  assert.throws(() => round.arrive(), /a thread ended as one of its parties/)
  round.reset()
  for (const as of ['waiter', 'waiter', 'waiter', 'last']) assert.equal(round.arrive()?.as, as)
  const indexes = [1, 2, 3].map(() => round.depart())
  assert.deepEqual(indexes, [{ index: 0 }, { index: 1 }, { index: 2 }])
})

test('ALK-31, ALK-32: who comes while a round drains, acts or is reset is held back until all have gone', LIMIT, () => {
  const words = sharedWords(ROUND_WORDS)
  const records = new ThreadRecords(ATTENDANCE_RECORD)
  const round = new Round({ words, records, mutex: nextThing(), parties: 3, hasAction: true, label: 'Barrier' })
  for (const as of ['waiter', 'waiter', 'actor']) assert.equal(round.arrive()?.as, as)
  assert.deepEqual([round.arrive(), round.depart(), round.waiting], [undefined, undefined, 0])
  round.acted(0)
  assert.equal(round.arrive(), undefined)
  assert.deepEqual(round.depart(), { index: 0 })
  assert.equal(round.arrive(), undefined)
  // Half have gone: the others are told, and those at the gate are not.
  round.reset()
  assert.equal(round.arrive(), undefined)
  const departure = round.depart()
  assert.ok(departure !== undefined && 'error' in departure)
  assert.match(departure.error.message, /was reset while this party waited/)
  assert.equal(round.arrive()?.as, 'waiter')
  assert.equal(round.waiting, 1)
})

test('ALK-33: abort while half have gone is for those inside and for those at the gate', LIMIT, () => {
  const words = sharedWords(ROUND_WORDS)
  const records = new ThreadRecords(ATTENDANCE_RECORD)
  const round = new Round({ words, records, mutex: nextThing(), parties: 3, hasAction: false, label: 'Barrier' })
  for (const as of ['waiter', 'waiter', 'last']) assert.equal(round.arrive()?.as, as)
  assert.deepEqual(round.depart(), { index: 0 })
  assert.equal(round.arrive(), undefined)
  round.abort()
  const departure = round.depart()
  assert.ok(departure !== undefined && 'error' in departure)
  assert.match(departure.error.message, /was aborted/)
  assert.throws(() => round.arrive(), /was aborted/)
  // Nobody is left inside, so it is as new at once.
  round.reset()
  assert.equal(round.arrive()?.as, 'waiter')
})
