/** Calls of the methods of hosted objects, which an agent passes on to the thread that has the object. */
import { onAbort } from '../limits/on-abort.ts'
import { Sealed } from '../queue/sealed.ts'
import type { AgentMessage, ObjectOutcome } from './protocol.ts'

/** An error that is not opened here. */
export class SealedError extends Error {
  readonly bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    super('an error of a hosted object')
    this.bytes = bytes
  }
}

export class AgentObjects {
  readonly #tell: (message: AgentMessage) => void
  readonly #waiting = new Map<number, (outcome: ObjectOutcome) => void>()
  #newest = 0

  constructor(tell: (message: AgentMessage) => void) {
    this.#tell = tell
  }

  /** Calls a method. When the signal aborts nobody waits for it any more; it runs all the same. */
  call(object: number, [method, bytes]: readonly unknown[], signal: AbortSignal): Promise<Sealed> {
    const call = ++this.#newest
    this.#tell({ type: 'call', call, object, method: method as string, bytes: bytes as Uint8Array })
    return new Promise((resolve, reject) => {
      const ignore = onAbort(signal, () => {
        this.#waiting.delete(call)
        reject(signal.reason as Error)
      })
      this.#waiting.set(call, outcome => {
        ignore()
        if (outcome.failed) reject(new SealedError(outcome.bytes))
        else resolve(new Sealed(outcome.bytes))
      })
    })
  }

  called(outcome: ObjectOutcome): void {
    const settle = this.#waiting.get(outcome.call)
    this.#waiting.delete(outcome.call)
    settle?.(outcome)
  }
}
