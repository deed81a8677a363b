import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LifoQueue } from 'multitask'
import { boundedQueueSuite } from '../conformance/bounded-queue.ts'
import { anyItemSuite, LIMIT, queueSuite } from '../conformance/queue.ts'

queueSuite('LifoQueue', 'last', options => new LifoQueue(0, options))
anyItemSuite('LifoQueue', options => new LifoQueue(0, options))
boundedQueueSuite('LifoQueue', (maxSize, options) => new LifoQueue(maxSize, options))

test('who waited for room puts on top when it has it', LIMIT, async () => {
  const queue = new LifoQueue<string>(2)
  for (const item of ['a', 'b']) await queue.put(item)
  const put = queue.put('c')
  assert.equal(await queue.get(), 'b')
  await put
  assert.deepEqual([queue.tryGet(), queue.tryGet()], ['c', 'a'])
})
