/**
 * Hosted objects: an object of a user's class that stays where it was made, and whose methods others call from wherever
 * they are: from other threads and other processes. Python's `multiprocessing.managers.BaseManager`, without a server of
 * its own: the thread that made the object runs its methods, one at a time.
 */
import { InvalidStateError } from '../errors.ts'
import { checkOptions, ofType } from '../options/option-rules.ts'
import { describe } from '../options/describe.ts'
import { Lock } from '../sync/lock.ts'
import { summary } from '../sync/inspect.ts'
import { fromBytes, toBytes } from '../platform/serialize.ts'
import { pack, type Packed } from '../wire/pack.ts'
import { definePortable, HOSTED, portable, type PortableDescription } from '../wire/portable.ts'
import { className } from '../wire/refusals.ts'
import { unpack } from '../wire/unpack.ts'
import { type CallObject, openDoor, provideObjects } from './door.ts'
import { provideThings } from './hosting.ts'
import { OBJECT } from './protocol.ts'
import { sealValues } from './sealing.ts'

/** The methods of a hosted object, which all return promises. */
export type Hosted<T> = {
  readonly [K in keyof T as T[K] extends (...args: never[]) => unknown ? K : never]: T[K] extends (
    ...args: infer A
  ) => infer R
    ? (...args: A) => Promise<Awaited<R>>
    : never
}

export interface HostOptions {
  /** For people: it stands in errors and in what is printed. Default: the name of the class. */
  readonly name?: string | undefined
}

/** What a stand-in is made from. */
export interface ObjectExtra {
  readonly name: string
  readonly methods: readonly string[]
}

type Method = (...args: unknown[]) => unknown

/** The method that Node, Bun and Deno ask for the look of an object. */
const inspect = Symbol.for('nodejs.util.inspect.custom')

/** By the numbers of this thread. */
const own = new Map<number, WeakRef<ObjectHost>>()
const forgotten = new FinalizationRegistry<number>(number => own.delete(number))
let made = 0
/** Others may call them as long as this thread lives, also if it has let go of them. */
const sent = new Set<ObjectHost>()

/**
 * Lets others call the methods of an object: send what this returns to a thread or a process, and its methods are called
 * there and run here, on the event loop of this thread, one at a time in the order in which they were asked for; the next
 * begins when what the one before returned has settled. Arguments and results are copied as those of tasks are; errors are
 * thrown as what they are. Within this thread nothing is copied. Names that begin with `_` are not called from outside.
 *
 * Throws TypeError for what is no object, or has no methods. A call rejects with InvalidStateError when the thread that
 * has the object has ended.
 */
export function host<T extends object>(object: T, options: HostOptions = {}): Hosted<T> {
  if (typeof object !== 'object' || object === null) {
    throw new TypeError(`what is hosted must be an object with methods, not ${describe(object)}`)
  }
  const { name = className(object) } = checkOptions(options, { name: ofType('string', 'a string') }, 'host')
  const methods = methodsOf(object)
  if (methods.length === 0) throw new TypeError(`${name} has no methods that could be called`)
  provideThings()
  return new ObjectHost(object, { name, methods }).handle as Hosted<T>
}

/** An object and its line of calls. */
class ObjectHost {
  readonly handle: object
  readonly #object: object
  readonly #extra: ObjectExtra
  readonly #turn: Lock

  constructor(object: object, extra: ObjectExtra) {
    this.#object = object
    this.#extra = extra
    this.#turn = new Lock({ name: extra.name })
    const number = ++made
    provideObjects(callObject)
    own.set(number, new WeakRef(this))
    forgotten.register(this, number)
    this.handle = methodsObject(extra, (method, args) => this.call(method, args))
    const description = { type: OBJECT, data: { number, extra } }
    Object.defineProperty(this.handle, portable, {
      value: (): PortableDescription => {
        sent.add(this)
        return { type: HOSTED, data: openDoor(this.handle, description) }
      },
    })
  }

  /** Calls a method when those before it are done. Rejects with what it throws. */
  call(method: string, args: readonly unknown[]): Promise<unknown> {
    if (!this.#extra.methods.includes(method)) {
      return Promise.reject(new TypeError(`${this.#extra.name} has no method ${JSON.stringify(method)}`))
    }
    return this.#turn.with(() => (this.#object as Record<string, Method>)[method]!(...args))
  }
}

/** What an agent has of an object: only the thread that made it can call it. */
export class ObjectHandle {
  readonly number: number

  constructor(number: number) {
    this.number = number
  }
}

definePortable(OBJECT, data => {
  const { number } = data as { number: number }
  return hostOf(number)?.handle ?? new ObjectHandle(number)
})

/** An object of this thread, if it is not forgotten. */
function hostOf(number: number): ObjectHost | undefined {
  return own.get(number)?.deref()
}

async function callObject(number: number, method: string, bytes: Uint8Array): ReturnType<CallObject> {
  try {
    const args = (await unpack(fromBytes(bytes) as Packed)) as readonly unknown[]
    const object = hostOf(number)
    if (object === undefined) throw new InvalidStateError('the hosted object is gone')
    return { failed: false, bytes: sealValues(await object.call(method, args), 'result') }
  } catch (error) {
    return { failed: true, bytes: toBytes(pack(error, 'error', { lenient: true, bytesOnly: 'process' }).packed) }
  }
}

/** An object with these methods, each of which is `call`. */
export function methodsObject(
  { name, methods }: ObjectExtra,
  call: (method: string, args: readonly unknown[]) => Promise<unknown>,
): object {
  const object = {}
  for (const method of methods) {
    Object.defineProperty(object, method, { value: (...args: unknown[]) => call(method, args), enumerable: true })
  }
  Object.defineProperty(object, 'name', { value: name, enumerable: false, configurable: true })
  Object.defineProperty(object, inspect, { value: () => summary('Hosted', name, ...methods) })
  return object
}

function methodsOf(object: object): string[] {
  const names = new Set<string>()
  for (let at = object; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at) as object) {
    for (const [key, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      if (typeof value === 'function' && key !== 'constructor' && key !== 'then' && !key.startsWith('_')) names.add(key)
    }
  }
  return [...names]
}
