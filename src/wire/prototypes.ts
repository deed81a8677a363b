/**
 * What an object is, judged by its chain of prototypes.
 *
 * Plain data classes can be copied: own properties here, the prototype of the same class there. `#private` members and
 * classes of the runtime keep state where nobody can read it; of the latter structured clone knows some.
 */
import { builtinExport } from '../platform/builtins.ts'
import { hasPrivateMembers } from './private-members.ts'
import { className, RUNTIME_CLASSES, type Refusal, refusalOf, unknownToClone } from './refusals.ts'

export type Verdict =
  /** All that it holds is in its properties, unless what the class extends is an Array, Map, Date … */
  | { readonly kind: 'instance'; readonly class: Function; readonly extendsObject: boolean }
  /** No class of its own: an object or array or the like, perhaps of another realm. */
  | { readonly kind: 'ordinary' }
  /** Of the runtime, and structured clone does right by it. */
  | { readonly kind: 'cloneable' }
  | { readonly kind: 'refused'; readonly refusal: Refusal }

const verdicts = new WeakMap<object, Verdict>()

/** The verdict on an object with the same prototype, if there was one. */
export function knownVerdict(prototype: object): Verdict | undefined {
  return verdicts.get(prototype)
}

/** What to do with an object, and with all others that have its prototype. */
export function verdictOn(value: object, prototype: object): Verdict {
  let verdict = verdicts.get(prototype)
  if (verdict === undefined) {
    const refusal = refusalOf(value)
    verdict = refusal === undefined ? judge(value, prototype) : { kind: 'refused', refusal }
    verdicts.set(prototype, verdict)
  }
  return verdict
}

function judge(value: object, prototype: object): Verdict {
  let class_: Function | undefined
  let extendsObject = true
  for (let at: object | null = prototype; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const own = constructorOf(at)
    if (own === undefined) {
      // Such as the prototype that `querystring.parse` uses: it adds nothing.
      if (Reflect.ownKeys(at).length === 0) continue
      return refused('it is an object whose prototype is not that of a class')
    }
    if (isOrdinary(own)) {
      extendsObject = own.name === 'Object'
      break
    }
    // An EventEmitter is written in JavaScript, and all that matters is in ordinary properties.
    if (own.name !== 'EventEmitter' && isOfRuntime(own)) {
      if (keepsPrototype(value, prototype)) return { kind: 'cloneable' }
      return { kind: 'refused', refusal: unknownToClone(value) }
    }
    if (hasPrivateMembers(own)) return withPrivateMembers(own, className(value))
    class_ ??= own
  }
  return class_ === undefined ? { kind: 'ordinary' } : { kind: 'instance', class: class_, extendsObject }
}

function constructorOf(prototype: object): Function | undefined {
  const class_: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value
  return typeof class_ === 'function' && class_.prototype === prototype ? class_ : undefined
}

/** Classes under which nothing more is to be found: what their instances are made of is copied by kind. */
const ORDINARY =
  /^(Object|Array|Map|Set|Date|RegExp|(Shared)?ArrayBuffer|DataView|(Big)?(Uint|Int|Float)\d+(Clamped)?Array|Number|String|Boolean|BigInt)$/

function isOrdinary(class_: Function): boolean {
  return ORDINARY.test(class_.name) && isNative(class_)
}

function isOfRuntime(class_: Function): boolean {
  if (isNative(class_) || (globalThis as Record<string, unknown>)[class_.name] === class_) return true
  return RUNTIME_CLASSES.has(class_.name) && builtinExport(class_) !== undefined
}

function isNative(class_: Function): boolean {
  return Function.prototype.toString.call(class_).endsWith('[native code] }')
}

/** Asks the runtime. What it cannot clone it makes a plain object of, or throws. */
function keepsPrototype(value: object, prototype: object): boolean {
  try {
    return Object.getPrototypeOf(structuredClone(value)) === prototype
  } catch {
    return false
  }
}

function withPrivateMembers(class_: Function, name: string): Verdict {
  const whose = class_.name === name ? 'which' : `and ${class_.name}`
  const hint = `registerClass(${name}, { encode, decode }) says how to copy it`
  return refused(`it is an instance of ${name}, ${whose} has #private members that cannot be copied`, hint)
}

function refused(reason: string, hint?: string): Verdict {
  return { kind: 'refused', refusal: hint === undefined ? { reason } : { reason, hint } }
}
