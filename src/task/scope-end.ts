/** The end of a scope in which several pieces of work run: when nothing is open in it, and what its cancellation comes to. */
import { TimeoutError } from '../errors.ts'
import { type CancelScope, labelOf } from './cancel-scope.ts'

/** Resolves when the last child has left. */
export function emptied(scope: CancelScope): Promise<void> {
  return new Promise(resolve => {
    if (scope.first === undefined) resolve()
    else scope.whenEmpty = resolve
  })
}

/** What the scope was given that may cancel it. */
interface Limits {
  readonly signal?: AbortSignal | undefined
  /** In ms. Without one its time was given as a moment. */
  readonly timeout?: number | undefined
}

/** Throws what a scope comes to that was cancelled from outside, or whose time was up. Nothing if neither happened. */
export function throwReason(scope: CancelScope, { signal, timeout }: Limits): void {
  const { parent, deadline, reason, work } = scope
  if (parent?.reason !== undefined) throw parent.reason
  if (signal?.aborted === true) throw signal.reason
  if (deadline?.reason !== undefined && deadline.reason === reason) {
    const limit = timeout === undefined ? 'by its deadline' : `within ${timeout} ms`
    throw new TimeoutError(`the ${labelOf(work)} was not done ${limit}`, { cause: reason })
  }
}
