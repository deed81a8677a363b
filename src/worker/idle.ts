/**
 * What a worker does when it has no call: look for a moment, sleep for a moment, then wait as everybody does.
 *
 * Blocking the thread wakes fastest but stops its event loop: a task's timers, sockets and unflushed output. So it blocks
 * only for the short time in which the next call is likely, after a whole turn of the event loop, and not while output is
 * on its way. After that it waits by `waitAsync`: the event loop lives, no CPU is used, and only the first call after
 * a pause pays for the slower wake-up.
 */
import { load } from '../memory/atomics.ts'
import { parkAsync, parkSync } from '../memory/park.ts'
import { outputIsPending } from '../platform/output.ts'
import { wakesWhileMainBlocks } from '../platform/runtime.ts'
import { turnWithMessages } from '../platform/turns.ts'
import type { Connection } from '../wire/connection.ts'
import type { Idling } from '../wire/ends.ts'

/** Milliseconds for which the thread may be blocked: as late as a timer of a task can be. */
const LONGEST_BLOCK = 10

const BUSY = 0
const TURNING = 1
const WAITING = 2

export class Idle implements Idling {
  readonly #connection: Connection
  readonly #wake: () => void
  #state = BUSY
  #turnedAt = 0

  /** `wake` is called in a turn of its own when there may be calls. */
  constructor(connection: Connection, wake: () => void) {
    this.#connection = connection
    this.#wake = wake
  }

  /** The event loop has just had a turn. */
  turned(): void {
    this.#turnedAt = performance.now()
  }

  /**
   * Blocks this thread until the next call comes, as long as the event loop has had a turn of late. Returns whether one
   * came.
   */
  block(): boolean {
    const left = this.#turnedAt + LONGEST_BLOCK - performance.now()
    if (left <= 0 || outputIsPending()) return false
    const { callTail, in: reader } = this.#connection
    this.#connection.sayAsleep(true)
    parkSync(callTail.words, callTail.index, reader.head, left)
    this.#connection.sayAsleep(false)
    return this.#callCame()
  }

  /** Looks for the next call for some microseconds. Returns whether it came. */
  spin(): boolean {
    for (let looks = this.#connection.spins; looks > 0; looks--) if (this.#callCame()) return true
    return false
  }

  /** Begins to wait. `mayBlock` is asked each time before the thread is blocked. */
  begin(mayBlock: () => boolean): void {
    if (this.#state !== BUSY) return
    this.#state = TURNING
    turnWithMessages(() => {
      this.#state = BUSY
      if (this.#callCame()) this.#wake()
      else this.#sleep(mayBlock())
    })
  }

  #sleep(mayBlock: boolean): void {
    const { callTail, in: reader } = this.#connection
    // From here on the parent notifies. A record that it published before it could know is seen by the sleep itself:
    // the word then has another value.
    this.#connection.sayAsleep(true)
    if (mayBlock && !outputIsPending()) {
      const called = parkSync(callTail.words, callTail.index, reader.head, LONGEST_BLOCK)
      // Where `waitAsync` may sleep on, it goes on in short sleeps with a turn of the event loop between them.
      if (called || !wakesWhileMainBlocks) {
        this.#connection.sayAsleep(false)
        this.#wake()
        return
      }
    }
    this.#state = WAITING
    void parkAsync(callTail.words, callTail.index, reader.head).then(() => {
      this.#state = BUSY
      this.#connection.sayAsleep(false)
      this.#wake()
    })
  }

  #callCame(): boolean {
    const { callTail, in: reader } = this.#connection
    return load(callTail.words, callTail.index) !== reader.head
  }
}
