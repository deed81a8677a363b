import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SimpleQueue } from 'multitask'
import { anyItemSuite, LIMIT, queueSuite } from '../conformance/queue.ts'

queueSuite('SimpleQueue', 'first', options => new SimpleQueue(options))
anyItemSuite('SimpleQueue', options => new SimpleQueue(options))

test('put returns nothing, as there is nothing to wait for', LIMIT, () => {
  const queue = new SimpleQueue<number>()
  for (let item = 0; item < 10_000; item++) assert.equal(queue.put(item), undefined)
  assert.equal(queue.size, 10_000)
})

test('it takes no size', LIMIT, () => {
  assert.throws(() => new SimpleQueue(5 as never), /the options of a SimpleQueue must be an object, not 5/)
})
