/**
 * QueueWaits: for what the tasks and threads of a SharedQueue wait, and who is told of what.
 *
 * There is room (notFull), there is an item (notEmpty), every item is done (allDone), and further pieces of an item come
 * (arrivals). Whoever changes something tells those who wait for it, after the change: they enlist before they look.
 */
import { load } from '../memory/atomics.ts'
import { ownIdentity } from '../memory/thread-table.ts'
import { callThread, WAITERS } from '../memory/waiting-mask.ts'
import type { SharedState } from '../sync/handles.ts'
import { WaitQueue } from '../sync/wait-queue.ts'
import { Arrivals } from './arrival.ts'
import { ItemCodec } from './item-codec.ts'
import { KeyDictionary } from './key-dictionary.ts'
import { QueueCore } from './queue-core.ts'
import { openQueue, type QueueMemory, READER, WRITER } from './queue-memory.ts'

export class QueueWaits {
  readonly memory: QueueMemory
  readonly codec: ItemCodec
  readonly core: QueueCore
  readonly notEmpty: WaitQueue
  readonly notFull: WaitQueue
  readonly allDone: WaitQueue
  readonly arrivals: Arrivals
  /** Such as `SharedQueue "jobs"`. */
  readonly label: string

  constructor(state: SharedState, queueLabel: string, look: () => string) {
    const memory = openQueue(state)
    const { producers } = memory
    const dictionary = new KeyDictionary(memory.dictionary, add => {
      producers.enter()
      add()
      producers.leave()
    })
    this.memory = memory
    this.label = queueLabel
    this.codec = new ItemCodec(dictionary, 'item')
    this.core = new QueueCore(memory, this.codec, queueLabel)
    this.notEmpty = new WaitQueue(memory.notEmpty, () => this.core.hasSome, queueLabel, look)
    this.notFull = new WaitQueue(memory.notFull, () => this.core.hasRoom, queueLabel, look)
    this.allDone = new WaitQueue(memory.allDone, () => true, queueLabel, look)
    this.arrivals = new Arrivals(memory, this.core, queueLabel, ended => this.#arrived(ended))
  }

  /** Other threads get the queue too. */
  share(): void {
    for (const each of [this.notEmpty, this.notFull, this.allDone, this.arrivals]) each.share()
  }

  /** There is something more to read. */
  added(): void {
    // While a thread reads an item in pieces, nobody else may read.
    if (this.memory.words[READER] !== 0) this.arrivals.wake()
    this.notEmpty.wake()
  }

  /** There is more room, or the turn to write has become free. */
  freed(): void {
    const { notFull, core, memory } = this
    if (load(notFull.words, WAITERS) === 0 && notFull.length === 0) return
    const writer = memory.words[WRITER]!
    if (writer !== 0 && writer !== ownIdentity() && core.isWriting) callThread(notFull, writer)
    // Those who wait need room of different sizes: as long as there is not enough for each, each has to look for itself.
    else if (core.hasRoom) notFull.wake()
    else notFull.wakeAll()
  }

  /** Everything is different: all have to look. */
  changed(): void {
    this.arrivals.wake()
    this.notFull.wakeAll()
    this.notEmpty.wakeAll()
    this.allDone.wakeAll()
  }

  #arrived(ended: boolean): void {
    this.freed()
    if (!ended) return
    // The turn to read has become free.
    if (this.core.isShutDown) this.notEmpty.wakeAll()
    else if (this.core.hasSome) this.notEmpty.wake()
  }
}

/** Whoever has an item, or has room, is no owner for whom one could wait. */
export function nobody(): number {
  return 0
}
