/**
 * The walk that makes a message out of a graph: it visits every object once, keeps what is shared shared, and knows the
 * path to wherever it is. What to do with each kind of thing is said by the codecs; here is only how to go on.
 *
 * It is a depth-first walk with a stack of its own, in the order of structured clone. A visit copies its object, or opens
 * a record for it, and leaves visits for the children; below these waits the mark that closes the record. So records are
 * closed in the order in which the other side can make them: what they contain comes first.
 */
import { CannotSendError } from '../errors.ts'
import { pathOf, PROPERTY, type Step, type StepKind } from './path.ts'
import type { Holder, Special } from './special.ts'

/** A place to fill, and the original of what belongs there. */
export interface Visit extends Step {
  readonly holder: Holder
  readonly key: PropertyKey
  readonly value: unknown
  /** How many containers are around it, counted from the beginning, from the last record, or from the last error. */
  readonly level: number
  /** It is part of an error that has to arrive: what cannot be sent is described. */
  readonly lenient: boolean
}

/** Deeper than this the own properties of an error are only described. */
const DEEPEST_IN_ERROR = 100

export class Walk {
  /** Records that are closed, in order. */
  readonly specials: Special[] = []
  readonly #fixups: unknown[] = []
  readonly #stack: (Visit | Special)[] = []
  readonly #copies = new Map<object, Holder>()
  readonly #records = new Map<unknown, Special>()
  /** Open records that cannot be made before all that is in them. */
  readonly #unfinished = new Set<Special>()
  readonly #enter: (visit: Visit) => void
  #deepest = 0
  /** How often a copied object was met again. */
  #reunions = 0
  // Of the children of the object that is being visited.
  #level = 0
  #lenient = false

  /** `enter` fills the place of a visit whose object was not met before. */
  constructor(enter: (visit: Visit) => void) {
    this.#enter = enter
  }

  /** Walks everything that can be reached from `value`, and puts what is sent in its place into `holder.value`. */
  run(value: unknown, holder: Holder, step: Pick<Step, 'kind' | 'name'>): void {
    const stack = this.#stack
    stack.push({ ...step, up: undefined, holder, key: 'value', value, level: 0, lenient: false })
    for (;;) {
      const top = stack.pop()
      if (top === undefined) return
      if ('holder' in top) this.#visit(top)
      else this.#close(top)
    }
  }

  /**
   * Whether the message may be nested deeper than that in what the walk copied. Structured clone goes through the
   * message in another order (the value, then record by record), and so may come to a shared object by a longer way;
   * with each of them the longest way can grow once by the deepest level.
   */
  mayBeDeeperThan(levels: number): boolean {
    return this.#deepest * (1 + this.#reunions) > levels
  }

  /** Whether the object was copied, or has a record. */
  knows(value: object): boolean {
    return this.#copies.has(value) || this.#records.has(value)
  }

  /** Holder, key and index of the special, in turns. */
  fixups(): unknown[] {
    const indexes = new Map(this.specials.map((special, index) => [special, index]))
    return this.#fixups.map((item, i) => (i % 3 === 2 ? indexes.get(item as Special) : item))
  }

  // ── for codecs ──

  /** Fills the place of the visit with the copy, here and wherever the object is met again. */
  copy(visit: Visit, copy: Holder): void {
    this.#copies.set(visit.value as object, copy)
    put(visit.holder, visit.key, copy)
    this.#level = visit.level + 1
    if (this.#level > this.#deepest) this.#deepest = this.#level
    this.#lenient = visit.lenient
  }

  /** Opens a record for the object. Call it before any `child`, and after everything that may throw. */
  open(visit: Visit, record: Special, lenient: boolean = visit.lenient): void {
    if (lenient) record.lenient = true
    this.#level = 0
    this.#lenient = lenient
    if (record.kind === 'encoded' || record.kind === 'portable') this.#unfinished.add(record)
    this.#records.set(visit.value, record)
    this.#stack.push(record)
    this.#refer(visit, record)
  }

  /** Fills `holder[key]` with a part of the object: at once if it is a primitive, by a visit of its own if not. */
  child(visit: Visit, holder: Holder, key: PropertyKey, value: unknown, kind: StepKind, name: unknown): void {
    if (isPrimitive(value)) return put(holder, key, value)
    // The hole keeps the place of the key among the others.
    put(holder, key, undefined)
    if (this.#lenient && this.#level > DEEPEST_IN_ERROR) return put(holder, key, notSent('it is nested too deep'))
    this.#stack.push({ up: visit, kind, name, holder, key, value, level: this.#level, lenient: this.#lenient })
  }

  /** `child` for all enumerable properties of `source`. */
  properties(visit: Visit, holder: Holder, source: object, kind: StepKind = PROPERTY): void {
    for (const key of Object.keys(source))
      this.child(visit, holder, key, this.read(visit, source, key, kind), kind, key)
  }

  /** Reads a property, which may be a getter. Throws CannotSendError if that throws. */
  read(visit: Visit, source: object, key: string, kind: StepKind = PROPERTY): unknown {
    try {
      return (source as Holder)[key]
    } catch (error) {
      if (this.#lenient) return notSent('it is a getter that throws')
      const path = pathOf({ up: visit, kind, name: key })
      throw new CannotSendError(path, 'it is a getter that throws', undefined, { cause: error })
    }
  }

  #visit(visit: Visit): void {
    const stack = this.#stack
    const copy = this.#copies.get(visit.value as object)
    if (copy !== undefined) {
      this.#reunions++
      return put(visit.holder, visit.key, copy)
    }
    const record = this.#records.get(visit.value)
    const below = stack.length
    try {
      if (record === undefined) this.#enter(visit)
      else if (this.#unfinished.has(record)) refuse(visit, 'it is a part of what it is itself made from')
      else this.#refer(visit, record)
    } catch (error) {
      if (!visit.lenient || !(error instanceof CannotSendError)) throw error
      stack.length = below
      put(visit.holder, visit.key, notSent(error.reason))
      return
    }
    // Children were pushed in order and have to be popped in order; a record stays below them.
    const first = stack.length > below && !('holder' in stack[below]!) ? below + 1 : below
    if (stack.length - first > 1) reverse(stack, first)
  }

  #close(record: Special): void {
    this.#unfinished.delete(record)
    this.specials.push(record)
  }

  #refer(visit: Visit, record: Special): void {
    put(visit.holder, visit.key, undefined)
    this.#fixups.push(visit.holder, visit.key, record)
  }
}

/** A record as something whose properties can be filled in. */
export function holderOf(record: Special): Holder {
  return record as unknown as Holder
}

/** Throws the refusal of the object of a visit. */
export function refuse(visit: Visit, reason: string, hint?: string, options?: ErrorOptions): never {
  throw new CannotSendError(pathOf(visit), reason, hint, options)
}

/** Stands in an error for what could not be sent with it. */
export function notSent(reason: string): string {
  return `[not sent: ${reason}]`
}

/** Sets a property that may be called `__proto__`. */
export function put(holder: Holder, key: PropertyKey, value: unknown): void {
  if (key === '__proto__') define(holder, key, value, true)
  else holder[key] = value
}

export function define(holder: object, key: PropertyKey, value: unknown, enumerable: boolean): void {
  Object.defineProperty(holder, key, { value, enumerable, configurable: true, writable: true })
}

/** Whether it crosses as it is. */
function isPrimitive(value: unknown): boolean {
  return (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol') || value === null
}

function reverse(stack: unknown[], from: number): void {
  for (let low = from, high = stack.length - 1; low < high; low++, high--) {
    const item = stack[low]
    stack[low] = stack[high]
    stack[high] = item
  }
}
