/** A SharedQueue keeps its contract when it is used from another process. */
import { SharedQueue } from 'multitask'
import { boundedQueueSuite } from '../conformance/bounded-queue.ts'
import { queueSuite } from '../conformance/queue.ts'
import { sharedQueueSuite } from '../conformance/shared-queue.ts'
import { standIn } from '../fixtures/stand-in.ts'

/** Each item is a question and an answer. */
const scale = { share: 0.05 }

queueSuite('SharedQueue', 'first', options => standIn(new SharedQueue(0, options)), scale)
boundedQueueSuite(
  'SharedQueue',
  (maxSize, options) => standIn(new SharedQueue<number>(maxSize, options)) as never,
  scale,
)
sharedQueueSuite('SharedQueue', (maxSize, options) => standIn(new SharedQueue(maxSize, options)), scale)
