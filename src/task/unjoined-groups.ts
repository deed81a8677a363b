/**
 * Groups that were opened and that nobody has joined or disposed of. In debug mode it is told; and at the end of `run()`,
 * which waits for all that is left over, they are closed in any case: nobody else will.
 */
import { onLoopEmpty } from '../platform/exit.ts'
import { warn } from '../platform/warning.ts'
import type { CancelScope } from './cancel-scope.ts'
import { observer, siteOf } from './debug-seam.ts'
import { GroupCore } from './group-core.ts'

/** Those that are told of, if nobody joins them. Empty unless debug mode is on. */
const unjoined = new Set<GroupCore>()
let watching = false
const collected = new FinalizationRegistry<GroupCore>(tell)

/** `face`: what the user holds. When it is gone, nobody can join the group any more. */
export function groupOpened(core: GroupCore, face: object): void {
  core.isOpen = true
  if (observer === undefined) return
  unjoined.add(core)
  collected.register(face, core)
  if (watching) return
  watching = true
  onLoopEmpty(() => {
    const some = unjoined.size > 0
    for (const each of unjoined) tell(each)
    return some
  })
}

export function groupJoined(core: GroupCore): void {
  unjoined.delete(core)
}

/** `run()` is over: closes the groups below its scope that were left open. */
export function closeUnjoined(scope: CancelScope): void {
  for (let child = scope.first; child !== undefined;) {
    const { next, work } = child
    closeUnjoined(child)
    if (work instanceof GroupCore && work.isOpen && !work.isJoined) {
      tell(work)
      work.expire()
    }
    child = next
  }
}

function tell(core: GroupCore): void {
  if (!unjoined.delete(core)) return
  const site = siteOf(core.scope)
  const opened = site === undefined || site === '' ? '' : `; it was opened\n${site}`
  warn(`the ${core.label} was opened, and nobody has joined it or disposed of it${opened}`)
}
