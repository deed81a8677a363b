/**
 * Errors, of which structured clone keeps little: mostly the message, the stack, and one of seven names.
 *
 * What crosses is all of it: class, name, message, stack as it is, every own property, the chain of causes, the errors
 * of an AggregateError. On the other side it is a true Error (one made by `Object.create` would not be one to the
 * runtime) with the prototype of its class. No constructor of that class runs: nobody knows its parameters.
 */
import * as errors from '../errors.ts'
import { runtimeErrors } from '../platform/kinds.ts'
import { canNameClass } from './function-codec.ts'
import type { Packing } from './packing.ts'
import { CONSTRUCTOR, PROPERTY, WORDS } from './path.ts'
import { hasPrivateMembers } from './private-members.ts'
import type { ErrorSpecial, Holder } from './special.ts'
import { define, holderOf, notSent, type Visit } from './walk.ts'

type ErrorClass = Function & { readonly prototype: object }

const BUILT_IN = [
  'Error',
  'EvalError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'TypeError',
  'URIError',
  'AggregateError',
  'SuppressedError',
  'DOMException',
]

/** Classes that every thread has, by name: those of the runtime and those of this library. */
const knownClasses = new Map<string, ErrorClass>()
const knownPrototypes = new Map<object, string>()

for (const name of BUILT_IN) know(name, (globalThis as Record<string, unknown>)[name])
if ('WebAssembly' in globalThis) {
  for (const name of ['CompileError', 'LinkError', 'RuntimeError'] as const) {
    know(`WebAssembly.${name}`, WebAssembly[name])
  }
}
for (const [name, class_] of Object.entries({ ...runtimeErrors, ...errors })) know(name, class_)

function know(name: string, class_: unknown): void {
  // Not every runtime has all of them.
  if (typeof class_ !== 'function') return
  knownClasses.set(name, class_)
  knownPrototypes.set(class_.prototype as object, name)
}

/** What the runtime adds to every error; the stack and the message are sent besides. */
const OF_RUNTIME = new Set([
  'stack',
  'message',
  'line',
  'column',
  'sourceURL',
  'originalLine',
  'originalColumn',
  'fileName',
  'lineNumber',
  'columnNumber',
])

export function packError(packing: Packing, visit: Visit): void {
  const { walk } = packing
  const error = visit.value as Error
  const lenient = visit.lenient || packing.lenient
  const { base, class_ } = classify(error)
  const code = read(error, 'code')
  const stack = read(error, 'stack')
  const record: ErrorSpecial = {
    kind: 'error',
    base,
    name: String(read(error, 'name')),
    message: String(read(error, 'message')),
    code: typeof code === 'string' || typeof code === 'number' ? code : undefined,
    // A hook of the program (`Error.prepareStackTrace`) may have made anything of it.
    stack: typeof stack === 'string' ? stack : undefined,
    own: {},
    hidden: {},
  }
  walk.open(visit, record, lenient)
  if (class_ !== undefined && canNameClass(packing, visit, class_, lenient)) {
    walk.child(visit, holderOf(record), 'class', class_, WORDS, CONSTRUCTOR)
  }
  for (const [key, property] of Object.entries(Object.getOwnPropertyDescriptors(error))) {
    // Deno gives the errors of its Node modules a method of their own, for which the name that they have is enough.
    if (key === 'toString' && typeof property.value === 'function') continue
    if (property.enumerable === true) walk.child(visit, record.own, key, walk.read(visit, error, key), PROPERTY, key)
    else if ('value' in property && !OF_RUNTIME.has(key))
      walk.child(visit, record.hidden, key, property.value, PROPERTY, key)
  }
}

/** The nearest class that every thread has, and the user's own below it, if that is one whose instances can be made. */
function classify(error: Error): { readonly base: string; readonly class_: Function | undefined } {
  let class_: Function | undefined
  let isSealed = false
  for (let at: object | null = error; ;) {
    at = Object.getPrototypeOf(at) as object | null
    if (at === null) return { base: 'Error', class_: undefined }
    const base = knownPrototypes.get(at)
    if (base !== undefined) return { base, class_: isSealed ? undefined : class_ }
    const each: unknown = Object.getOwnPropertyDescriptor(at, 'constructor')?.value
    if (typeof each !== 'function') continue
    // A TypeError of another realm, or one of those that Node makes for its own modules.
    const isNative = knownClasses.has(each.name) && Function.prototype.toString.call(each).includes('[native code]')
    if (isNative) return { base: each.name, class_: isSealed ? undefined : class_ }
    isSealed ||= hasPrivateMembers(each)
    if (each.prototype === at) class_ ??= each
  }
}

/** Makes the error, without its properties. */
export function createError({ base, name, message }: ErrorSpecial): Error {
  // The name of a DOMException stands in a slot that only its constructor can fill.
  if (base === 'DOMException') return new DOMException(message, name)
  const error = message === '' ? new Error() : new Error(message)
  return Object.setPrototypeOf(error, (knownClasses.get(base) ?? Error).prototype) as Error
}

/** Gives it what was filled into its record meanwhile. */
export function fillError(error: Error, record: ErrorSpecial): void {
  const { class: class_, stack, own, hidden, name, message, code } = record
  if (typeof class_ === 'function') Object.setPrototypeOf(error, class_.prototype as object)
  if (stack !== undefined) define(error, 'stack', stack, false)
  for (const key of Object.keys(hidden)) define(error, key, hidden[key], false)
  for (const key of Object.keys(own)) define(error, key, own[key], true)
  // Where the class could not be had, and with it what it gave to its errors.
  if (read(error, 'name') !== name) define(error, 'name', name, false)
  if (read(error, 'message') !== message) define(error, 'message', message, false)
  if (code !== undefined && read(error, 'code') !== code) define(error, 'code', code, false)
}

function read(error: Error, key: string): unknown {
  try {
    return (error as unknown as Holder)[key]
  } catch {
    return notSent('it is a getter that throws')
  }
}
