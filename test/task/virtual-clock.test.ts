import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTask, Lock, sleep, TaskGroup } from 'multitask'
import { settle, untilParked, VirtualClock } from 'multitask/testing'
import { errorOf, LIMIT, virtually } from '../fixtures/virtual.ts'

virtually('a year passes in a moment', async clock => {
  const year = 365 * 24 * 3600 * 1000
  const began = performance.now()
  await sleep(year)
  assert.equal(clock.elapsed, year)
  assert.ok(performance.now() - began < 10_000)
})

virtually('it goes on when all wait, not before', async clock => {
  const order: string[] = []
  await TaskGroup.run(group => {
    group.spawn(() => sleep(10).then(() => order.push(`timer ${clock.elapsed}`)))
    group.spawn(async () => {
      for (let i = 0; i < 20; i++) await sleep(0)
      order.push(`busy ${clock.elapsed}`)
    })
  })
  assert.deepEqual(order, ['busy 0', 'timer 10'])
})

virtually('those who are woken do what they have to do before it goes on', async clock => {
  const moments: number[] = []
  await Promise.all(
    [1, 2].map(async () => {
      await sleep(10)
      for (let i = 0; i < 50; i++) await Promise.resolve()
      moments.push(clock.elapsed)
      await sleep(10)
      moments.push(clock.elapsed)
    }),
  )
  assert.deepEqual(moments, [10, 10, 20, 20])
})

void test('without autojump it stands until it is told', LIMIT, async () => {
  using clock = new VirtualClock({ autojump: false })
  let awake = 0
  const sleepers = [10, 20, 20].map(time => sleep(time).then(() => awake++))
  await clock.advance(9)
  assert.equal(awake, 0)
  await clock.advance(1)
  assert.equal(awake, 1)
  await clock.advance(100)
  assert.deepEqual([awake, clock.elapsed], [3, 110])
  await Promise.all(sleepers)
})

virtually('time limits of locks go by it', async clock => {
  const lock = new Lock()
  using guard = await lock.acquire()
  void guard
  const error = await errorOf(lock.acquire({ timeout: 60_000 }))
  assert.equal((error as Error).name, 'TimeoutError')
  assert.equal(clock.elapsed, 60_000)
})

void test('untilParked() waits until so many wait', LIMIT, async () => {
  const lock = new Lock()
  const guard = await lock.acquire()
  const plain = lock.acquire()
  await untilParked(1)
  const tasks = [1, 2, 3].map(() => createTask(() => lock.with(() => {})))
  await untilParked(4)
  guard.release()
  ;(await plain).release()
  await Promise.all(tasks)
  const asleep = [1, 2].map(() => createTask(() => sleep(Infinity)))
  await untilParked(2)
  for (const task of asleep) task.cancel()
  await settle()
})

void test('when it is put away, the clock before it goes on', LIMIT, async () => {
  {
    using clock = new VirtualClock()
    await sleep(5000)
    assert.equal(clock.elapsed, 5000)
  }
  const began = performance.now()
  await sleep(20)
  assert.ok(performance.now() - began >= 12)
})
