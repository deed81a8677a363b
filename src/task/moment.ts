/**
 * The time, for what is begun in masses: it is looked up once for all that is begun in one go. To look at the clock each
 * time would take a tenth of all that it takes to begin a task.
 */
import { now } from '../limits/clock.ts'

let known: number | undefined
const resolved = Promise.resolve()
const forget = (): void => {
  known = undefined
}

/** When this synchronous piece of code began to ask, in whole ms by the clock of the library. */
export function moment(): number {
  if (known === undefined) {
    // Whole numbers lie in the field itself, others in an object each.
    known = Math.trunc(now())
    void resolved.then(forget)
  }
  return known
}
