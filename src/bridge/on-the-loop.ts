/** The loop's side of `runSync`: what a thread wants to have run becomes a task of the thread that owns it. */
import { onAbort } from '../limits/on-abort.ts'
import { createTask } from '../task/create-task.ts'
import type { TaskFunction } from '../futures/executor.ts'
import { task } from '../wire/task.ts'

/**
 * Runs `fn(...args)` as a task that belongs to the `run()` of this thread, if there is one. It goes to the owner by name, as
 * any function does that is marked; so the owner needs to know nothing of it beforehand.
 */
export const onTheLoop: (fn: TaskFunction, args: readonly never[], name: string, signal: AbortSignal) => unknown = task(
  import.meta.url,
  async function onTheLoop(fn: TaskFunction, args: readonly never[], name: string, signal: AbortSignal) {
    const wanted = createTask(() => fn(...args), { name })
    const forget = onAbort(signal, () => wanted.cancel(signal.reason))
    try {
      return await wanted
    } finally {
      forget()
    }
  },
)
