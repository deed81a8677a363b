/** mapAsync in a thousand ways: whatever is read, fails, is cancelled and when, nothing is left and nothing is lost. */
import assert from 'node:assert/strict'
import { CancelledError, mapAsync, sleep, TaskGroup } from 'multitask'
import { deaf } from '../conformance/task-group.ts'
import { virtually } from '../fixtures/virtual.ts'

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
function numbersFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

class Story {
  readonly #random: () => number
  readonly limit: number
  readonly bufferSize: number
  readonly unordered: boolean
  readonly length: number
  running = 0
  most = 0
  readInputs = 0
  closed = 0
  taken = 0
  mostAhead = 0
  readonly errors: Error[] = []

  constructor(seed: number) {
    this.#random = numbersFrom(seed)
    this.limit = this.upTo(6) + 1
    this.bufferSize = this.upTo(10) + 1
    this.unordered = this.chance(0.5)
    this.length = this.upTo(40)
  }

  upTo(most: number): number {
    return Math.floor(this.#random() * (most + 1))
  }

  chance(part: number): boolean {
    return this.#random() < part
  }

  fail(what: string): never {
    const error = new Error(what)
    this.errors.push(error)
    throw error
  }

  *plain(failing: boolean): Generator<number> {
    try {
      const end = failing ? this.upTo(this.length) : this.length
      for (let index = 0; index < end; index++) {
        this.readInputs++
        this.mostAhead = Math.max(this.mostAhead, this.readInputs - this.taken)
        yield index
      }
      if (failing) this.fail('of the inputs')
    } finally {
      this.closed++
    }
  }

  async *slow(failing: boolean): AsyncGenerator<number> {
    for (const index of this.plain(failing)) {
      if (this.chance(0.5)) await sleep(this.upTo(5))
      yield index
    }
  }

  async call(index: number, failing: boolean): Promise<number> {
    this.most = Math.max(this.most, ++this.running)
    try {
      if (this.chance(0.7)) await sleep(this.upTo(20))
      if (failing && this.chance(0.1)) this.fail(`of call ${index}`)
      return index
    } catch (error) {
      await deaf(this.upTo(5))
      if (error instanceof CancelledError && failing && this.chance(0.2)) this.fail(`of cleaning up ${index}`)
      throw error
    } finally {
      this.running--
    }
  }
}

/** Errors in the error, with those in `suppressed`. */
function errorsIn(error: unknown): unknown[] {
  const { suppressed = [] } = Object(error) as { suppressed?: unknown[] }
  return [error, ...suppressed]
}

async function tell(seed: number): Promise<void> {
  const story = new Story(seed)
  const [callsFail, inputsFail] = [story.chance(0.3), story.chance(0.2)]
  const inputs = story.chance(0.5) ? story.plain(inputsFail) : story.slow(inputsFail)
  const cancelAt = story.chance(0.4) ? story.upTo(60) : undefined
  const breakAt = story.chance(0.3) ? story.upTo(20) : undefined
  const values: number[] = []
  const controller = new AbortController()
  const { limit, bufferSize, unordered } = story
  const bySignal = story.chance(0.5)
  const signal = bySignal ? controller.signal : undefined
  const reason = new CancelledError('enough')
  let outcome: { readonly error: unknown } | undefined
  await TaskGroup.run(async group => {
    group.spawn(async () => {
      try {
        const results = mapAsync(inputs, index => story.call(index, callsFail), {
          limit,
          bufferSize,
          unordered,
          signal,
        })
        for await (const value of results) {
          story.taken++
          values.push(value)
          if (story.chance(0.3)) await sleep(story.upTo(5))
          if (values.length === breakAt) break
        }
      } catch (error) {
        outcome = { error }
      }
      assert.equal(story.running, 0)
      assert.ok(story.readInputs === 0 || story.closed === 1)
    })
    if (cancelAt === undefined) return
    await sleep(cancelAt)
    if (bySignal) controller.abort(reason)
    else group.cancel(reason)
  })
  // One result is on its way to the loop.
  assert.ok(story.most <= limit && story.mostAhead <= bufferSize + 1)
  const told = outcome === undefined ? [] : errorsIn(outcome.error)
  for (const error of told) assert.ok(error === reason || story.errors.includes(error as Error), String(error))
  assert.equal(new Set(values).size, values.length)
  if (!unordered) for (const [place, value] of values.entries()) assert.equal(value, place)
  // Who cancels may do so while an error is on its way; who leaves the loop hears of all of them.
  if (cancelAt === undefined) assert.deepEqual(new Set(told), new Set(story.errors))
  if (outcome === undefined && breakAt === undefined) assert.equal(values.length, story.length)
}

virtually('however it goes: bounded, in order, no call left, the inputs closed, no error lost', async () => {
  for (let seed = 1; seed <= 1000; seed++) {
    await tell(seed).catch((error: unknown) => {
      throw new Error(`seed ${seed}`, { cause: error })
    })
  }
})
