import { Effect, Semaphore } from 'effect'
import type { Locking } from './locking.ts'

const semaphore = Semaphore.makeUnsafe(1)

function wait(times: number): Promise<void> {
  return Effect.runPromise(
    Effect.gen(function* () {
      for (let i = 0; i < times; i++) {
        yield* Semaphore.take(semaphore, 1)
        yield* Semaphore.release(semaphore, 1)
      }
    }),
  )
}

export const locking: Locking = { block: undefined, wait }
