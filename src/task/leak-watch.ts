/**
 * Tasks that do not stop when they are asked.
 *
 * A promise cannot be forced to settle, so such a task is waited for, for ever. What can be done is to say which it is.
 * To leave it behind is something that only the user can want: what it uses, a connection or a place, stays in use.
 */
import { alarm } from '../limits/clock.ts'
import { warn } from '../platform/warning.ts'
import { type CancelScope, labelOf } from './cancel-scope.ts'
import { observer } from './debug-seam.ts'
import type { LeakOptions } from './group-options.ts'
import { recordOf, type TaskRecord } from './task-records.ts'
import { reportUncaught } from './uncaught.ts'

/**
 * From `grace` ms after the scope is cancelled, tells of each of its children that is still there, once; then calls
 * `afterwards`. Returns what ends the watch.
 */
export function watchLeaks(
  scope: CancelScope,
  { grace, onLeak = warnOf }: LeakOptions,
  afterwards: () => void,
): () => void {
  if (grace === undefined) return nothing
  observer?.exempt(scope)
  let silence = nothing
  const unlisten = scope.listen(() => {
    silence = alarm(grace, () => {
      for (const child of childrenOf(scope)) tell(onLeak, recordOf(child))
      afterwards()
    })
  })
  return () => {
    unlisten()
    silence()
  }
}

export function childrenOf(scope: CancelScope): CancelScope[] {
  const children = []
  for (let child = scope.first; child !== undefined; child = child.next) children.push(child)
  return children
}

function tell(onLeak: (task: TaskRecord) => void, record: TaskRecord): void {
  try {
    onLeak(record)
  } catch (error) {
    reportUncaught(error)
  }
}

function warnOf(record: TaskRecord): void {
  const site = record.site === undefined ? '' : `; it was begun\n${record.site}`
  warn(`the ${labelOf(record)} was cancelled and has not stopped: it is waited for${site}`)
}

function nothing(): void {}
