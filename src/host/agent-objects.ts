/** Calls of the methods of hosted objects, which an agent passes on to the thread that has the object. */
import { onAbort } from '../limits/on-abort.ts'
import type { Port } from '../platform/threads.ts'
import { Sealed } from '../queue/sealed.ts'
import type { ObjectCall, ObjectOutcome } from './protocol.ts'

/** An error that is not opened here. */
export class SealedError extends Error {
  readonly bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    super('an error of a hosted object')
    this.bytes = bytes
  }
}

export class AgentObjects {
  readonly #owner: Port
  readonly #waiting = new Map<number, (outcome: ObjectOutcome) => void>()
  #newest = 0

  /** `owner`: the thread that has the objects. */
  constructor(owner: Port) {
    this.#owner = owner
    owner.listen(
      message => this.#called(message as ObjectOutcome),
      error => {
        throw error
      },
    )
  }

  /** Calls a method. When the signal aborts nobody waits for it any more; it runs all the same. */
  call(object: number, [method, bytes]: readonly unknown[], signal: AbortSignal): Promise<Sealed> {
    const call = ++this.#newest
    this.#owner.post({ call, object, method: method as string, bytes: bytes as Uint8Array } satisfies ObjectCall)
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

  #called(outcome: ObjectOutcome): void {
    const settle = this.#waiting.get(outcome.call)
    this.#waiting.delete(outcome.call)
    settle?.(outcome)
  }
}
