import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  InvalidStateError,
  Lock,
  moveOnAfter,
  shield,
  sleep,
  taskContext,
  TimeoutError,
  timeout,
  timeoutAt,
  type TimeoutContext,
} from 'multitask'
import { deaf } from '../conformance/task-group.ts'
import { diary, errorOf, LIMIT, virtually } from '../fixtures/virtual.ts'

virtually('work that is done in time gives its value or its error', async clock => {
  assert.equal(await timeout(100, () => sleep(10, 'value')), 'value')
  const problem = new TypeError('mine')
  assert.equal(await errorOf(timeout(100, () => Promise.reject(problem))), problem)
  assert.equal(problem.cause, undefined)
  assert.equal(clock.elapsed, 10)
})

virtually('when the time is up the work is cancelled and waited for; then it is a TimeoutError', async clock => {
  const { lines, log } = diary(clock)
  let context!: TimeoutContext
  const error = await errorOf(
    timeout(100, async given => {
      context = given
      const reason = (await errorOf(sleep(500))) as Error
      log(`${reason.name}: ${reason.message}, ${given.signal.reason === reason}`)
      await deaf(20)
      throw reason
    }),
  )
  log('out')
  assert.deepEqual(lines, ['CancelledError: the time of the timeout of 100 ms is up, true @100', 'out @120'])
  assert.ok(error instanceof TimeoutError)
  assert.equal(error.message, 'not done within 100 ms')
  assert.equal(error.cause, context.signal.reason)
  assert.equal(context.expired, true)
})

virtually('its own waits that time out are told from it', async () => {
  const lock = new Lock()
  using guard = await lock.acquire()
  void guard
  let tries = 0
  const error = await errorOf(
    timeout(100, async () => {
      for (;;) {
        try {
          await lock.acquire({ timeout: 30 })
        } catch (failure) {
          if (!(failure instanceof TimeoutError)) throw failure
          tries++
        }
      }
    }),
  )
  assert.equal((error as Error).message, 'not done within 100 ms')
  assert.equal(tries, 3)
})

virtually('two scopes that are late at once: the outer one is, the inner one lets it through', async () => {
  let outer!: TimeoutContext
  let inner!: TimeoutContext
  let fromInner: unknown
  const error = await errorOf(
    timeout(100, async first => {
      outer = first
      fromInner = await errorOf(
        timeout(100, async second => {
          inner = second
          await sleep(500)
        }),
      )
      throw fromInner
    }),
  )
  assert.ok(error instanceof TimeoutError)
  assert.equal(fromInner, outer.signal.reason)
  assert.deepEqual([outer.expired, inner.expired], [true, true])
})

virtually('an inner scope that is late alone is caught inside', async clock => {
  const value = await timeout(100, async () => {
    await errorOf(timeout(20, () => sleep(500)))
    await sleep(10)
    return 'went on'
  })
  assert.deepEqual([value, clock.elapsed], ['went on', 30])
})

virtually('with 0 the first wait ends at once, even sleep(0); work that never waits passes', async () => {
  const error = await errorOf(timeout(0, () => sleep(0)))
  assert.equal((error as Error).message, 'not done within 0 ms')
  assert.equal(await timeout(0, () => 'value'), 'value')
  assert.equal((await errorOf(timeoutAt(Date.now() - 5, () => sleep(0)))) instanceof TimeoutError, true)
})

virtually('an error of the clean-up goes through, and tells that the time was up', async () => {
  const error = (await errorOf(
    timeout(100, async () => {
      await errorOf(sleep(500))
      throw new TypeError('clean-up')
    }),
  )) as Error
  assert.equal(String(error), 'TypeError: clean-up')
  assert.ok(error.cause instanceof TimeoutError)
})

virtually('work that swallows the cancellation and returns gives its value, late', async () => {
  let expired = false
  const value = await timeout(100, async context => {
    await errorOf(sleep(500))
    expired = context.expired
    return 'late'
  })
  assert.deepEqual([value, expired], ['late', true])
})

virtually('after a TimeoutError nothing is left cancelled', async clock => {
  await timeout(1000, async ({ signal }) => {
    await errorOf(timeout(10, () => sleep(500)))
    assert.equal(signal.aborted, false)
    await sleep(10)
  })
  assert.equal(clock.elapsed, 20)
})

virtually('reschedule() puts it off, forward, or away; the deadline follows', async clock => {
  const value = await timeout(50, async context => {
    assert.ok(Math.abs(context.deadline - Date.now() - 50) < 25)
    context.reschedule(100)
    await sleep(90)
    context.reschedule(Infinity)
    assert.equal(context.deadline, Infinity)
    await sleep(1000)
    return 'in time'
  })
  assert.deepEqual([value, clock.elapsed], ['in time', 1090])
  const error = await errorOf(
    timeout(1000, async context => {
      context.reschedule(10)
      await sleep(500)
    }),
  )
  assert.ok(error instanceof TimeoutError)
  assert.equal(clock.elapsed, 1100)
})

virtually('it cannot be rescheduled when the time was up, or when it is over', async () => {
  let over!: TimeoutContext
  await timeout(10, async context => {
    over = context
    await errorOf(sleep(500))
    assert.throws(() => context.reschedule(50), {
      name: 'InvalidStateError',
      message: 'cannot reschedule the timeout of 10 ms: it has expired',
    })
  })
  assert.throws(() => over.reschedule(50), InvalidStateError)
})

virtually('in the clean-up of an expired scope a shield has time of its own', async clock => {
  const error = await errorOf(
    timeout(100, async () => {
      try {
        await sleep(500)
      } finally {
        assert.equal(await shield(() => timeout(50, () => sleep(10, 'closed'))), 'closed')
        await errorOf(shield(() => timeout(50, () => sleep(500))))
      }
    }),
  )
  assert.ok(error instanceof TimeoutError)
  assert.equal(clock.elapsed, 160)
})

virtually('the nearest deadline is that of the context', async () => {
  await timeout(100, async outer => {
    await timeout(1000, inner => assert.equal(inner.deadline, outer.deadline))
    await timeout(10, inner => assert.ok(inner.deadline < outer.deadline))
    await shield(context => assert.equal(context.deadline, Infinity))
    assert.equal(taskContext()?.deadline, outer.deadline)
  })
})

virtually('a deadline is kept as it was given', async () => {
  const deadline = Date.now() + 1000
  assert.equal(await timeoutAt(deadline, context => context.deadline), deadline)
  assert.equal(await timeoutAt(Infinity, context => context.deadline), Infinity)
})

virtually('a signal ends it too, with the reason of the signal', async () => {
  const outer = new AbortController()
  const waiting = timeout(100, () => sleep(500), { signal: outer.signal })
  const reason = new Error('outside')
  outer.abort(reason)
  assert.equal(await errorOf(waiting), reason)
})

virtually('moveOnAfter makes a result of it', async clock => {
  assert.deepEqual(await moveOnAfter(100, () => sleep(10, 'value')), { timedOut: false, value: 'value' })
  assert.deepEqual(await moveOnAfter(100, () => sleep(500)), { timedOut: true, value: undefined })
  const late = await moveOnAfter(100, async () => {
    await errorOf(sleep(500))
    return 'late'
  })
  assert.deepEqual(late, { timedOut: false, value: 'late' })
  assert.equal(String(await errorOf(moveOnAfter(100, () => Promise.reject(new Error('mine'))))), 'Error: mine')
  assert.equal(clock.elapsed, 210)
})

virtually('a cancellation from around passes through moveOnAfter', async () => {
  const error = await errorOf(timeout(50, () => moveOnAfter(100, () => sleep(500))))
  assert.ok(error instanceof TimeoutError)
})

void test('check() sees in a busy loop that the time is up, where no alarm can ring', LIMIT, async () => {
  const error = await errorOf(
    timeout(5, context => {
      for (;;) context.check()
    }),
  )
  assert.equal((error as Error).message, 'not done within 5 ms')
})

void test('what is wrong with the call is an error of it', LIMIT, async () => {
  await assert.rejects(
    timeout(-1, () => {}),
    RangeError,
  )
  await assert.rejects(
    timeout(NaN, () => {}),
    RangeError,
  )
  await assert.rejects(
    timeout('5' as never, () => {}),
    TypeError,
  )
  await assert.rejects(timeout(5, Promise.resolve() as never), /timeout takes a function, not a promise/)
  await assert.rejects(
    timeoutAt(NaN, () => {}),
    RangeError,
  )
  await assert.rejects(
    timeout(5, () => {}, { sgnal: 1 } as never),
    /"sgnal" is not an option of timeout\(\)/,
  )
})
