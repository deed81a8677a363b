/**
 * Threads that were let go of: Deno does not end a thread that is busy in a loop, it only forgets it, and the thread runs
 * on. And a process runs on for a moment when the one that started it has ended, and with it, for all others, it too.
 *
 * To all others it has ended. What it took would break, or be lost; and with the end of its call it would ring a doorbell
 * that others wait for. So where a thread takes something that is shared, it stops for ever if it was let go of.
 */
import { mayOutliveItself } from '../memory/neighbours.ts'
import { wasLetGo } from '../memory/parking-lot.ts'
import { sharedWords, wait } from '../memory/atomics.ts'
import { canStopBusyThreads } from '../platform/runtime.ts'

let lingers: boolean | undefined

/** Whether this thread may run on when others have taken it for dead. */
export function mayLinger(): boolean {
  return !canStopBusyThreads || mayOutliveItself()
}

/** To be called before something is taken. Costs next to nothing where it cannot be. */
export function stopIfLetGo(): void {
  if ((lingers ??= mayLinger()) && wasLetGo()) stopForEver()
}

/** Not by an error, which would end its call. */
export function stopForEver(): never {
  const word = sharedWords(1)
  for (;;) wait(word, 0, 0, Infinity)
}
