/** What tasks throw, in another thread. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TaskGroupError } from 'multitask'
import { cancellation } from '../../dist/task/cancellation.js'
import { copy } from '../fixtures/codec/crossing.ts'
import { LIMIT } from '../fixtures/virtual.ts'

void test('a TaskGroupError crosses with its errors, a cancellation with who it was', LIMIT, () => {
  const inner = new TaskGroupError([new RangeError('deep')], 'inner')
  const reason = cancellation('beside', 'sibling', { task: 'fetch', cause: inner })
  const arrived = copy(new TaskGroupError([inner, reason], 'outer', { cause: inner }))
  assert.ok(arrived instanceof TaskGroupError)
  assert.deepEqual([arrived.name, arrived.code, arrived.message], ['TaskGroupError', 'ERR_TASK_GROUP', 'outer'])
  assert.ok(arrived.find(RangeError))
  const { source, task } = arrived.errors[1] as typeof reason
  assert.deepEqual([source, task], ['sibling', 'fetch'])
})
