/** What a worker in a process does when it has no call: nothing. The event loop waits for the stream. */
import { nextTurn } from '../platform/turns.ts'
import type { Idling } from '../wire/ends.ts'
import type { StreamWorker } from '../wire/stream-worker.ts'

export class StreamIdle implements Idling {
  readonly #connection: StreamWorker
  readonly #resting: () => void
  readonly #wake: () => void

  /** `resting` is called each time that there is no call. */
  constructor(connection: StreamWorker, resting: () => void, wake: () => void) {
    this.#connection = connection
    this.#resting = resting
    this.#wake = wake
  }

  turned(): void {}

  spin(): boolean {
    return false
  }

  block(): boolean {
    return false
  }

  begin(): void {
    // Not before the loop has begun: the initializer comes first.
    this.#connection.wake = this.#wake
    this.#connection.release()
    if (this.#connection.in.peek() >= 0) nextTurn(this.#wake)
    else this.#resting()
  }
}
