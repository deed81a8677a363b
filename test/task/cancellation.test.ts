import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CancelScope, parkedScopes } from '../../dist/task/cancel-scope.js'
import { CancelledError, createTask, isCancellation, sleep, TaskGroup, TaskGroupError } from 'multitask'
import { settle } from 'multitask/testing'
import { errorOf, LIMIT, virtually } from '../fixtures/virtual.ts'

const work = { kind: 'group', name: '' } as const

virtually('isCancellation: in a cancelled task it is what the cancellation threw', async () => {
  const seen: boolean[] = []
  const task = createTask(async () => {
    const error = await errorOf(sleep(500))
    seen.push(isCancellation(error), isCancellation(new Error('mine')))
    seen.push(isCancellation(new Error('wrapped', { cause: error })))
    throw error
  })
  task.cancel(new Error('any error can be a reason'))
  await errorOf(task)
  assert.deepEqual(seen, [true, false, true])
})

void test('isCancellation: outside of tasks it goes by the class and the name', LIMIT, () => {
  const aborted = AbortSignal.abort()
  assert.deepEqual(
    [new CancelledError(), aborted.reason, new Error('mine'), undefined, null, 'text'].map(error =>
      isCancellation(error),
    ),
    [true, true, false, false, false, false],
  )
})

void test('isCancellation: with a signal it is that this signal ended it', LIMIT, () => {
  const controller = new AbortController()
  const reason = new Error('enough')
  assert.equal(isCancellation(reason, controller.signal), false)
  controller.abort(reason)
  const wrapped = new Error('wrapped', { cause: reason })
  assert.deepEqual(
    [reason, wrapped, new Error('mine')].map(error => isCancellation(error, controller.signal)),
    [true, true, false],
  )
})

virtually('several cancellations in one error are one', async () => {
  const task = createTask(() => Promise.any([sleep(500), sleep(600)]))
  task.cancel()
  await errorOf(task)
  assert.equal(task.state, 'cancelled')
})

virtually('APIs of the runtime that take a signal end in a cancelled task', async () => {
  const { setTimeout: wait } = await import('node:timers/promises')
  const { once, EventEmitter } = await import('node:events')
  const calls = [
    (context: { signal: AbortSignal }) => wait(10_000, undefined, context),
    (context: { signal: AbortSignal }) => once(new EventEmitter(), 'never', context),
  ]
  for (const call of calls) {
    const task = createTask(call)
    task.cancel('enough')
    // What comes out is the reason, whatever the API made of it.
    assert.equal(((await errorOf(task)) as Error).message, 'enough')
    assert.equal(task.state, 'cancelled')
  }
})

void test('all scopes below are marked before the first is told', LIMIT, () => {
  const root = new CancelScope(work, undefined)
  const [left, right] = [new CancelScope(work, root), new CancelScope(work, root)]
  const below = new CancelScope(work, right)
  const seen: unknown[] = []
  left.listen(() => seen.push(right.reason, below.reason))
  root.cancel('reason')
  assert.deepEqual(seen, ['reason', 'reason'])
  for (const scope of [below, left, right, root]) scope.close()
})

void test('a scope that is born in a cancelled one is cancelled, a shielded one is not', LIMIT, () => {
  const root = new CancelScope(work, undefined)
  root.cancel('reason')
  const [plain, shielded] = [new CancelScope(work, root), new CancelScope(work, root, true)]
  assert.deepEqual([plain.reason, shielded.reason], ['reason', undefined])
  assert.deepEqual([plain.signal.aborted, shielded.signal.aborted], [true, false])
  for (const scope of [plain, shielded, root]) scope.close()
})

void test('the first reason stays, and a scope that is over is cancelled no more', LIMIT, () => {
  const scope = new CancelScope(work, undefined)
  scope.cancel('first')
  scope.cancel('second')
  assert.equal(scope.signal.reason, 'first')
  scope.close()
  const over = new CancelScope(work, undefined)
  over.close()
  over.cancel('late')
  assert.equal(over.reason, undefined)
})

void test('what a scope leaves open goes to its parent', LIMIT, () => {
  const root = new CancelScope(work, undefined)
  const middle = new CancelScope(work, root)
  const below = new CancelScope(work, middle)
  let emptied = 0
  root.whenEmpty = () => emptied++
  middle.close()
  assert.deepEqual([below.parent === root, root.first === below, emptied], [true, true, 0])
  root.cancel('reason')
  assert.equal(below.reason, 'reason')
  below.close()
  assert.equal(emptied, 1)
  root.close()
})

void test('a listener that is taken back is not called, and one that comes late is', LIMIT, async () => {
  const scope = new CancelScope(work, undefined)
  const calls: unknown[] = []
  scope.listen(() => calls.push('taken back'))()
  scope.cancel('reason')
  scope.listen(reason => calls.push(reason))
  scope.listen(() => calls.push('taken back'))()
  await settle(1)
  assert.deepEqual(calls, ['reason'])
  scope.close()
})

void test('a waiting scope is counted once, however many waits it has', LIMIT, () => {
  const scope = new CancelScope(work, undefined)
  const ends = [scope.onCancel(() => {}), scope.onCancel(() => {})]
  assert.equal(parkedScopes(), 1)
  for (const end of ends) {
    end()
    end()
  }
  assert.equal(parkedScopes(), 0)
  scope.onCancel(() => {})
  scope.cancel('reason')
  assert.equal(parkedScopes(), 0)
  scope.close()
})

/** Counts the listeners that a signal has. */
function counted(): { readonly controller: AbortController; listeners(): number } {
  const controller = new AbortController()
  let listeners = 0
  const { signal } = controller
  const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)]
  signal.addEventListener = ((...args: Parameters<typeof add>) => (listeners++, add(...args))) as typeof add
  signal.removeEventListener = ((...args: Parameters<typeof remove>) => (listeners--, remove(...args))) as typeof remove
  return { controller, listeners: (): number => listeners }
}

virtually('an outer signal has one listener, however many groups follow it, and none at the end', async () => {
  const outer = counted()
  const { signal } = outer.controller
  const groups = Array.from({ length: 20 }, () => TaskGroup.run(group => void group.spawn(() => sleep(10)), { signal }))
  assert.equal(outer.listeners(), 1)
  await Promise.all(groups)
  assert.equal(outer.listeners(), 0)
  await TaskGroup.run(() => sleep(10, undefined, { signal }))
  assert.equal(outer.listeners(), 0)
})

virtually('no signal is made for a child that never reads it', async () => {
  const Controller = globalThis.AbortController
  let made = 0
  globalThis.AbortController = class extends Controller {
    constructor() {
      super()
      made++
    }
  }
  try {
    await TaskGroup.run(async group => {
      for (let i = 0; i < 10; i++) group.spawn(() => sleep(10))
      const task = group.spawn(context => {
        assert.equal(context.signal, context.signal)
        return sleep(10)
      })
      task.cancel()
    })
    assert.equal(made, 1)
  } finally {
    globalThis.AbortController = Controller
  }
})

void test('a TaskGroupError can be flattened, searched and split', LIMIT, () => {
  const [type, range, plain] = [new TypeError('t'), new RangeError('r'), new Error('p')]
  const error = new TaskGroupError([type, new TaskGroupError([range, plain], 'inner')], 'outer', { cause: type })
  assert.deepEqual(
    [error.name, error.code, error instanceof AggregateError],
    ['TaskGroupError', 'ERR_TASK_GROUP', true],
  )
  assert.deepEqual(error.flatten(), [type, range, plain])
  assert.equal(error.find(RangeError), range)
  assert.equal(
    error.find((each: unknown) => (each as Error).message === 'p'),
    plain,
  )
  assert.equal(error.find(SyntaxError), undefined)
  const [ranges, others] = error.split(RangeError)
  assert.deepEqual([ranges?.message, ranges?.errors.length, ranges?.flatten()], ['outer', 1, [range]])
  assert.ok(ranges?.errors[0] instanceof TaskGroupError)
  assert.deepEqual([others?.flatten(), others?.cause], [[type, plain], type])
  assert.deepEqual(
    error.split(() => true),
    [error.split(() => true)[0], undefined],
  )
  assert.deepEqual(error.split(Error)[1], undefined)
})
