/**
 * A thread may be killed anywhere. Here it is killed at each access to shared memory in turn: a hook makes the access, and
 * every later one, throw; what names the thread in shared memory is then given the identity of one that has ended. Another
 * handle on the same queue, as another thread would have it, has to find everything in order.
 */
import assert from 'node:assert/strict'
import { QueueEmpty, SharedQueue } from 'multitask'
import { casesAlone } from '../conformance/sync-cases.ts'
import { attachHook } from '../../dist/memory/atomics.js'
import { receiveWords } from '../../dist/memory/neighbour-words.js'
import { performNow } from '../../dist/memory/perform.js'
import { claimPlace, leavePlace, ownIdentity } from '../../dist/memory/thread-table.js'
import { OWN_WORDS } from '../../dist/memory/waiting-mask.js'
import { openQueue, READER, WRITER } from '../../dist/queue/queue-memory.js'
import type { Sent, SharedState } from '../../dist/sync/handles.js'
import { portable } from '../../dist/wire/portable.js'

const alone = casesAlone('SharedQueue')

class Killed extends Error {}

const MOST = 3
const LONG = 'x'.repeat(3000)

/** Two handles on one queue, as two threads would have them. */
function twoHandles(): { state: SharedState; victim: SharedQueue<unknown>; survivor: SharedQueue<unknown> } {
  const victim = new SharedQueue<unknown>(MOST, { bytes: 1024 })
  const { data } = (victim as unknown as Record<typeof portable, () => { data: unknown }>)[portable]()
  const { number, words } = data as Sent
  const state: SharedState = { number, words: receiveWords(words)!, shared: true }
  return { state, victim, survivor: new (SharedQueue as never as SharedQueueOf)(0, {}, state) }
}

type SharedQueueOf = new (maxSize: number, options: object, state: SharedState) => SharedQueue<unknown>

/** Runs `f` until its access number `last`, and buries it. Returns false if it came to its end. */
function killedAt(last: number, state: SharedState, f: () => unknown): boolean {
  let accesses = 0
  attachHook({
    plays: false,
    perform(operation, cells, index, a, b) {
      if (++accesses >= last) throw new Killed()
      return performNow(operation, cells, index, a, b)
    },
    wait(words, index, value, timeout) {
      if (++accesses >= last) throw new Killed()
      return Atomics.wait(words, index, value, timeout)
    },
    allocate: bytes => new SharedArrayBuffer(bytes),
    beginWait() {},
  })
  try {
    f()
    if (accesses < last) return false
  } catch (error) {
    if (!(error instanceof Killed)) throw error
  } finally {
    attachHook(undefined)
  }
  bury(state)
  return true
}

/** Puts the identity of a thread that has ended in the place of this one's. */
function bury(state: SharedState): void {
  const { identity } = claimPlace('ghost')
  leavePlace(identity)
  const own = ownIdentity()
  const { producers, consumers } = openQueue(state)
  for (const { words } of [producers, consumers]) {
    if (words[OWN_WORDS]! >> 1 === own) words[OWN_WORDS] = (identity << 1) | (words[OWN_WORDS]! & 1)
  }
  for (const turn of [WRITER, READER]) if (state.words[turn] === own) state.words[turn] = identity
}

/** All that comes out. An item that a consumer had in hand counts until somebody takes the next. */
function drain(queue: SharedQueue<unknown>): unknown[] {
  const items: unknown[] = []
  for (;;) {
    try {
      items.push(queue.tryGet())
    } catch (error) {
      assert.ok(error instanceof QueueEmpty)
      assert.deepEqual([queue.size, queue.empty], [0, true])
      return items
    }
  }
}

/** The queue has room for as many items as ever, long ones too, and counts them right. */
async function works(queue: SharedQueue<unknown>): Promise<void> {
  for (let round = 0; round < 2; round++) {
    for (let item = 0; item < MOST; item++) queue.putSync(item, { timeout: 0 })
    assert.throws(() => queue.tryPut('more'), { name: 'QueueFull' })
    assert.deepEqual([queue.size, queue.full], [MOST, true])
    assert.deepEqual(drain(queue), [0, 1, 2])
    const put = queue.put(LONG)
    assert.equal(await queue.get(), LONG)
    await put
    assert.deepEqual([queue.size, queue.empty], [0, true])
  }
}

type Act = (queue: SharedQueue<unknown>) => unknown

async function atEachAccess(
  before: readonly unknown[],
  act: Act,
  check: (items: unknown[], queue: SharedQueue<unknown>) => void,
): Promise<void> {
  for (let access = 1; ; access++) {
    const { state, victim, survivor } = twoHandles()
    for (const item of before) victim.tryPut(item)
    if (!killedAt(access, state, () => act(victim))) return
    const items = drain(survivor)
    check(items, survivor)
    await works(survivor)
    assert.ok(access < 500)
  }
}

alone('a producer that dies anywhere in a put has put its item or not', async () => {
  await atEachAccess(
    ['a', 'b'],
    queue => queue.putSync('c'),
    items => assert.ok(['a,b', 'a,b,c'].includes(items.join()), items.join()),
  )
})

alone('a producer that dies anywhere in a put of an object with new names spoils no name', async () => {
  const item = { first: 1, second: 2 }
  await atEachAccess(
    ['a'],
    queue => queue.putSync(item),
    (items, queue) => {
      assert.ok(items.length === 1 || items.length === 2)
      if (items.length === 2) assert.deepEqual(items[1], item)
      queue.tryPut({ second: 5, third: 6 })
      assert.deepEqual(queue.tryGet(), { second: 5, third: 6 })
    },
  )
})

alone('a consumer that dies anywhere in a get has taken the item or not', async () => {
  await atEachAccess(
    ['a', 'b', 'c'],
    queue => queue.getSync(),
    items => assert.ok(['a,b,c', 'b,c'].includes(items.join()), items.join()),
  )
})

alone('a producer that dies anywhere in the middle of a long item has not put it', async () => {
  await atEachAccess(
    ['a'],
    queue => void queue.put(LONG).catch(() => {}),
    items => assert.deepEqual(items, ['a']),
  )
})

alone('a producer that dies anywhere while it takes a long item back has not put it', async () => {
  await atEachAccess(
    ['a'],
    queue => {
      try {
        queue.putSync(LONG, { timeout: 0 })
      } catch (error) {
        if (error instanceof Killed) throw error
      }
    },
    items => assert.deepEqual(items, ['a']),
  )
})

alone('a consumer that dies anywhere in the middle of a long item has lost that one at most', async () => {
  const long = 'y'.repeat(500)
  await atEachAccess(
    [long, 'a'],
    queue => queue.getSync(),
    items => assert.ok([`${long},a`, 'a'].includes(items.join()), items.join().slice(0, 20)),
  )
})

alone('a thread that dies anywhere in a shutdown leaves the queue as it was, or shut down', async () => {
  for (const immediate of [false, true]) {
    for (let access = 1; ; access++) {
      const { state, victim, survivor } = twoHandles()
      for (const item of ['a', 'b']) victim.tryPut(item)
      if (!killedAt(access, state, () => victim.shutdown({ immediate }))) break
      const items = survivor.isShutDown ? [...survivor.itemsSync()] : drain(survivor)
      assert.ok(items.join() === 'a,b' || (immediate && items.length === 0), items.join())
      if (!survivor.isShutDown) await works(survivor)
    }
  }
})

alone('a consumer that dies anywhere in taskDone has done its item or not', async () => {
  for (let access = 1; ; access++) {
    const { state, victim, survivor } = twoHandles()
    for (const item of ['a', 'b']) victim.tryPut(item)
    if (!killedAt(access, state, () => victim.taskDone())) break
    const { unfinished } = survivor.statistics()
    assert.ok(unfinished === 1 || unfinished === 2)
    for (let left = unfinished; left > 0; left--) survivor.taskDone()
    await survivor.join({ timeout: 0 })
  }
})
