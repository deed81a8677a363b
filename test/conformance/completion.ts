/**
 * `wait` and `asCompleted` over anything that is done some time: tasks, futures, both. Settled by hand, on a clock that
 * passes by itself. The behaviours over executors are in wait.ts and as-completed.ts. Ids are those of CPython's.
 */
import assert from 'node:assert/strict'
import { asCompleted, type FutureLike, sleep, TaskGroup, TimeoutError, wait } from 'multitask'
import { errorOf, virtually } from '../fixtures/virtual.ts'
import { read } from './scope.ts'

/** Something that is yet to be done, and how it is brought to its end. */
export interface Pending {
  readonly it: FutureLike<number>
  readonly resolve: (value: number) => void
  readonly fail: (error: unknown) => void
  readonly cancel: () => void
}

const handles = (all: readonly Pending[]): FutureLike<number>[] => all.map(each => each.it)

async function end(all: readonly Pending[]): Promise<void> {
  for (const each of all) each.resolve(0)
  await Promise.allSettled(handles(all))
}

/** `make(n)`: the n-th of a case, so that kinds may take turns. */
export function completionSuite(suite: string, make: (n: number) => Pending): void {
  const it = (claim: string, body: Parameters<typeof virtually>[1]): void => virtually(`${suite}: ${claim}`, body)
  const several = (count: number): Pending[] => Array.from({ length: count }, (_, n) => make(n))

  it('WAI-02, AWT-03: first-completed tells of all that are done', async () => {
    const all = several(3)
    all[1]!.resolve(1)
    all[2]!.resolve(2)
    await sleep(0)
    const { done, pending } = await wait(handles(all), { returnWhen: 'first-completed' })
    assert.deepEqual([[...done], [...pending]], [handles(all.slice(1)), handles(all.slice(0, 1))])
    await end(all)
  })

  it('WAI-05, WAI-06: first-exception passes over results and cancellations', async () => {
    const all = several(4)
    const waiting = wait(handles(all), { returnWhen: 'first-exception' })
    all[0]!.resolve(1)
    all[1]!.cancel()
    await sleep(10)
    all[2]!.fail(undefined)
    const { done, pending } = await waiting
    assert.deepEqual([[...done], [...pending]], [handles(all.slice(0, 3)), handles(all.slice(3))])
    await end(all)
  })

  it('WAI-01, AWT-02: each counts once; the timeout throws nothing and cancels nothing', async clock => {
    const all = several(2)
    all[0]!.fail(new Error('not thrown'))
    const { done, pending } = await wait([...handles(all), all[0]!.it], { timeout: 100 })
    assert.deepEqual([done.size, pending.size, clock.elapsed], [1, 1, 100])
    assert.equal(all[1]!.it.cancelled(), false)
    await end(all)
  })

  it('whoever waits can be cancelled, by his task and by a signal, and those he waits for go on', async clock => {
    const all = several(2)
    await TaskGroup.run(async group => {
      const waiting = group.spawn(() => wait(handles(all)))
      const reading = group.spawn(() => read(asCompleted(handles(all))))
      const stop = new AbortController()
      const signalled = wait(handles(all), { signal: stop.signal })
      await sleep(10)
      waiting.cancel('enough')
      reading.cancel('enough')
      stop.abort(new Error('no more'))
      assert.equal(((await errorOf(waiting)) as Error).message, 'enough')
      assert.equal(((await reading).error as Error).message, 'enough')
      assert.equal(((await errorOf(signalled)) as Error).message, 'no more')
    })
    assert.deepEqual([clock.elapsed, ...handles(all).map(each => each.done())], [10, false, false])
    await end(all)
  })

  it('ASC-01, AWT-06, AWT-07: the very ones come, in the order in which they finish, whatever their end', async () => {
    const all = several(3)
    const [first, second, third] = all as [Pending, Pending, Pending]
    const order: FutureLike<number>[] = []
    third.cancel()
    await sleep(0)
    for await (const each of asCompleted(handles(all))) {
      order.push(each)
      if (order.length === 1) second.fail(new Error('looked at by nobody'))
      else first.resolve(1)
    }
    assert.deepEqual(
      order.map(each => all.findIndex(({ it: given }) => given === each)),
      [2, 1, 0],
    )
  })

  it('AWT-06: the first to be asked for is the first to finish', async () => {
    const all = several(2)
    const items = asCompleted(handles(all))
    const [one, two] = [items.next(), items.next()]
    all[1]!.resolve(1)
    await sleep(10)
    all[0]!.resolve(0)
    assert.deepEqual([(await one).value, (await two).value], [all[1]!.it, all[0]!.it])
    assert.deepEqual(await items.next(), { done: true, value: undefined })
  })

  it('AWT-08: the timeout is for all of them: those that are done come, then it throws', async clock => {
    const all = several(3)
    all[0]!.resolve(0)
    await sleep(0)
    const seen: FutureLike<number>[] = []
    const items = asCompleted(handles(all), { timeout: 100 })
    const error = await errorOf(
      (async () => {
        for await (const each of items) {
          seen.push(each)
          await sleep(70)
          if (seen.length === 1) all[1]!.resolve(1)
        }
      })(),
    )
    assert.ok(error instanceof TimeoutError)
    assert.equal(error.message, '1 of 3 were not done within 100 ms')
    assert.deepEqual([seen.length, clock.elapsed], [2, 140])
    await end(all)
  })

  it('AWT-09, ASC-04: it may be read on later, and gives each once', async () => {
    const all = several(2)
    const items = asCompleted([...handles(all), ...handles(all)])
    all[0]!.resolve(0)
    assert.equal((await items.next()).value, all[0]!.it)
    await sleep(10)
    all[1]!.resolve(1)
    assert.deepEqual(await read(items as AsyncIterable<unknown>), { values: [all[1]!.it], error: undefined })
  })
}
