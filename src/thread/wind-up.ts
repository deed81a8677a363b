/** What the worker of a Thread is asked for when the target is done, if threads that the target has started go on. */
import { outputIsPending } from '../platform/output.ts'
import { nextTurn } from '../platform/turns.ts'
import { task } from '../wire/task.ts'
import { ownThreadsEnd } from './own-threads.ts'

/** Resolves when all that was printed has been passed on to the thread that prints it. */
export const passOutputOn: () => Promise<void> = task(import.meta.url, async function passOutputOn() {
  while (outputIsPending()) await new Promise<void>(nextTurn)
})

/** Resolves when no thread is left that this one has started, daemons not counted. */
export const awaitOwnThreads: () => Promise<void> = task(import.meta.url, function awaitOwnThreads() {
  return ownThreadsEnd()
})
