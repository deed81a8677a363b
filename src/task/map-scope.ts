/**
 * The scope of a map, which belongs to the scope of its reader as long as something of it runs or is awaited. In between it
 * belongs to nobody: a group would otherwise wait for ever for a map that somebody has stopped reading.
 */
import { CancelScope, type Work } from './cancel-scope.ts'
import { openScope } from './current-scope.ts'

export class MapScope extends CancelScope {
  readonly #signal: AbortSignal | undefined
  #attached = false

  constructor(work: Work, signal: AbortSignal | undefined) {
    super(work, undefined)
    this.detach()
    this.#signal = signal
  }

  /** Makes it the caller's, who cancels it from now on, and waits for it. */
  attach(): void {
    if (this.#attached) return
    this.#attached = true
    this.moveTo(openScope())
    if (this.#signal !== undefined) this.follow(this.#signal)
  }

  /** Makes it nobody's. */
  letGo(): void {
    if (!this.#attached) return
    this.#attached = false
    this.detach()
  }

  /** What it was cancelled with, to be thrown: of the reasons of several, the outermost. */
  get outermostReason(): unknown {
    if (this.parent?.reason !== undefined) return this.parent.reason
    return this.#signal?.aborted === true ? this.#signal.reason : this.reason
  }
}
