import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sharedWords } from '../../dist/memory/atomics.js'
import { nextThing } from '../../dist/memory/thread-table.js'
import { STATE_WORDS } from '../../dist/sync/patience.js'
import { awaitSteps, blockSteps, step, type Steps } from '../../dist/sync/steps.js'
import { WaitQueue } from '../../dist/sync/wait-queue.js'

const LIMIT = { timeout: 30_000 }

function late(timeout: number): string {
  return `late after ${timeout}`
}

/** A flag to wait for, and what happens around the waits. */
class Flag {
  isSet = false
  readonly told: unknown[] = []
  readonly queue = new WaitQueue(
    { number: nextThing(), words: sharedWords(STATE_WORDS), shared: false },
    () => false,
    'flag',
  )

  set(): void {
    this.isSet = true
    this.queue.wakeAll()
  }

  /** Waits for the flag twice, then lets nothing come between. */
  *steps(): Steps<string> {
    const attempt = (): string | undefined => (this.isSet ? 'set' : undefined)
    const wait = { queue: this.queue, attempt, late, holder: () => 0 }
    try {
      this.told.push(yield* step(wait))
      this.told.push(yield* step(wait))
      return 'done'
    } catch (error) {
      this.told.push(error)
      throw error
    } finally {
      this.told.push(yield* step({ ...wait, late: undefined }))
    }
  }
}

test('steps begin at once, and go on with what each wait came to', LIMIT, async () => {
  const flag = new Flag()
  const done = awaitSteps(flag.steps())
  assert.equal(flag.queue.length, 1)
  flag.set()
  assert.equal(await done, 'done')
  assert.deepEqual(flag.told, ['set', 'set', 'set'])
  assert.equal(blockSteps(flag.steps()), 'done')
})

test('the time limit is one deadline for all of them', LIMIT, async () => {
  const flag = new Flag()
  const done = awaitSteps(flag.steps(), { timeout: 20 })
  while (flag.told.length < 2) await new Promise(resolve => setTimeout(resolve, 1))
  assert.deepEqual(flag.told, ['late after 20', 'late after 20'])
  await new Promise(resolve => setTimeout(resolve, 5))
  assert.equal(flag.queue.length, 1, 'the last one has no limit')
  flag.set()
  assert.equal(await done, 'done')
})

test('the reason of a signal goes through them, and nothing ends a step that must not be ended', LIMIT, async () => {
  const flag = new Flag()
  const controller = new AbortController()
  const reason = new Error('enough')
  const done = awaitSteps(flag.steps(), { signal: controller.signal })
  controller.abort(reason)
  while (flag.told.length < 1) await new Promise(resolve => setImmediate(resolve))
  assert.deepEqual([flag.told, flag.queue.length], [[reason], 1])
  flag.set()
  await assert.rejects(done, error => error === reason)
})

test('if they are refused they do not begin', LIMIT, async () => {
  const flag = new Flag()
  await assert.rejects(awaitSteps(flag.steps(), { timeout: -1 }), RangeError)
  await assert.rejects(awaitSteps(flag.steps(), { signal: AbortSignal.abort(new Error('enough')) }), /enough/)
  assert.throws(() => blockSteps(flag.steps(), { timeout: NaN }), RangeError)
  assert.deepEqual([flag.told, flag.queue.length], [[], 0])
})

test('what would block for ever is an error that goes through them', LIMIT, () => {
  const flag = new Flag()
  const steps = flag.steps()
  // The step that must not be ended cannot end either: its error is what comes out.
  assert.throws(() => blockSteps(steps), { name: 'DeadlockError' })
  assert.equal((flag.told[0] as Error).name, 'DeadlockError')
})
