/**
 * Duct: what the two ends of a pipe share, and to which thread each of them belongs.
 *
 * An end belongs to the thread that received it last. It is closed when that thread closes it, or when that thread ends;
 * for the other end the two are the same. The word that says so names the thread, so that its death can be told.
 */
import { compareExchange, isScheduled, load, store } from '../memory/atomics.ts'
import { isAlive, ownIdentity, parentIdentity } from '../memory/thread-table.ts'
import { Handles, type SharedState } from '../sync/handles.ts'
import { label } from '../sync/inspect.ts'
import { Channel } from './channel.ts'
import { CLOSED, IN_TRANSIT, makeDuct, openDuct, OWNERS, type Side } from './duct-memory.ts'

const handles = new Handles<Duct>('Pipe', (state, name) => new Duct(name as string, state))

export class Duct {
  static {
    handles.furnish(Duct, {
      send(duct) {
        for (const channel of duct.#channels) channel.share()
        return { number: duct.#number, words: duct.#words, extra: duct.name }
      },
      look: duct => label('Pipe', duct.name),
    })
  }

  readonly name: string
  readonly #number: number
  readonly #words: Int32Array<SharedArrayBuffer>
  /** The first from end 1 to end 0; the second back, if there is one. */
  readonly #channels: readonly Channel[]

  constructor(name: string, state: SharedState) {
    this.name = name
    this.#number = state.number
    this.#words = state.words
    this.#channels = openDuct(state).map(
      memory =>
        new Channel(memory, label('Connection', name), () => `${this.#channels[0]?.unread ?? 0} unread messages`),
    )
  }

  /** A new pipe; both ends belong to this thread. */
  static make(name: string, duplex: boolean, bytes: number): Duct {
    const duct = new Duct(name, makeDuct(handles, duplex, bytes))
    store(duct.#words, OWNERS, ownIdentity())
    store(duct.#words, OWNERS + 1, ownIdentity())
    return duct
  }

  /** The channel by which an end receives, if it does. */
  in(side: Side): Channel | undefined {
    return this.#channels[side]
  }

  /** The channel by which an end sends, if it does. */
  out(side: Side): Channel | undefined {
    return this.#channels[1 - side]
  }

  isOwn(side: Side): boolean {
    const owner = load(this.#words, OWNERS + side)
    if (owner === ownIdentity()) return true
    // Who plays threads hands nothing over to them: an end that they have from who set them up is the first one's to use it.
    if (!isScheduled() || owner !== parentIdentity()) return false
    return compareExchange(this.#words, OWNERS + side, owner, ownIdentity()) === owner
  }

  /** Whether the end is open, in whatever thread. The first to see that its thread has ended closes it. */
  isOpen(side: Side): boolean {
    const owner = load(this.#words, OWNERS + side)
    if (owner === CLOSED) return false
    if (owner === IN_TRANSIT || isAlive(owner)) return true
    // Another thread may have received it meanwhile.
    return compareExchange(this.#words, OWNERS + side, owner, CLOSED) !== owner && this.isOpen(side)
  }

  /** This thread has received the end. One that was closed stays so. */
  take(side: Side): void {
    if (!this.isOpen(side)) return
    store(this.#words, OWNERS + side, ownIdentity())
    // Tasks of the thread that it belonged to wait for nothing now.
    this.#changed()
  }

  /** The end was sent away, and this thread wants nothing more of it. */
  letGo(side: Side): void {
    compareExchange(this.#words, OWNERS + side, ownIdentity(), IN_TRANSIT)
  }

  close(side: Side): void {
    store(this.#words, OWNERS + side, CLOSED)
    this.#changed()
  }

  #changed(): void {
    for (const channel of this.#channels) channel.changed()
  }
}
