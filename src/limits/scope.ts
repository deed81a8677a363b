/**
 * The scope in which code runs: what cancels it from outside, without having been handed to it.
 *
 * Whatever waits in this library asks here, so that a task that is cancelled hears of it at every wait. Who opens scopes
 * (task groups, timeouts) stands above, and says here how the current one is found.
 */

export interface Scope {
  /** Why the scope is cancelled; undefined as long as it is not. A scope that is cancelled stays so. */
  readonly reason: unknown
  /** Whether it will be cancelled at some moment: it has a deadline, or one around it has. */
  readonly isLimited: boolean
  /**
   * Calls `f` once with the reason when the scope is cancelled. Returns what takes it back.
   * `what`: what is waited for until then, for people.
   */
  onCancel(f: (reason: unknown) => void, what?: string): () => void
  /** The same for work that goes on beside the scope's own, and does not wait in it. */
  listen(f: (reason: unknown) => void): () => void
}

/** Calls a function in a scope. */
export type InScope = <R>(f: () => R) => R

let find: (() => Scope | undefined) | undefined
let keep: (() => InScope) | undefined

/** Says how the current scope is found, and how it is kept for later, if it can be. */
export function provideScope(finder: () => Scope | undefined, keeper?: () => InScope): void {
  find = finder
  keep = keeper
}

/** What calls functions in the scope of the caller, or in none if he is in none; undefined where there are no scopes. */
export function keepScope(): InScope | undefined {
  return keep?.()
}

type Finder = () => Scope | undefined

let overlay: ((find: Finder | undefined) => Scope | undefined) | undefined

/** Decides instead, for as long as it is not taken back. `f` is given what would have decided. Returns what takes it back. */
export function overlayScope(f: (find: Finder | undefined) => Scope | undefined): () => void {
  const before = overlay
  overlay = f
  return () => {
    overlay = before
  }
}

/** The scope in which the caller runs, if there is one. */
export function currentScope(): Scope | undefined {
  if (overlay !== undefined) return overlay(find)
  return find === undefined ? undefined : find()
}
