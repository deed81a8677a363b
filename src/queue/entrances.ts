/**
 * Entrances: how those who write into the ring of a SharedQueue, and those who read, get in one at a time; and what an heir
 * does first. The producers' mutex comes first wherever both are taken.
 */
import type { RobustMutex } from '../sync/robust-mutex.ts'
import type { QueueMemory } from './queue-memory.ts'
import type { RecordRing } from './record-ring.ts'

export class Entrances {
  readonly #producers: RobustMutex
  readonly #consumers: RobustMutex
  readonly #ring: RecordRing

  constructor({ producers, consumers, ring }: QueueMemory) {
    this.#producers = producers
    this.#consumers = consumers
    this.#ring = ring
  }

  enterProducers(): void {
    if (!this.#producers.enter()) return
    // The one before may have died between counting its item and publishing it.
    this.enterConsumersToo()
    this.#ring.recountWritten()
    this.leaveConsumers()
  }

  leaveProducers(): void {
    this.#producers.leave()
  }

  enterConsumers(): void {
    while (this.#consumers.enter()) {
      // The one before may have died between counting its item and taking it. Both counts have to stand still for that.
      this.#consumers.leave()
      this.enterProducers()
      this.#consumers.enter()
      this.#ring.recountRead()
      this.#consumers.leave()
      this.#producers.leave()
    }
  }

  /** For whoever has entered with the producers. */
  enterConsumersToo(): void {
    if (this.#consumers.enter()) this.#ring.recountRead()
  }

  leaveConsumers(): void {
    this.#consumers.leave()
  }

  /** What a thread has counted that died just then would be told to nobody before the next one counts. */
  clearUp(): void {
    if (!this.#producers.isOrphaned && !this.#consumers.isOrphaned) return
    this.enterProducers()
    this.enterConsumersToo()
    this.leaveConsumers()
    this.leaveProducers()
  }
}
