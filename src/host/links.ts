/** The links of this thread, one to each door. */
import { processName } from '../memory/process-name.ts'
import { ownIdentity, threadName } from '../memory/thread-table.ts'
import { processId } from '../platform/threads.ts'
import { Link } from './link.ts'
import type { DoorAddress } from './protocol.ts'

const links = new Map<string, Link>()

export function linkTo(door: DoorAddress): Link {
  let link = links.get(door.password)
  if (link === undefined) {
    link = new Link(door, nameFor(door))
    links.set(door.password, link)
  }
  return link
}

/** How this thread is called in the process that has the door. */
function nameFor(door: DoorAddress): string {
  const name = threadName(ownIdentity())
  if (door.process === processId) return name
  const own = processName() ?? `process ${processId}`
  return name === FIRST ? own : `${name} of ${own}`
}

/** The thread with which a process begins. */
const FIRST = 'MainThread'
