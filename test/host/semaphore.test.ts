/** Both semaphores keep their contract when they are used from another process. */
import { BoundedSemaphore, Semaphore } from 'multitask'
import { semaphoreSuite } from '../conformance/semaphore.ts'
import { standIn } from '../fixtures/stand-in.ts'

const traits = { elsewhere: true }

semaphoreSuite('Semaphore', (value, options) => standIn(new Semaphore(value, options)), traits)
semaphoreSuite('BoundedSemaphore', (value, options) => standIn(new BoundedSemaphore(value, options)), traits)
