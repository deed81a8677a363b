/**
 * The scope in which code runs, found without being handed on.
 *
 * It follows a call through its awaits on Node, Bun and Deno. In browsers it is seen until the first `await`, which
 * makes nothing wrong there, only less: what is to be cancelled is given the context, or its signal.
 */
import { type InScope, provideScope } from '../limits/scope.ts'
import { type Ambient, makeAmbient } from '../platform/ambient.ts'
import { provideOwner } from '../sync/ownership.ts'
import type { CancelScope, Work } from './cancel-scope.ts'
import { heedEnvironment } from './debug.ts'
import { observer } from './debug-seam.ts'

const ambient: Ambient<CancelScope | undefined> = makeAmbient()
let provided = false

/** Calls `f` in the scope. */
export function runIn<R>(scope: CancelScope, f: () => R): R {
  // Not when this file is loaded: a program that has no tasks pays nothing for them.
  if (!provided) {
    provided = true
    heedEnvironment()
    provideScope(openScope, keepOpenScope)
    provideOwner(openTask)
  }
  if (observer === undefined) return ambient.run(scope, f)
  observer.runs(ambient.get())
  try {
    return ambient.run(scope, f)
  } finally {
    observer.runs(scope)
  }
}

/**
 * The scope in which the caller runs. One that is over has no say any more: what a task has left behind, such as a
 * listener or a connection that others use too, belongs to what is around it.
 */
export function openScope(): CancelScope | undefined {
  let scope = ambient.get()
  while (scope?.closed === true) scope = scope.parent
  observer?.runs(scope)
  return scope
}

function keepOpenScope(): InScope {
  const scope = openScope()
  return f => (ambient.get() === scope ? f() : ambient.run(scope, f))
}

/** The task in which the caller runs. */
function openTask(): Work | undefined {
  let scope = openScope()
  while (scope !== undefined && scope.work.kind !== 'task') scope = scope.parent
  return scope?.work
}
