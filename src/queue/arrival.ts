/**
 * Arrival: an item that this thread has begun to read, and that comes in pieces.
 *
 * Whoever got the beginning of an item has got the item: neither a timeout nor a signal ends the wait for the rest, since
 * what was read can be given back to nobody. (So it is with the pipes under Python's queues.) It ends when the last piece
 * has come, or when the writer gives up or dies.
 */
import { load } from '../memory/atomics.ts'
import { callThread } from '../memory/waiting-mask.ts'
import { FIRM, WaitQueue } from '../sync/wait-queue.ts'
import type { Assembly } from './pieces.ts'
import { COMES, IS_HERE, type Progress, type QueueCore } from './queue-core.ts'
import { type QueueMemory, READER, WRITER } from './queue-memory.ts'

export class Arrivals {
  readonly #words: Int32Array
  readonly #core: QueueCore
  /** For the one who reads. There is never another, so nobody has to be told of what is left. */
  readonly #queue: WaitQueue
  readonly #stepped: (ended: boolean) => void
  /** The one that this thread has begun. */
  #current: Arrival | undefined = undefined
  /** The one who waits is just looking. What that leads to may come back here. */
  #looking = false

  /** `stepped` is called when something was read; `ended`, if the turn to read is free again. */
  constructor(memory: QueueMemory, core: QueueCore, label: string, stepped: (ended: boolean) => void) {
    this.#words = memory.words
    this.#core = core
    this.#queue = new WaitQueue(
      memory.arrivals,
      () => false,
      label,
      () => 'an item has come in part',
    )
    this.#stepped = stepped
  }

  share(): void {
    this.#queue.share()
  }

  /** Begins to read; this thread has the turn. */
  begin(assembly: Assembly): Arrival {
    assembly.prepare()
    const arrival = new Arrival(assembly)
    this.#current = arrival
    this.step()
    return arrival
  }

  /** Reads what has come of the item that this thread has begun. */
  step(): void {
    const arrival = this.#current
    if (arrival === undefined) return
    arrival.progress = this.#core.read(arrival.assembly)
    const ended = arrival.progress !== COMES
    if (ended) {
      this.#current = undefined
      if (!this.#looking) this.#queue.wake()
    }
    // At the end: a task of this thread that writes the item may go on at once, and come back here.
    this.#stepped(ended)
  }

  /** There is a further piece, or an end. */
  wake(): void {
    const reader = load(this.#words, READER)
    if (reader === 0) return
    if (this.#current === undefined) callThread(this.#queue, reader)
    else this.step()
  }

  /** Resolves when the item is here or lost. */
  whenEnded(arrival: Arrival): Promise<unknown> {
    return this.#queue.wait(() => this.#end(arrival), FIRM, never)
  }

  /** Blocks this thread until the item is here or lost. */
  blockUntilEnded(arrival: Arrival): void {
    this.#queue.block(
      () => this.#end(arrival),
      undefined,
      never,
      () => load(this.#words, WRITER),
    )
  }

  #end(arrival: Arrival): true | undefined {
    this.#looking = true
    if (arrival === this.#current) this.step()
    this.#looking = false
    return arrival.progress === COMES ? undefined : true
  }
}

export class Arrival {
  readonly assembly: Assembly
  progress: Progress = COMES

  constructor(assembly: Assembly) {
    this.assembly = assembly
  }

  get isHere(): boolean {
    return this.progress === IS_HERE
  }
}

function never(): never {
  throw new Error('a wait without limit was late. This is a bug in multitask.')
}
