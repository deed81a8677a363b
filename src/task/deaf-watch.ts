/** Tells, in debug mode, of what goes on though it was cancelled a while ago. Groups with a `grace` do so themselves. */
import { alarm } from '../limits/clock.ts'
import { warn } from '../platform/warning.ts'
import { type CancelScope, labelOf } from './cancel-scope.ts'
import { siteOf } from './debug-seam.ts'

/** Milliseconds that cleaning up may take. */
const GRACE = 1000

export class DeafWatch {
  readonly #silence = new WeakMap<CancelScope, () => void>()
  readonly #exempt = new WeakSet<CancelScope>()

  cancelled(scope: CancelScope): void {
    this.#silence.set(
      scope,
      alarm(GRACE, () => this.#deafIn(scope).forEach(tell)),
    )
  }

  closed(scope: CancelScope): void {
    this.#silence.get(scope)?.()
  }

  exempt(scope: CancelScope): void {
    this.#exempt.add(scope)
  }

  /** The innermost that are still open: what is around them only waits for them. */
  #deafIn(scope: CancelScope): CancelScope[] {
    if (this.#exempt.has(scope)) return []
    const deaf: CancelScope[] = []
    let inner = false
    for (let child = scope.first; child !== undefined; child = child.next) {
      inner = true
      if (!child.shielded) deaf.push(...this.#deafIn(child))
    }
    return inner || scope.closed ? deaf : [scope]
  }
}

function tell(scope: CancelScope): void {
  const site = siteOf(scope)
  const begun = site === undefined || site === '' ? '' : `; it was begun\n${site}`
  warn(`the ${labelOf(scope.work)} was cancelled ${GRACE} ms ago and goes on: it is waited for${begun}`)
}
