import assert from 'node:assert/strict'
import { test } from 'node:test'
import { load, sharedWords, store } from '../../dist/memory/atomics.js'
import {
  BLOCKED_ON,
  claimPlace,
  leavePlace,
  ownIdentity,
  placeOf,
  threadTable,
} from '../../dist/memory/thread-table.js'
import { OWN_WORDS, type Thing } from '../../dist/memory/waiting-mask.js'
import { Patience, STATE_WORDS } from '../../dist/sync/patience.js'

const NUMBER = 12_345

function notCalled(): never {
  assert.fail('nobody is called')
}

function makeThing(): Thing {
  const words = sharedWords(STATE_WORDS)
  return { number: NUMBER, words, label: 'thing', called: notCalled, handOn: notCalled }
}

/** A thing of which the next turn belongs to another thread that is alive. */
function reservedThing(): { thing: Thing; other: number } {
  const thing = makeThing()
  const other = claimPlace('other').identity
  store(thing.words, OWN_WORDS, other)
  return { thing, other }
}

/** The thread that tests calls itself in vain until it has reserved. */
function reserve(patience: Patience): void {
  for (let calls = 0; calls < 5; calls++) patience.inVain()
}

test('nobody has the next turn as long as nobody was called in vain too often', () => {
  const thing = makeThing()
  const patience = new Patience(thing)
  for (let calls = 0; calls < 4; calls++) assert.equal(patience.inVain(), Infinity)
  assert.equal(load(thing.words, OWN_WORDS), 0)
  patience.inVain()
  assert.equal(load(thing.words, OWN_WORDS), ownIdentity())
  assert.equal(patience.reserver(), 0, 'it is free for whoever has reserved it')
  patience.rest()
  assert.equal(load(thing.words, OWN_WORDS), 0)
})

test(
  'the turn of another begins when there is something to take, and ends by itself',
  { timeout: 30_000 },
  async () => {
    const { thing, other } = reservedThing()
    const patience = new Patience(thing)
    await new Promise(resolve => setTimeout(resolve, 60))
    assert.equal(patience.reserver(), other)
    assert.equal(patience.reserver(), other)
    while (patience.reserver() === other) await new Promise(resolve => setTimeout(resolve, 5))
    assert.equal(patience.reserver(), 0)
    // Then it is the turn of whoever reserves next.
    reserve(patience)
    assert.equal(load(thing.words, OWN_WORDS), ownIdentity())
    leavePlace(other)
  },
)

test('as long as it is the turn of another, nobody else reserves', () => {
  const { thing, other } = reservedThing()
  const patience = new Patience(thing)
  reserve(patience)
  assert.equal(load(thing.words, OWN_WORDS), other)
  leavePlace(other)
})

test('the turn of a thread that has ended is nobody’s', () => {
  const { thing, other } = reservedThing()
  const patience = new Patience(thing)
  assert.equal(patience.reserver(), other)
  leavePlace(other)
  assert.equal(patience.reserver(), 0)
})

test('the turn of a thread that is blocked for something else is nobody’s', () => {
  const { thing, other } = reservedThing()
  const patience = new Patience(thing)
  store(threadTable(), placeOf(other) + BLOCKED_ON, NUMBER)
  assert.equal(patience.reserver(), other)
  store(threadTable(), placeOf(other) + BLOCKED_ON, NUMBER + 1)
  assert.equal(patience.reserver(), 0)
  store(threadTable(), placeOf(other) + BLOCKED_ON, 0)
  leavePlace(other)
})
