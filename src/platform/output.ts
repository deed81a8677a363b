/** What a thread has printed and the runtime has not passed on yet. */
import { runtime } from './runtime.ts'

/**
 * Whether output waits for the event loop. A worker of Node hands each piece to the main thread and waits for its answer
 * before the next: if the thread were blocked meanwhile, all but the first line would hang in it.
 */
export function outputIsPending(): boolean {
  // Threads of Deno print for themselves, and to ask for the stream can wait for a main thread that is blocked.
  if (runtime === 'deno') return false
  return (process.stdout?.writableLength ?? 0) > 0 || (process.stderr?.writableLength ?? 0) > 0
}
