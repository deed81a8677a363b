/** What a Process is asked for when its target is done: to end only after what it has started itself. */
import { ownThreadsEnd } from '../thread/own-threads.ts'
import { task } from '../wire/task.ts'
import { ownChildrenEnd } from './own-children.ts'

/** Resolves when no thread and no process is left that it has started, daemons not counted. */
export const awaitOwn: () => Promise<void> = task(import.meta.url, async function awaitOwn() {
  await ownThreadsEnd()
  await ownChildrenEnd()
})
