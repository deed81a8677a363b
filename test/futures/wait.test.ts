/** `wait` and `asCompleted` over futures that are settled by hand. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asCompleted, Future, wait } from 'multitask'
import { runProgram } from '../fixtures/run-program.ts'

/** A future that counts its callbacks. */
class Counted extends Future<number> {
  callbacks = 0
  override addDoneCallback(callback: (future: Future<number>) => void): void {
    this.callbacks++
    super.addDoneCallback(callback)
  }
  override removeDoneCallback(callback: (future: Future<number>) => void): boolean {
    const removed = super.removeDoneCallback(callback)
    if (removed) this.callbacks--
    return removed
  }
}

test('wait for nothing returns at once', async () => {
  for (const returnWhen of ['all', 'first-completed', 'first-exception'] as const) {
    assert.deepEqual(await wait([], { returnWhen }), { done: new Set(), pending: new Set() })
  }
})

test('wait polls with a timeout of 0, also for the first that is done', async () => {
  const done = new Future<number>()
  done.setResult(1)
  const open = new Future<number>()
  assert.deepEqual([...(await wait([open, done], { timeout: 0 })).done], [done])
  assert.deepEqual([...(await wait([open], { timeout: 0, returnWhen: 'first-completed' })).pending], [open])
})

test('first-exception sees an error that looks like nothing', async () => {
  const failed = new Future<number>()
  failed.setException(undefined)
  const open = new Future<number>()
  const { done, pending } = await wait([open, failed], { returnWhen: 'first-exception' })
  assert.deepEqual([...done], [failed])
  assert.deepEqual([...pending], [open])
})

test('wait tells of all that finished in the same turn', async () => {
  const futures = [new Future<number>(), new Future<number>(), new Future<number>()]
  const waiting = wait(futures, { returnWhen: 'first-completed' })
  futures[0]!.setResult(0)
  futures[1]!.setException(new Error('seen'))
  const { done, pending } = await waiting
  assert.deepEqual([...done], futures.slice(0, 2))
  assert.deepEqual([...pending], futures.slice(2))
})

test('wait leaves no callback on futures that are not done', async () => {
  const open = [new Counted(), new Counted()]
  const ending = new Future<number>()
  const waiting = wait([...open, ending], { returnWhen: 'first-completed' })
  assert.deepEqual(
    open.map(each => each.callbacks),
    [1, 1],
  )
  ending.setResult(1)
  await waiting
  assert.deepEqual(
    open.map(each => each.callbacks),
    [0, 0],
  )
  await wait(open, { timeout: 1 })
  assert.deepEqual(
    open.map(each => each.callbacks),
    [0, 0],
  )
})

test('an error of a future that wait did not tell of stays unhandled', { timeout: 30_000 }, async () => {
  const { code, stdout, stderr } = await runProgram('wait-and-miss.ts')
  assert.equal(stdout, 'one is done\n')
  assert.match(stderr, /nobody looked/)
  assert.equal(code, 1)
})

test('wrong arguments are refused, with their value', async () => {
  await assert.rejects(wait(5 as never), {
    name: 'TypeError',
    message: 'wait needs an iterable of tasks or futures, not 5',
  })
  await assert.rejects(wait([Promise.resolve(1)] as never), {
    name: 'TypeError',
    message: 'wait needs tasks or futures, not a promise',
  })
  await assert.rejects(wait([], { returnWhen: 'FIRST_COMPLETED' as never }), {
    name: 'TypeError',
    message: 'returnWhen must be "all" or "first-completed" or "first-exception", not "FIRST_COMPLETED"',
  })
  await assert.rejects(wait([], { timeOut: 5 } as never), {
    name: 'TypeError',
    message: '"timeOut" is not an option of wait(): did you mean timeout?',
  })
  await assert.rejects(wait([], { timeout: -1 }), RangeError)
  assert.throws(() => asCompleted([new Future(), 5] as never), {
    name: 'TypeError',
    message: 'asCompleted needs tasks or futures, not 5',
  })
  assert.throws(() => asCompleted([], { timeout: NaN }), RangeError)
})

test('asCompleted leaves no callback when the reader leaves or the time is up', async () => {
  const open = new Counted()
  const left = asCompleted([open])
  await left.return?.()
  assert.equal(open.callbacks, 0)
  await assert.rejects(asCompleted([open], { timeout: 0 }).next(), { name: 'TimeoutError' })
  assert.equal(open.callbacks, 0)
})

test('asCompleted gives the very futures, not their values', async () => {
  const future = new Future<number>()
  future.setResult(1)
  for await (const given of asCompleted([future])) assert.ok(Object.is(given, future))
})

test('asCompleted gives those that are done already in the order given', async () => {
  const futures = [3, 1, 2].map(n => {
    const future = new Future<number>()
    future.setResult(n)
    return future
  })
  const values: number[] = []
  for await (const future of asCompleted(futures)) values.push(future.result())
  assert.deepEqual(values, [3, 1, 2])
})
