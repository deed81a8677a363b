/**
 * Calls follow the scope in which they were submitted: cancelling a task, a group or a timeout stops the calls that were
 * begun in it and are not done, wherever they run, as if each had been given the scope's signal.
 *
 * No signal is made for that, and each scope is listened to once, however many calls follow it.
 */
import { stopWork } from '../completion/future-like.ts'
import { currentScope, type Scope } from '../limits/scope.ts'
import type { Future } from './future.ts'

class Followers {
  readonly #open = new Set<Future<unknown>>()

  constructor(scope: Scope) {
    // Never taken back: it goes with the scope, and holds nothing but what is still to be done.
    scope.listen(reason => this.#stopAll(reason))
  }

  add(future: Future<unknown>): void {
    this.#open.add(future)
    future.addDoneCallback(this.#forget)
  }

  readonly #forget = (future: Future<unknown>): void => {
    this.#open.delete(future)
  }

  #stopAll(reason: unknown): void {
    for (const future of this.#open) stopWork(future, reason)
  }
}

const followers = new WeakMap<Scope, Followers>()

/** Lets the call end with the scope of the caller, if there is one. */
export function followScope(future: Future<unknown>): void {
  const scope = currentScope()
  if (scope === undefined || future.done()) return
  if (scope.reason !== undefined) {
    // In this turn: in the next one it may have started.
    void stopWork(future, scope.reason)
    return
  }
  let all = followers.get(scope)
  if (all === undefined) followers.set(scope, (all = new Followers(scope)))
  all.add(future)
}
