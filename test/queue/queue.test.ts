import { Queue } from 'multitask'
import { boundedQueueSuite } from '../conformance/bounded-queue.ts'
import { anyItemSuite, queueSuite } from '../conformance/queue.ts'

queueSuite('Queue', 'first', options => new Queue(0, options))
anyItemSuite('Queue', options => new Queue(0, options))
boundedQueueSuite('Queue', (maxSize, options) => new Queue(maxSize, options))
