import { type Lock, type SharedValue, task } from 'multitask'

/** Adds 1 so often, without asking anybody. */
export const increment = task(function increment(counter: SharedValue<'i32'>, times: number): void {
  for (let i = 0; i < times; i++) counter.value += 1
})

/** The same, one thread at a time. */
export const incrementLocked = task(function incrementLocked(
  counter: SharedValue<'i32'>,
  lock: Lock,
  times: number,
): void {
  for (let i = 0; i < times; i++) {
    lock.withSync(() => {
      counter.value += 1
    })
  }
})
