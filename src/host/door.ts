/**
 * The door of a thread that owns things: what it sends to other processes is known there by number.
 *
 * The thread behind it (doorkeeper.ts) is started with the first thing that is sent, and keeps the program alive no longer.
 */
import { UnsupportedError } from '../errors.ts'
import { threadBegins, threadEnded } from '../memory/parking-lot.ts'
import { hideThread } from '../memory/thread-marks.ts'
import { nextThing, ownPlace, type ThreadPlace } from '../memory/thread-table.ts'
import { newSocketName, randomText } from '../platform/local-socket.ts'
import { openChannel, type Port, portOf, processId, startThread } from '../platform/threads.ts'
import { pack } from '../wire/pack.ts'
import { type PortableDescription, revivePortable } from '../wire/portable.ts'
import type {
  DoorAddress,
  DoorBoot,
  DoorMessage,
  HostedThing,
  ObjectCall,
  ObjectOutcome,
  OwnerMessage,
} from './protocol.ts'
import { extraFor } from './kinds.ts'

class Door {
  readonly address: DoorAddress = { socket: newSocketName(), password: randomText(), process: processId }
  readonly #port: Port
  readonly #numbers = new WeakMap<object, number>()
  readonly #descriptions = new WeakMap<object, PortableDescription>()
  readonly #things = new Map<number, WeakRef<object>>()
  readonly #lost = new FinalizationRegistry<number>(number => {
    this.#things.delete(number)
    this.#tell({ type: 'forgotten', number })
  })
  /** Why nobody can come. */
  #failure: string | undefined

  constructor() {
    const { near, far } = openChannel()
    this.#port = near
    startThread({
      module: new URL('../host/doorkeeper.js', import.meta.url),
      name: 'multitask door',
      data: {
        owner: ownPlace(),
        door: this.address,
        port: far,
      } satisfies DoorBoot,
      transfer: [far],
      failed: error => {
        this.#failure ??= error instanceof Error ? error.message : String(error)
      },
      exited: () => {
        // The next thing that is sent gets another door.
        if (door === this) door = undefined
      },
    }).unref()
    near.listen(
      message => this.#hear(message as DoorMessage),
      () => {},
    )
  }

  /** What crosses of a handle. `description`: what would cross to a thread. */
  open(handle: object, description: PortableDescription): HostedThing {
    const { type, data } = description
    this.#descriptions.set(handle, description)
    if (this.#failure !== undefined)
      throw new UnsupportedError(`this process cannot be reached by others: ${this.#failure}`)
    let number = this.#numbers.get(handle)
    if (number === undefined) {
      number = nextThing()
      this.#numbers.set(handle, number)
      this.#things.set(number, new WeakRef(handle))
      this.#lost.register(handle, number)
    }
    this.#tell({ type: 'thing', number, kind: type, data: pack(data, 'thing').packed })
    return { kind: type, number, door: this.address, extra: extraFor(type, data, handle) }
  }

  /** A thing of this thread, come back. */
  find(number: number): unknown {
    const handle = this.#things.get(number)?.deref()
    // As if it came from a thread: the end of a pipe is taken over again.
    return handle === undefined ? undefined : revivePortable(this.#descriptions.get(handle)!)
  }

  #tell(message: OwnerMessage): void {
    this.#port.post(message)
  }

  #hear(message: DoorMessage): void {
    if (message.type === 'failed') this.#failure = message.message
    else serve(portOf(message.port))
  }
}

/** Does the calls of objects that an agent asks for, and by no detour: each change of thread costs as much as a call. */
function serve(agent: Port): void {
  const answer = async ({ call, object, method, bytes }: ObjectCall): Promise<void> => {
    agent.post({ call, ...(await callObject(object, method, bytes)) } satisfies ObjectOutcome)
  }
  agent.listen(
    message => void answer(message as ObjectCall),
    () => {},
  )
}

/** Calls a method of an object of this thread. Never rejects. */
export type CallObject = (object: number, method: string, bytes: Uint8Array) => Promise<Omit<ObjectOutcome, 'call'>>

let callObject: CallObject

/** Called by those who host objects, before any of these is sent. */
export function provideObjects(provided: CallObject): void {
  callObject = provided
}

let door: Door | undefined
/** How many processes live that this thread has started. */
let children = 0
/**
 * A place among the threads, as long as there are such processes: any of them may come and give something, so who blocks
 * for it is not told that it is in vain.
 */
let place: ThreadPlace | undefined

export function childBegins(): void {
  children++
  expectClients()
}

export function childEnded(): void {
  if (--children > 0 || place === undefined) return
  const { identity } = place
  place = undefined
  threadEnded(identity)
}

function expectClients(): void {
  if (children === 0 || door === undefined || place !== undefined) return
  place = threadBegins('other processes')
  hideThread(place.identity)
}

/** Makes it known to other processes. Returns what crosses. */
export function openDoor(handle: object, description: PortableDescription): HostedThing {
  door ??= new Door()
  expectClients()
  return door.open(handle, description)
}

/** The thing itself, if this thread owns it. */
export function ownThing({ door: address, number }: HostedThing): unknown {
  return door?.address.password === address.password ? door.find(number) : undefined
}
