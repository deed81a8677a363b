import { SharedQueue } from 'multitask'
import { boundedQueueSuite } from '../conformance/bounded-queue.ts'
import { queueSuite } from '../conformance/queue.ts'
import { sharedQueueSuite } from '../conformance/shared-queue.ts'

queueSuite('SharedQueue', 'first', options => new SharedQueue(0, options))
// It has all that the suite asks for, though it is no Queue.
boundedQueueSuite('SharedQueue', (maxSize, options) => new SharedQueue<number>(maxSize, options) as never)
sharedQueueSuite('SharedQueue', (maxSize, options) => new SharedQueue(maxSize, options))
