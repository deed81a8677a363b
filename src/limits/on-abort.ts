/**
 * Listening to a signal that thousands of calls share.
 *
 * An EventTarget searches its listeners whenever one comes or goes, so that a thousand calls would cost a million
 * steps, and runtimes warn about a leak from the eleventh on. Here each signal has one listener, and the calls are the
 * members of a set.
 */
interface Group {
  readonly members: Set<() => void>
  readonly callAll: () => void
}

const groups = new WeakMap<AbortSignal, Group>()

/** Calls `f` when the signal aborts, in a later turn if it is aborted already. Returns what takes it back. */
export function onAbort(signal: AbortSignal, f: () => void): () => void {
  const { members, callAll } = signal.aborted ? newGroup() : (groups.get(signal) ?? openGroup(signal))
  // The same function may be given twice; each time it is a member of its own.
  const member = (): void => f()
  members.add(member)
  if (signal.aborted) queueMicrotask(callAll)
  return () => {
    if (!members.delete(member) || members.size > 0 || groups.get(signal)?.members !== members) return
    // A signal that lives as long as the program must not hold what was done with it once.
    groups.delete(signal)
    signal.removeEventListener('abort', callAll)
  }
}

function openGroup(signal: AbortSignal): Group {
  const group = newGroup()
  groups.set(signal, group)
  signal.addEventListener('abort', group.callAll, { once: true })
  return group
}

/** Those that are taken back while it goes on are not called. */
function newGroup(): Group {
  const members = new Set<() => void>()
  const callAll = (): void => {
    for (const member of members) {
      members.delete(member)
      member()
    }
  }
  return { members, callAll }
}
