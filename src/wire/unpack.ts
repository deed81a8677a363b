/**
 * Makes the value of a message again.
 *
 * First the modules are imported that something in it comes from; only this may take time. Then every special thing gets
 * its identity, in the order of the records, and is put into the holes where it belongs; at last each is filled with its
 * parts. So cycles close. The exceptions need their parts before they exist: a bound function, a class that uses what it
 * captures while it is made, and what users decode themselves. They are made in their turn, with what is there by then
 * filled; only around a cycle may something be missing, and that is refused where it is sent.
 */
import { CannotLoadError } from '../errors.ts'
import { adoptClass, classWith } from './class-identity.ts'
import { registeredClass } from './class-registry.ts'
import { createError, fillError } from './error-codec.ts'
import { rememberNode } from './function-codec.ts'
import { loadMaker, revivePortable } from './portable.ts'
import { createFunction, type Created } from './revive.ts'
import type {
  BoundSpecial,
  EncodedSpecial,
  FunctionSpecial,
  Holder,
  InstanceSpecial,
  MapSpecial,
  Packed,
  SetSpecial,
  Special,
  SymbolSpecial,
} from './special.ts'
import { define, put } from './walk.ts'

/** Milliseconds that the class of an error may take to come. */
const LONGEST_LOAD = 1000

/**
 * The value of a message. A promise only where a module must be imported for a function or class.
 * Throws, or rejects with, CannotLoadError, and what a user's `decode` throws. `blocked`: nothing can be imported, so an
 * error whose class is not here comes without it.
 */
export function unpack(packed: Packed, blocked: boolean = false): unknown {
  const { value, root, specials, fixups = [] } = packed
  if (specials === undefined) return value
  const whole: Holder = { value }
  const unpacking = new Unpacking(specials, root === undefined ? fixups : [whole, 'value', root, ...fixups], blocked)
  const coming = unpacking.load()
  const finish = (): unknown => {
    unpacking.make()
    return whole['value']
  }
  return coming === undefined ? finish() : coming.then(finish)
}

/**
 * The class of an error is a nicety, and nobody may wait for it for ever: the module that it comes from may itself be
 * waiting, at its top level, for this very error.
 */
function inTime(coming: Promise<Created>): Promise<Created> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new CannotLoadError('its module did not load in time')), LONGEST_LOAD)
    coming.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

class Unpacking {
  readonly #specials: readonly Special[]
  readonly #fixups: readonly unknown[]
  readonly #blocked: boolean
  readonly #values: unknown[] = []
  readonly #made: boolean[] = []
  /** By index of the special: where in the fixups its places are. */
  readonly #places: number[][] = []
  /** By index of the special. */
  readonly #created: Created[] = []
  /** All specials before this one have their parts. */
  #filled = 0

  constructor(specials: readonly Special[], fixups: readonly unknown[], blocked: boolean) {
    this.#blocked = blocked
    this.#specials = specials
    this.#fixups = fixups
    for (let at = 0; at < fixups.length; at += 3) (this.#places[fixups[at + 2] as number] ??= []).push(at)
  }

  /** Creates the functions, and imports what they are found in. */
  load(): Promise<unknown> | undefined {
    const coming: Promise<void>[] = []
    for (const [index, special] of this.#specials.entries()) {
      const maker = special.kind === 'portable' ? loadMaker(special.type) : undefined
      if (maker !== undefined) coming.push(maker)
      if (special.kind !== 'function' || this.#isHere(special, index)) continue
      try {
        const created = createFunction(special.node)
        if (!(created instanceof Promise)) this.#created[index] = created
        else if (this.#blocked && !this.#isWanted(index)) this.#missing(index)('its module is not loaded')
        else
          coming.push(
            (this.#isWanted(index) ? created : inTime(created)).then(
              later => void (this.#created[index] = later),
              this.#missing(index),
            ),
          )
      } catch (error) {
        this.#missing(index)(error)
      }
    }
    return coming.length === 0 ? undefined : Promise.all(coming)
  }

  /** Gives every special its identity and its parts. */
  make(): void {
    const specials = this.#specials
    for (const [index, special] of specials.entries()) if (!this.#isMade(index)) this.#begin(special, index)
    for (const [index, special] of specials.entries()) if (!this.#isMade(index)) this.#makeInTurn(special, index)
    // Again for those that were filled early: what was missing around a cycle is there now.
    this.#filled = 0
    this.#fillBefore(specials.length)
  }

  #isMade(index: number): boolean {
    return this.#made[index] === true
  }

  /** A class that is sent as text need not be made if this thread has it. */
  #isHere({ identity }: FunctionSpecial, index: number): boolean {
    const here = identity === undefined ? undefined : classWith(identity)
    if (here !== undefined) this.#settle(index, here)
    return here !== undefined
  }

  /** What is done where something cannot be had: in an error it is left out, and so is the class of any error. */
  #missing(index: number): (error: unknown) => void {
    return error => {
      if (this.#isWanted(index) && this.#specials[index]!.lenient !== true) throw error
      this.#settle(index, `[not received: ${error instanceof Error ? error.message : String(error)}]`)
    }
  }

  /** Whether it is more than the class of an error. */
  #isWanted(index: number): boolean {
    return (this.#places[index] ?? []).some(at => !this.#isClassOfError(at))
  }

  #isClassOfError(at: number): boolean {
    const holder = this.#fixups[at] as Special
    return this.#fixups[at + 1] === 'class' && holder.kind === 'error' && this.#specials.includes(holder)
  }

  /** Makes what can be filled later, and leaves what needs its parts first. */
  #begin(special: Special, index: number): void {
    switch (special.kind) {
      case 'function':
        return this.#beginFunction(special, index)
      case 'instance':
        return this.#settle(index, special.value)
      case 'map':
        return this.#settle(index, new Map())
      case 'set':
        return this.#settle(index, new Set())
      case 'error':
        return this.#settle(index, createError(special))
      case 'url':
        return this.#settle(index, new URL(special.text))
      case 'search-params':
        return this.#settle(index, new URLSearchParams(special.text))
      case 'symbol':
        return this.#settle(index, symbolOf(special))
      case 'global':
        return this.#settle(index, (globalThis as unknown as Holder)[special.name])
      case 'bound':
      case 'registered-class':
      case 'encoded':
      case 'portable':
    }
  }

  #beginFunction(special: FunctionSpecial, index: number): void {
    // Another message may have brought the class while this one waited for its imports.
    if (this.#isHere(special, index)) return
    const created = this.#created[index]!
    if (created.early !== true) this.#settleFunction(special, index, created.value)
  }

  #makeInTurn(special: Special, index: number): void {
    try {
      this.#makeFromParts(special, index)
    } catch (error) {
      this.#missing(index)(error)
    }
  }

  #makeFromParts(special: Special, index: number): void {
    switch (special.kind) {
      case 'function': {
        const created = this.#created[index]!
        fillFunction(special, created)
        return this.#settleFunction(special, index, created.value)
      }
      case 'bound':
        return this.#settle(index, bind(special))
      case 'registered-class':
        return this.#settle(index, registeredClass(special.name).constructor)
      case 'encoded':
        this.#fillBefore(index)
        return this.#settle(index, decode(special))
      case 'portable':
        this.#fillBefore(index)
        return this.#settle(index, revivePortable({ type: special.type, data: special.data }))
      default:
        throw new Error(`a ${special.kind} was not begun. This is a bug in multitask.`)
    }
  }

  #settleFunction({ identity, node }: FunctionSpecial, index: number, value: Function): void {
    if (identity !== undefined) adoptClass(identity, value)
    if (node.kind === 'text') rememberNode(value, node)
    this.#settle(index, value)
  }

  /** Puts a thing into all of its places. */
  #settle(index: number, value: unknown): void {
    this.#values[index] = value
    this.#made[index] = true
    for (const at of this.#places[index] ?? [])
      put(this.#fixups[at] as Holder, this.#fixups[at + 1] as PropertyKey, value)
  }

  #fillBefore(end: number): void {
    for (; this.#filled < end; this.#filled++) {
      if (this.#isMade(this.#filled)) this.#fill(this.#specials[this.#filled]!, this.#filled)
    }
  }

  /** Can be done twice. */
  #fill(special: Special, index: number): void {
    const value = this.#values[index]
    if (special.kind === 'error') return fillError(value as Error, special)
    if (special.kind === 'map') fillMap(value as Map<unknown, unknown>, special)
    if (special.kind === 'set') fillSet(value as Set<unknown>, special)
    if (special.kind === 'instance' || special.kind === 'map' || special.kind === 'set')
      return giveClass(value as object, special)
    const created = this.#created[index]
    if (special.kind === 'function' && created !== undefined && created.early !== true) fillFunction(special, created)
  }
}

function fillFunction({ node }: FunctionSpecial, created: Created): void {
  if (node.kind === 'text') created.fill?.(node.captures ?? {}, node.own)
}

// The methods are those of the runtime: by the second time, the class may have put its own before them.

function fillMap(map: Map<unknown, unknown>, { entries }: MapSpecial): void {
  const list = entries as unknown as readonly unknown[]
  Map.prototype.clear.call(map)
  for (let i = 0; i < list.length; i += 2) Map.prototype.set.call(map, list[i], list[i + 1])
}

function fillSet(set: Set<unknown>, { entries }: SetSpecial): void {
  Set.prototype.clear.call(set)
  for (const member of entries as unknown as readonly unknown[]) Set.prototype.add.call(set, member)
}

function giveClass(value: object, special: InstanceSpecial | MapSpecial | SetSpecial): void {
  const { class: class_, own = {} } = special
  // In an error, a class that could not be had is a text that says so; the properties are worth having.
  if (typeof class_ === 'function') Object.setPrototypeOf(value, class_.prototype as object)
  for (const key of Object.keys(own)) define(value, key, own[key], true)
}

function bind({ target, self, args }: BoundSpecial): Function {
  const node = { kind: 'bound', target: target as Function, self, args: args as unknown as readonly unknown[] } as const
  return (createFunction(node) as Created).value
}

function decode({ name, data }: EncodedSpecial): unknown {
  const { decode: make } = registeredClass(name)
  if (make !== undefined) return make(data)
  throw new CannotLoadError(`the class registered as ${JSON.stringify(name)} has no decode function in this thread`)
}

function symbolOf({ key, wellKnown }: SymbolSpecial): symbol {
  return wellKnown ? (Symbol as unknown as Record<string, symbol>)[key]! : Symbol.for(key)
}
