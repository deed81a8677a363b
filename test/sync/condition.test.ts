import assert from 'node:assert/strict'
import { AsyncLocalStorage } from 'node:async_hooks'
import { test } from 'node:test'
import { Condition, Lock, RLock } from 'multitask'
import { provideScope, type Scope } from '../../dist/limits/scope.js'
import { conditionSuite } from '../conformance/condition.ts'
import { conditionThreadSuite } from '../conformance/condition-threads.ts'

const makeDefault = (options?: { name?: string }): Condition => new Condition(undefined, options)

conditionSuite('Condition over an RLock', makeDefault)
conditionSuite('Condition over a Lock', options => new Condition(new Lock(), options))
conditionThreadSuite('Condition over an RLock', makeDefault)

const LIMIT = { timeout: 30_000 }

test('CND-01: its own lock is an RLock with its name; one that is given is used', LIMIT, () => {
  const condition = new Condition(undefined, { name: 'items' })
  assert.ok(condition.lock instanceof RLock)
  assert.equal(condition.lock.name, 'items')
  condition.acquireSync()
  condition.acquireSync()
  condition.release()
  assert.equal(condition.locked, true)
  condition.release()
  for (const lock of [new Lock(), new RLock()]) assert.equal(new Condition(lock).lock, lock)
})

test('what is no lock is refused', LIMIT, () => {
  assert.throws(() => new Condition({ name: 'items' } as never), {
    name: 'TypeError',
    message: 'the lock of a Condition must be a Lock or an RLock, not an object',
  })
  assert.throws(() => new Condition(new Condition() as never), TypeError)
  assert.throws(() => new Condition(undefined, { nam: 'x' } as never), /did you mean name/)
})

test('CND-12: however deep the lock is held, wait gives it back, and takes it again as deep', LIMIT, async () => {
  const lock = new RLock()
  const condition = new Condition(lock)
  const depths: number[] = []
  const task = lock.with(() =>
    lock.with(async () => {
      using _ = await condition.acquire()
      depths.push(lock.statistics().depth)
      assert.equal(await condition.wait(), true)
      depths.push(lock.statistics().depth)
      assert.equal(condition.waitSync({ timeout: 1 }), false)
      depths.push(lock.statistics().depth)
    }),
  )
  while (lock.locked) await new Promise(resolve => setImmediate(resolve))
  await lock.with(() => condition.notify())
  await task
  assert.deepEqual(depths, [3, 3, 3])
  assert.equal(lock.locked, false)
})

test('two conditions of one lock are notified each for itself', LIMIT, async () => {
  const lock = new Lock()
  const [full, empty] = [new Condition(lock), new Condition(lock)]
  const order: string[] = []
  const wait = (condition: Condition, name: string): Promise<void> =>
    condition.with(async () => {
      await condition.wait()
      order.push(name)
    })
  const tasks = [wait(full, 'full'), wait(empty, 'empty')]
  while (lock.locked) await new Promise(resolve => setImmediate(resolve))
  await lock.with(() => empty.notifyAll())
  await tasks[1]
  assert.deepEqual(order, ['empty'])
  await lock.with(() => full.notifyAll())
  await Promise.all(tasks)
})

test('who waits in a scope that is cancelled has the lock again, even if another has it first', LIMIT, async () => {
  const scopes = new AsyncLocalStorage<CancelScope>()
  provideScope(() => scopes.getStore())
  for (const lock of [new Lock(), new RLock()]) {
    const condition = new Condition(lock)
    const scope = new CancelScope()
    const reason = new Error('enough')
    const order: string[] = []
    const task = scopes.run(scope, async () => {
      using _ = await condition.acquire()
      await assert.rejects(condition.wait(), error => error === reason)
      assert.equal(lock.locked, true)
      order.push('cancelled')
      await assert.rejects(condition.wait(), error => error === reason)
    })
    while (lock.locked) await new Promise(resolve => setImmediate(resolve))
    await lock.with(async () => {
      scope.cancel(reason)
      await new Promise(resolve => setImmediate(resolve))
      order.push('other')
    })
    await task
    assert.deepEqual([order, lock.locked], [['other', 'cancelled'], false])
  }
  provideScope(() => undefined)
})

class CancelScope implements Scope {
  reason: unknown = undefined
  readonly isLimited = false
  readonly #members = new Set<(reason: unknown) => void>()

  onCancel(f: (reason: unknown) => void): () => void {
    this.#members.add(f)
    return () => this.#members.delete(f)
  }

  listen(f: (reason: unknown) => void): () => void {
    return this.onCancel(f)
  }

  cancel(reason: unknown): void {
    this.reason = reason
    for (const member of this.#members) member(reason)
  }
}
