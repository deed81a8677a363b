/** Where the things are defined that cross as handles. A worker imports a module when the first of its kind arrives. */
import { providePortables } from '../wire/portable.ts'

/** Tells the wire how to find them. */
export function provideThreadThings(): void {
  providePortables({
    Lock: () => import('../sync/lock.ts'),
  })
}
