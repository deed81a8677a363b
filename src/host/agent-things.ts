/** The things that an agent has handles of, as its client has stand-ins for them. */
import { InvalidStateError } from '../errors.ts'
import type { Packed } from '../wire/pack.ts'
import { loadMaker, revivePortable } from '../wire/portable.ts'
import { unpack } from '../wire/unpack.ts'
import type { AgentMessage } from './protocol.ts'

export class AgentThings {
  readonly #tell: (message: AgentMessage) => void
  readonly #handles = new Map<number, object>()
  readonly #coming = new Map<number, (thing: Promise<object>) => void>()

  constructor(tell: (message: AgentMessage) => void) {
    this.#tell = tell
  }

  /** The handle if it is here. */
  get(number: number): object | undefined {
    return this.#handles.get(number)
  }

  /** Asks the door for a thing. Rejects with InvalidStateError if there is no such thing any more. */
  fetch(number: number): Promise<object> {
    this.#tell({ type: 'needs', number })
    return new Promise(resolve => this.#coming.set(number, resolve))
  }

  /** What the door has given. */
  receive(number: number, kind: string | undefined, data: Packed): void {
    const resolve = this.#coming.get(number)
    this.#coming.delete(number)
    resolve?.(this.#make(number, kind, data))
  }

  drop(number: number): void {
    if (this.#handles.delete(number)) this.#tell({ type: 'dropped', number })
  }

  async #make(number: number, kind: string | undefined, data: Packed): Promise<object> {
    if (kind === undefined)
      throw new InvalidStateError('it is gone: nobody in the process that owns it has it any more')
    await loadMaker(kind)
    const handle = revivePortable({ type: kind, data: await unpack(data) }) as object
    this.#handles.set(number, handle)
    return handle
  }
}
