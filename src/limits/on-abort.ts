/**
 * Listening to a signal that thousands of calls share.
 *
 * An EventTarget searches its listeners whenever one comes or goes, so that a thousand calls would cost a million
 * steps, and runtimes warn about a leak from the eleventh on. Here each signal has one listener, and the calls are the
 * members of a set.
 */
const groups = new WeakMap<AbortSignal, Set<() => void>>()

/** Calls `f` when the signal aborts, in a later turn if it is aborted already. Returns what takes it back. */
export function onAbort(signal: AbortSignal, f: () => void): () => void {
  const group = signal.aborted ? new Set<() => void>() : (groups.get(signal) ?? openGroup(signal))
  // The same function may be given twice; each time it is a member of its own.
  const member = (): void => f()
  group.add(member)
  if (signal.aborted) queueMicrotask(() => callAll(group))
  return () => group.delete(member)
}

function openGroup(signal: AbortSignal): Set<() => void> {
  const group = new Set<() => void>()
  groups.set(signal, group)
  signal.addEventListener('abort', () => callAll(group), { once: true })
  return group
}

/** Those that are taken back while it goes on are not called. */
function callAll(group: Set<() => void>): void {
  for (const member of group) {
    group.delete(member)
    member()
  }
}
