/** What users get wrong, at every door: each has one answer, the same at all of them. */
import assert from 'node:assert/strict'
import {
  createTask,
  moveOnAfter,
  run,
  shield,
  sleep,
  TaskGroup,
  timeout,
  timeoutAt,
  toThread,
  waitFor,
} from 'multitask'
import { square } from '../fixtures/tasks.ts'
import { errorOf, virtually } from '../fixtures/virtual.ts'

/** What a call comes to, whether it throws at once or rejects. */
async function complaintOf(call: () => unknown): Promise<string> {
  return String(await errorOf((async () => call())()))
}

function noop(): void {}

function boom(): never {
  throw new Error('boom')
}

function spawnAndThrow(group: TaskGroup): never {
  group.spawn(() => sleep(1000))
  return boom()
}

function never(): never {
  assert.fail('it ran')
}

virtually('a promise where a function is wanted', async () => {
  const promise = Promise.resolve(1) as never
  const doors: Record<string, () => unknown> = {
    run: () => run(promise),
    createTask: () => createTask(promise),
    'TaskGroup.run': () => TaskGroup.run(promise),
    spawn: () => TaskGroup.run(group => group.spawn(promise), { errors: 'first' }),
    start: () => TaskGroup.run(group => group.start(promise), { errors: 'first' }),
    timeout: () => timeout(10, promise),
    timeoutAt: () => timeoutAt(Date.now(), promise),
    moveOnAfter: () => moveOnAfter(10, promise),
    shield: () => shield(promise),
    toThread: () => toThread(promise),
  }
  for (const [name, door] of Object.entries(doors)) {
    assert.equal(
      await complaintOf(door),
      `TypeError: ${name} takes a function, not a promise: what runs already can neither be cancelled nor owned; pass a function that begins it`,
    )
  }
})

virtually('a time that is none', async () => {
  const doors: Record<string, (time: number) => unknown> = {
    timeout: time => timeout(time, noop),
    moveOnAfter: time => moveOnAfter(time, noop),
    waitFor: time => waitFor(noop, time),
    sleep: time => sleep(time),
    shield: time => shield(noop, { timeout: time }),
    run: time => run(noop, { timeout: time }),
    'run, grace': time => run(noop, { grace: time }),
    TaskGroup: time => TaskGroup.run(noop, { timeout: time }),
    'TaskGroup, grace': time => TaskGroup.run(noop, { grace: time }),
    open: time => TaskGroup.open({ timeout: time }),
    reschedule: time => timeout(10, context => context.reschedule(time)),
    toThread: time => toThread.with({ timeout: time }),
  }
  for (const [name, door] of Object.entries(doors)) {
    for (const time of [-1, Number.NaN]) {
      const said = await complaintOf(() => door(time))
      assert.match(
        said,
        /^RangeError: (timeout|grace|the time to sleep) must be 0 or more milliseconds, not (-1|NaN)$/,
        name,
      )
    }
    assert.match(await complaintOf(() => door('5' as never)), /^TypeError: .* must be a number.*, not "5"$/, name)
  }
  assert.match(
    await complaintOf(() => timeoutAt(Number.NaN, noop)),
    /^RangeError: the deadline must be a moment, not NaN$/,
  )
})

virtually('a moment that has passed is a time that is up', async () => {
  assert.match(await complaintOf(() => timeoutAt(Date.now() - 1000, () => sleep(1))), /^TimeoutError/)
  assert.match(await complaintOf(() => TaskGroup.run(() => sleep(1), { deadline: 0 })), /^TimeoutError/)
})

virtually('to spawn after the end, however it ended', async () => {
  const groups = [
    TaskGroup.open({ name: 'joined' }),
    TaskGroup.open({ name: 'left' }),
    TaskGroup.open({ name: 'failed' }),
  ]
  const [joined, left, failed] = groups as [TaskGroup, TaskGroup, TaskGroup]
  await joined.join()
  await left[Symbol.asyncDispose]()
  failed.spawn(() => Promise.reject(new Error('boom')))
  await errorOf(failed.join())
  for (const group of groups) {
    const over = `InvalidStateError: the TaskGroup "${group.name}" is over: it takes no more tasks`
    assert.equal(await complaintOf(() => group.spawn(() => assert.fail('it ran'))), over)
    assert.equal(await complaintOf(() => group.start(() => assert.fail('it ran'))), over)
  }
})

virtually('to join twice, to leave twice, and one after the other', async () => {
  const group = TaskGroup.open()
  group.spawn(() => sleep(10))
  assert.equal(group.join(), group.join())
  await group.join()
  await group[Symbol.asyncDispose]()
  const failed = TaskGroup.open()
  failed.spawn(() => Promise.reject(new Error('boom')))
  const error = await errorOf(failed.join())
  assert.equal(await errorOf(failed.join()), error)
  await failed[Symbol.asyncDispose]()
  const left = TaskGroup.open()
  await left[Symbol.asyncDispose]()
  await left[Symbol.asyncDispose]()
  await left.join()
})

virtually('to cancel what is over', async () => {
  const task = createTask(() => 1)
  assert.equal(task.cancel(), false)
  assert.deepEqual([task.state, task.result()], ['done', 1])
  const failed = createTask(() => Promise.reject(new Error('boom')))
  await errorOf(failed)
  assert.equal(failed.cancel(), false)
  assert.equal(failed.state, 'failed')
  const group = TaskGroup.open()
  await group.join()
  group.cancel()
  assert.equal(group.signal.aborted, false)
  await group.join()
})

virtually('a body that never awaits', async () => {
  assert.equal(await run(() => 1), 1)
  assert.equal(await TaskGroup.run(() => 2), 2)
  assert.equal(await timeout(0, () => 3), 3)
  assert.deepEqual(await moveOnAfter(0, () => 4), { timedOut: false, value: 4 })
  assert.equal(await shield(() => 5, { timeout: 0 }), 5)
  assert.equal(await waitFor(() => 6, 1), 6)
  assert.equal(createTask(() => 7).result(), 7)
  for (const door of [() => run(boom), () => timeout(1, boom), () => shield(boom), () => createTask(boom)]) {
    assert.equal(await complaintOf(door), 'Error: boom')
  }
  assert.match(await complaintOf(() => TaskGroup.run(boom)), /^TaskGroupError: 1 error in the TaskGroup: Error: boom$/)
  // It has spawned before it threw: what it spawned is cancelled and waited for.
  assert.match(await complaintOf(() => TaskGroup.run(spawnAndThrow)), /^TaskGroupError: 1 error/)
})

virtually('a signal that is aborted: nothing begins, and its reason is thrown', async () => {
  const reason = new Error('too late')
  const signal = AbortSignal.abort(reason)
  const doors: Record<string, () => unknown> = {
    run: () => run(never, { signal }),
    'TaskGroup.run': () => TaskGroup.run(never, { signal }),
    'TaskGroup.open': () => TaskGroup.open({ signal }),
    timeout: () => timeout(10, never, { signal }),
    timeoutAt: () => timeoutAt(Date.now() + 10, never, { signal }),
    moveOnAfter: () => moveOnAfter(10, never, { signal }),
    waitFor: () => waitFor(never, 10, { signal }),
    sleep: () => sleep(10, undefined, { signal }),
    toThread: () => toThread.with({ signal })(square, 2),
  }
  for (const [name, door] of Object.entries(doors)) {
    assert.equal(await errorOf((async () => door())()), reason, name)
  }
})

virtually('what is no signal, and options that are none', async () => {
  assert.match(
    await complaintOf(() => run(() => 1, { signal: new AbortController() as never })),
    /^TypeError: signal must be an AbortSignal, not an AbortController$/,
  )
  assert.match(
    await complaintOf(() => timeout(1, () => 1, 5 as never)),
    /^TypeError: the options of timeout\(\) must be an object, not 5$/,
  )
  assert.match(
    await complaintOf(() => TaskGroup.run(() => 1, { limit: 0 })),
    /^RangeError: limit must be a whole number from 1, not 0$/,
  )
  assert.match(
    await complaintOf(() => run(() => 1, { inspectable: 1 as never })),
    /^TypeError: inspectable must be true or false, not 1$/,
  )
})
