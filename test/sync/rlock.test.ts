import assert from 'node:assert/strict'
import { AsyncLocalStorage } from 'node:async_hooks'
import { test } from 'node:test'
import { RLock } from 'multitask'
import { currentOwner, provideOwner } from '../../dist/sync/ownership.js'
import { lockSuite } from '../conformance/lock.ts'
import { rlockSuite } from '../conformance/rlock.ts'

const tasks = new AsyncLocalStorage<object>()
provideOwner(() => tasks.getStore())

function asTask<T>(f: () => Promise<T>): Promise<T> {
  return tasks.run({}, f)
}

const make = (options?: { name?: string }): RLock => new RLock(options)

lockSuite('RLock', make, { asTask })
rlockSuite('RLock', make, asTask)

test('of tasks of two kinds, one inside the other, each pair is one owner', () => {
  const others = new AsyncLocalStorage<object>()
  const takeBack = provideOwner(() => others.getStore())
  const [task, other] = [{}, {}]
  const both = tasks.run(task, () => others.run(other, currentOwner))
  assert.equal(
    others.run(other, () => tasks.run(task, currentOwner)),
    both,
  )
  assert.equal(tasks.run(task, currentOwner), task)
  assert.equal(others.run(other, currentOwner), other)
  assert.notEqual(
    tasks.run(task, () => others.run({}, currentOwner)),
    both,
  )
  assert.ok(both !== task && both !== other)
  takeBack()
  assert.equal(others.run(other, currentOwner), undefined)
})
