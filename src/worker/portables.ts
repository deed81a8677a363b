/** Where the things are defined that cross as handles. A worker imports a module when the first of its kind arrives. */
import { providePortables } from '../wire/portable.ts'

/** Tells the wire how to find them. */
export function provideThreadThings(): void {
  providePortables({
    Barrier: () => import('../sync/barrier.ts'),
    BoundedSemaphore: () => import('../sync/bounded-semaphore.ts'),
    Condition: () => import('../sync/condition.ts'),
    Connection: () => import('../queue/connection.ts'),
    Event: () => import('../sync/event.ts'),
    Gil: () => import('../gil/gil.ts'),
    hosted: () => import('#stand-ins'),
    Lock: () => import('../sync/lock.ts'),
    Pipe: () => import('../queue/duct.ts'),
    RLock: () => import('../sync/rlock.ts'),
    Semaphore: () => import('../sync/semaphore.ts'),
    SharedArray: () => import('../shared/shared-array.ts'),
    SharedQueue: () => import('../queue/shared-queue.ts'),
    SharedStruct: () => import('../shared/shared-struct.ts'),
    SharedStructArray: () => import('../shared/shared-struct.ts'),
    SharedValue: () => import('../shared/shared-value.ts'),
    ThreadLocal: () => import('../thread/thread-local.ts'),
  })
}
