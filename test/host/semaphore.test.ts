/** Both semaphores keep their contract when they are used from another process. */
import { BoundedSemaphore, Semaphore } from 'multitask'
import { semaphoreSuite } from '../conformance/semaphore.ts'
import { standIn } from '../fixtures/stand-in.ts'

semaphoreSuite('Semaphore', (value, options) => standIn(new Semaphore(value, options)))
semaphoreSuite('BoundedSemaphore', (value, options) => standIn(new BoundedSemaphore(value, options)))
