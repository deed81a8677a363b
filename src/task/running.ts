/** The `run()` of this thread, to which its tasks belong. */
import type { CancelScope } from './cancel-scope.ts'

let running: CancelScope | undefined

/** The scope of the `run()` that goes on, if there is one. */
export function runningScope(): CancelScope | undefined {
  return running
}

export function setRunning(scope: CancelScope | undefined): void {
  running = scope
}
