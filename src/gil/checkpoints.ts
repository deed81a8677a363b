/**
 * The turns of loops in code that was transformed for it: they call a property of the global object, which is there only
 * while this thread holds a Gil. See {@link file://./../transform/edits.ts}.
 */

interface Host {
  __multitaskCheckpoint?: (() => void) | undefined
}

/** Stands at the turns of loops, or goes away. Returns who stood there. */
export function standAtCheckpoints(next: (() => void) | undefined): (() => void) | undefined {
  const host = globalThis as Host
  const before = host.__multitaskCheckpoint
  host.__multitaskCheckpoint = next
  return before
}
