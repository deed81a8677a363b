/** How many calls a pool takes, and who waits until it takes more. */
import { QueueFull, ShutDownError } from '../errors.ts'
import type { BytesOnly } from '../wire/packing.ts'
import { isExiting, watchExit } from '../platform/exit.ts'

export interface AdmissionOptions {
  readonly name: string
  readonly maxWorkers: number
  /** The most calls that wait for a worker. */
  readonly maxQueue: number
  /** What becomes of a call beyond that. */
  readonly whenFull: 'wait' | 'reject'
}

/** What a pool is made with. */
export interface PoolSettings extends AdmissionOptions {
  /** What is sent to the workers becomes bytes. */
  readonly bytesOnly: BytesOnly
  readonly maySpin: () => boolean
}

export class Admission {
  readonly #options: AdmissionOptions
  readonly #owed: () => number
  #waiting: (() => void)[] = []
  #isShutDown = false
  #closed = false

  /** `owed`: tells how many calls are not settled. */
  constructor(options: AdmissionOptions, owed: () => number) {
    this.#options = options
    this.#owed = owed
    watchExit()
  }

  get isShutDown(): boolean {
    return this.#isShutDown
  }

  /** Throws ShutDownError if no calls are taken any more. */
  assertOpen(): void {
    if (!this.#isShutDown && !isExiting()) return
    const why = this.#isShutDown ? 'it was shut down' : 'the program is ending'
    throw new ShutDownError(`cannot submit to executor "${this.#options.name}": ${why}`)
  }

  /** The error of a call that has no room; undefined if it may come in. */
  refusal(): QueueFull | undefined {
    const { name, maxQueue, whenFull } = this.#options
    if (whenFull === 'wait' || !this.#isFull()) return undefined
    return new QueueFull(`executor "${name}" has ${maxQueue} calls waiting, as many as maxQueue allows`)
  }

  /** Resolves when there is room, or when nothing is let in any more. */
  async room(): Promise<void> {
    while (this.#isFull() && !this.#closed) await new Promise<void>(resolve => this.#waiting.push(resolve))
  }

  /** A call is settled. */
  announce(): void {
    if (this.#waiting.length === 0) return
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
  }

  /** Takes no more calls, by the wish of the user. */
  shutDown(): void {
    this.#isShutDown = true
    this.close()
  }

  /** Lets nobody wait any more. */
  close(): void {
    this.#closed = true
    this.announce()
  }

  #isFull(): boolean {
    return this.#owed() >= this.#options.maxWorkers + this.#options.maxQueue
  }
}
