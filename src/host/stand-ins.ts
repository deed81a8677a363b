/** The stand-ins of this thread: what a thing of another process is made of when it comes. */
import { sharedWords } from '../memory/atomics.ts'
import type { CellType } from '../shared/cell-types.ts'
import { SharedArray } from '../shared/shared-array.ts'
import { reviveStructs } from '../shared/shared-struct.ts'
import { SharedValue } from '../shared/shared-value.ts'
import type { RemoteState } from '../shared/block.ts'
import { label } from '../sync/inspect.ts'
import type { Lock } from '../sync/lock.ts'
import { definePortable, HOSTED, portable, type PortableDescription } from '../wire/portable.ts'
import { ownThing } from './door.ts'
import { methodsObject, type ObjectExtra } from './hosted.ts'
import { linkTo } from './links.ts'
import { noteOrigin, receiveMapped } from './mapped-things.ts'
import { noteStandIn } from './passes-for.ts'
import { type HostedThing, OBJECT } from './protocol.ts'
import { Remote } from './remote.ts'
import { sealValues } from './sealing.ts'
import { RemoteBarrier } from './remote-barrier.ts'
import { RemoteCondition } from './remote-condition.ts'
import { RemoteConnection } from './remote-connection.ts'
import { elsewhere } from './remote-data.ts'
import { RemoteEvent } from './remote-event.ts'
import { RemoteLock } from './remote-lock.ts'
import { RemoteQueue } from './remote-queue.ts'
import { RemoteRLock } from './remote-rlock.ts'
import { RemoteBoundedSemaphore, RemoteSemaphore } from './remote-semaphore.ts'

type Make = (remote: Remote, extra: never, state: RemoteState) => object

interface Named {
  readonly name: string
}

const makers: Readonly<Record<string, Make>> = {
  Lock: (remote, { name }: Named) => new RemoteLock(remote, name),
  RLock: (remote, { name }: Named) => new RemoteRLock(remote, name),
  Semaphore: (remote, { name }: Named) => new RemoteSemaphore(remote, name),
  BoundedSemaphore: (remote, { name }: Named) => new RemoteBoundedSemaphore(remote, name),
  Event: (remote, { name }: Named) => new RemoteEvent(remote, name),
  Condition: (remote, { name, lock }: Named & { lock: Lock }) => new RemoteCondition(remote, name, lock),
  Barrier: (remote, { name, parties }: Named & { parties: number }) => new RemoteBarrier(remote, name, parties),
  SharedQueue: (remote, { name }: Named) => new RemoteQueue(remote, name),
  Connection: (remote, { name, readable, writable }: Named & { readable: boolean; writable: boolean }) =>
    new RemoteConnection(remote, name, readable, writable),
  [OBJECT]: (remote, extra: ObjectExtra) =>
    methodsObject(extra, async (method, args) => remote.ask('call', [method, sealValues(args, 'argument')])),
  SharedValue: (_, { type, ...options }: Named & { type: CellType }, state) =>
    new SharedValue(type, undefined, options, state),
  SharedArray: (_, { type, length, ...options }: Named & { type: CellType; length: number }, state) =>
    new SharedArray(type, length, options, state),
  SharedStructArray: (_, extra, state) => reviveStructs(state, extra),
}

interface Known {
  readonly standIn: WeakRef<object>
}

/** Stands for memory that is elsewhere. */
const NO_WORDS = sharedWords(1)

/** By the door and the number of the thing. One that comes twice is one object in a thread. */
const known = new Map<string, Known>()
const dropped = new FinalizationRegistry<() => void>(drop => drop())

definePortable(HOSTED, data => receive(data as HostedThing))

function receive(thing: HostedThing): unknown {
  return knownFor(thing) ?? ownThing(thing) ?? receiveThing(thing) ?? make(thing)
}

function receiveThing(thing: HostedThing): object | undefined {
  const received = receiveMapped(thing)
  if (received !== undefined) noteOrigin(received, thing)
  return received
}

/** The stand-in of this thread for a thing, even if it owns the thing. */
export function standInFor(thing: HostedThing): object {
  return knownFor(thing) ?? make(thing)
}

function keyOf({ door, number }: HostedThing): string {
  return `${door.password} ${number}`
}

function knownFor(thing: HostedThing): object | undefined {
  const standIn = known.get(keyOf(thing))?.standIn.deref()
  if (standIn instanceof RemoteConnection) standIn._receive()
  return standIn
}

function make(thing: HostedThing): object {
  const key = keyOf(thing)
  const { kind, number, door, extra } = thing
  const link = linkTo(door)
  const remote = new Remote(link, number, label(kind, (extra as Named).name))
  const standIn = makers[kind]!(remote, extra as never, {
    number,
    words: NO_WORDS,
    shared: true,
    elsewhere: elsewhere(remote),
  })
  Object.defineProperty(standIn, portable, {
    value(): PortableDescription {
      if (standIn instanceof RemoteConnection) standIn._send()
      return { type: HOSTED, data: thing }
    },
  })
  noteStandIn(standIn, remote, kind)
  const entry: Known = { standIn: new WeakRef(standIn) }
  known.set(key, entry)
  dropped.register(standIn, () => {
    if (known.get(key) !== entry) return
    known.delete(key)
    link.drop(number)
  })
  return standIn
}
