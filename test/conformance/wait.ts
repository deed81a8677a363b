/** `wait` over the futures of every executor. Ids are those of CPython's behaviours. */
import assert from 'node:assert/strict'
import { Future, wait } from 'multitask'
import { fail, failAtGate, passGate, square } from '../fixtures/tasks.ts'
import { executorCases, type MakeExecutor, newGate } from './scope.ts'

export function waitSuite(name: string, make: MakeExecutor): void {
  const check = executorCases(name, make)

  check('wait: all of them, by default', 2, async executor => {
    const futures = [executor.submit(square, 1), executor.submit(fail, 'bad'), executor.submit(square, 3)]
    const { done, pending } = await wait(futures)
    assert.deepEqual([...done], futures)
    assert.equal(pending.size, 0)
  })

  check('WAI-01: the same future given twice is one', 2, async executor => {
    const future = executor.submit(square, 1)
    const { done, pending } = await wait([future, future])
    assert.deepEqual([...done], [future])
    assert.equal(pending.size, 0)
  })

  check('WAI-02: first-completed returns at the first that is done', 2, async (executor, gate) => {
    const slow = executor.submit(passGate, gate.words, 1)
    const fast = executor.submit(square, 2)
    const { done, pending } = await wait([slow, fast], { returnWhen: 'first-completed' })
    assert.deepEqual([...done], [fast])
    assert.deepEqual([...pending], [slow])
  })

  check(
    'WAI-02: first-completed returns at once if one is done already, whatever its end',
    2,
    async (executor, gate) => {
      const slow = executor.submit(passGate, gate.words, 1)
      const cancelled = executor.submit(square, 2)
      cancelled.cancel()
      const { done, pending } = await wait([slow, cancelled], { returnWhen: 'first-completed' })
      assert.deepEqual([...done], [cancelled])
      assert.deepEqual([...pending], [slow])
    },
  )

  check('WAI-05: first-exception passes over results, and returns at the first error', 3, async (executor, gate) => {
    const other = newGate(make)
    try {
      const slow = executor.submit(passGate, other.words, 1)
      const fast = executor.submit(square, 2)
      const failing = executor.submit(failAtGate, gate.words, 'bad')
      const waiting = wait([slow, fast, failing], { returnWhen: 'first-exception' })
      await fast
      gate.open()
      const { done, pending } = await waiting
      assert.deepEqual([...done], [fast, failing])
      assert.deepEqual([...pending], [slow])
      assert.equal((failing.exception() as Error).message, 'bad')
    } finally {
      other.open()
    }
  })

  check('WAI-06: first-exception returns at once if one has failed already', 2, async (executor, gate) => {
    const failed = executor.submit(fail, 'bad')
    await failed.catch(() => {})
    const slow = executor.submit(passGate, gate.words, 1)
    const { done, pending } = await wait([slow, failed], { returnWhen: 'first-exception' })
    assert.deepEqual([...done], [failed])
    assert.deepEqual([...pending], [slow])
  })

  check('WAI-06: a cancelled future has not failed', 2, async (executor, gate) => {
    const cancelled = executor.submit(square, 1)
    cancelled.cancel()
    const slow = executor.submit(passGate, gate.words, 1)
    const waiting = wait([cancelled, slow], { returnWhen: 'first-exception' })
    gate.open()
    const { done, pending } = await waiting
    assert.deepEqual([...done], [cancelled, slow])
    assert.equal(pending.size, 0)
  })

  check('WAI-08: at the timeout it throws nothing, and tells which are done', 2, async (executor, gate) => {
    const fast = executor.submit(square, 1)
    await fast
    const slow = executor.submit(passGate, gate.words, 1)
    for (const timeout of [0, 10]) {
      const { done, pending } = await wait([fast, slow], { timeout })
      assert.deepEqual([...done], [fast])
      assert.deepEqual([...pending], [slow])
    }
  })

  check('TPE-05: no end is lost among 100 calls that finish while they are waited for', 4, async (executor, gate) => {
    const futures = Array.from({ length: 100 }, (_, n) => executor.submit(passGate, gate.words, n))
    const waiting = wait(futures)
    gate.open()
    const { done, pending } = await waiting
    assert.equal(done.size, 100)
    assert.equal(pending.size, 0)
  })

  check('the errors of what wait reports are no unhandled rejections', 2, async (executor, gate) => {
    const early = executor.submit(fail, 'early')
    const late = executor.submit(failAtGate, gate.words, 'late')
    const waiting = wait([early, late])
    await new Promise<void>(resolve => early.addDoneCallback(() => setTimeout(resolve, 5)))
    gate.open()
    const { done } = await waiting
    await new Promise(resolve => setTimeout(resolve, 5))
    assert.deepEqual(
      [...done].map(future => (future.exception() as Error).message),
      ['early', 'late'],
    )
  })

  check('futures of different sources can be waited for together', 2, async executor => {
    const own = new Future<string>()
    const waiting = wait(new Set<Future<unknown>>([own, executor.submit(square, 2)]))
    own.setResult('own')
    const { done } = await waiting
    assert.deepEqual(
      [...done].map(future => future.result()),
      ['own', 4],
    )
  })
}
