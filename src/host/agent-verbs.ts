/** What can be asked of each kind of thing. Whoever has the password of a door may not call whatever there is. */
import { blockOf } from '../shared/block.ts'
import type { CellType } from '../shared/cell-types.ts'
import { Connection } from '../queue/connection.ts'
import { Sealed } from '../queue/sealed.ts'
import { SharedQueue } from '../queue/shared-queue.ts'
import { className } from '../wire/refusals.ts'

type Verb = (thing: never, args: readonly never[], options: object | undefined) => unknown

/** A method that may wait: its last argument says how long. `after`: how many others it has. */
function waits(name: string, after = 0): Verb {
  return (thing: Record<string, (...args: unknown[]) => unknown>, args, options) =>
    thing[name]!(...args.slice(0, after), options)
}

/** A method that does not wait. */
const calls =
  (name: string): Verb =>
  (thing: Record<string, (...args: unknown[]) => unknown>, args) =>
    thing[name]!(...args)

const reads =
  (name: string): Verb =>
  (thing: Record<string, unknown>) =>
    thing[name]

function verbs(waiting: string, calling: string, reading: string): Record<string, Verb> {
  const of = (names: string, make: (name: string) => Verb): [string, Verb][] =>
    names === '' ? [] : names.split(' ').map(name => [name, make(name)])
  return Object.fromEntries([...of(waiting, waits), ...of(calling, calls), ...of(reading, reads)])
}

const ofLock = verbs('acquire acquireSync', 'tryAcquire release statistics', 'locked')
const ofSemaphore = { ...ofLock, ...verbs('', '', 'value') }

/** The item, as the thing wants it: bytes of a packed one are not opened here. */
function item(value: unknown): unknown {
  return value instanceof Uint8Array ? new Sealed(value) : value
}

/** A method that is given an item and may wait. */
function gives(name: string): Verb {
  return (thing: Record<string, (...args: unknown[]) => unknown>, args, options) => thing[name]!(item(args[0]), options)
}

const ofData: Record<string, Verb> = {
  cells(thing: object, args) {
    const [type, verb, ...rest] = args as unknown as [CellType, string, ...never[]]
    if (!cellVerbs.has(verb)) throw new TypeError(`cells have no ${verb}`)
    const cells = blockOf(thing).cells(type) as unknown as Record<string, (...args: never[]) => unknown>
    return cells[verb]!(...rest)
  },
}

const cellVerbs = new Set('read write fill slice load store exchange compareExchange add sub and or xor'.split(' '))

const kinds: Readonly<Record<string, Readonly<Record<string, Verb>>>> = {
  Lock: ofLock,
  RLock: ofLock,
  Semaphore: ofSemaphore,
  BoundedSemaphore: ofSemaphore,
  Condition: verbs('wait waitSync', 'notify statistics', ''),
  Event: verbs('wait waitSync', 'set clear statistics', 'isSet'),
  Barrier: verbs('wait waitSync', 'reset abort statistics', 'nWaiting broken'),
  SharedQueue: {
    ...verbs('get getSync join joinSync', 'tryGet taskDone statistics', 'size maxSize full isShutDown'),
    shutdown: (queue: { shutdown(options: object): void }, [immediate]) => queue.shutdown({ immediate }),
    put: gives('put'),
    putSync: gives('putSync'),
    tryPut: gives('tryPut'),
    setMaxSize: (queue: { maxSize: number }, args) => void (queue.maxSize = args[0]!),
  },
  Connection: {
    ...verbs('recv recvSync poll pollSync', 'close statistics', 'closed'),
    send: gives('send'),
    sendSync: gives('sendSync'),
  },
  SharedValue: ofData,
  SharedArray: ofData,
  SharedStructArray: ofData,
}

/** The method that Node, Bun and Deno ask for the look of an object. */
const inspect = Symbol.for('nodejs.util.inspect.custom')

/** Does what is asked of a thing. Throws what the thing throws, and TypeError for what cannot be asked. */
export function callVerb(
  thing: object,
  part: 'lock' | undefined,
  verb: string,
  args: readonly unknown[],
  options: object | undefined,
): unknown {
  const target = part === undefined ? thing : (thing as { readonly lock: object }).lock
  const kind = className(target)
  if (verb === 'look') return (target as Record<symbol, () => string>)[inspect]!()
  const found = kinds[kind]
  if (found === undefined || !Object.hasOwn(found, verb)) throw new TypeError(`a ${kind} has no ${verb} for others`)
  return found[verb]!(target as never, args as never, options)
}

/** Puts an item into a queue, or sends a message, if there is room now. False if it has to be done as ever. */
export function givesAtOnce(thing: object, verb: string, args: readonly unknown[]): boolean {
  try {
    if (verb === 'put' && thing instanceof SharedQueue) {
      if (thing.full) return false
      thing.tryPut(item(args[0]))
    } else if (verb === 'send' && thing instanceof Connection) thing.sendSync(item(args[0]), NOW)
    else return false
    return true
  } catch {
    // What is wrong is said when it is done as ever.
    return false
  }
}

const NOW = { timeout: 0 }
