/**
 * gather: the results of several pieces of work, as `asyncio.gather` and `Promise.all`, but with an end: when it throws,
 * nothing of it is left running.
 */
import { isFutureLike, type FutureLike } from '../completion/future-like.ts'
import { throwIfInterrupted } from '../limits/interruption.ts'
import { describe, isThenable } from '../options/describe.ts'
import { abortSignal, checkOptions, count, duration, ofType, oneOf, type Rules } from '../options/option-rules.ts'
import { Gathering } from './gathering.ts'
import type { TaskFn } from './task-context.ts'

export interface GatherOptions {
  /** How many of the functions run at once. The others wait for their turn, in their order. */
  readonly limit?: number | undefined
  /** Whether errors stand in the places of results and stop nobody. What is thrown and is no Error is put into one. */
  readonly returnExceptions?: boolean | undefined
  /** `'first'`: throws the error that came first, with the others in its `suppressed`; `'group'`: a TaskGroupError. */
  readonly errors?: 'first' | 'group' | undefined
  /** Cancels all of it; then its reason is thrown. */
  readonly signal?: AbortSignal | undefined
  /** In ms; when it is up, all of it is cancelled and a TimeoutError is thrown. */
  readonly timeout?: number | undefined
  /** For people: see `tasks()`. */
  readonly name?: string | undefined
}

/** What can be gathered: a function that is yet to run, a task of this loop, the future of an executor. */
export type Gatherable<T = unknown> = TaskFn<T> | FutureLike<T>

/** Several of them: an array or another iterable, or an object whose values they are. */
export type GatherInput = Iterable<Gatherable> | { readonly [key: string]: Gatherable }

type ResultOf<E> = E extends (...args: never[]) => infer R ? Awaited<R> : Awaited<E>

type MapResults<I, X> = I extends readonly unknown[]
  ? { -readonly [K in keyof I]: ResultOf<I[K]> | X }
  : I extends Iterable<infer E>
    ? (ResultOf<E> | X)[]
    : { -readonly [K in keyof I]: ResultOf<I[K]> | X }

/** The results: in the places of an array, or under the keys of an object. */
export type Gathered<I> = MapResults<I, never>

/** The same with `returnExceptions`. */
export type GatheredOrErrors<I> = MapResults<I, Error>

const flag = ofType('boolean', 'true or false')

const rules: Rules<GatherOptions> = {
  limit: count(1),
  returnExceptions: flag,
  errors: oneOf('first', 'group'),
  signal: abortSignal,
  timeout: duration,
  name: ofType('string', 'a string'),
}

/**
 * Calls the functions, waits for them and for the tasks and futures among them, and resolves to all results in the order
 * of the inputs. If one fails the others are cancelled and waited for; then the first error is thrown. Cancelling who
 * gathers cancels all that is gathered. The functions share one context.
 * Throws TypeError, before anything begins, for what is neither a function nor a task nor a future, such as a promise.
 */
export async function gather<const I extends GatherInput>(
  inputs: I,
  options: GatherOptions & { readonly returnExceptions: true },
): Promise<GatheredOrErrors<I>>
export async function gather<const I extends GatherInput>(inputs: I, options?: GatherOptions): Promise<Gathered<I>>
export async function gather(inputs: GatherInput, options: GatherOptions = {}): Promise<unknown> {
  checkOptions(options, rules, 'gather()')
  const keys = isIterable(inputs) ? undefined : keysOf(inputs)
  const entries = isIterable(inputs)
    ? checked(Array.isArray(inputs) ? inputs : [...inputs])
    : checked(Object.values(inputs), keys)
  throwIfInterrupted(options.signal)
  const results = await new Gathering(options).run(entries)
  return keys === undefined ? results : Object.fromEntries(keys.map((key, index) => [key, results[index]]))
}

function isIterable(inputs: GatherInput): inputs is Iterable<Gatherable> {
  return Symbol.iterator in Object(inputs)
}

/** Not of any object: one that is something else, such as a promise, has no entries and would be gathered in vain. */
function keysOf(inputs: object): string[] {
  if (typeof inputs === 'object' && inputs !== null) {
    const prototype: unknown = Object.getPrototypeOf(inputs)
    if (prototype === Object.prototype || prototype === null) return Object.keys(inputs)
  }
  const cure = typeof inputs === 'function' || isFutureLike(inputs) ? ': put them into an array' : ''
  throw new TypeError(`gather takes an array or an object of functions, not ${describe(inputs)}${cure}`)
}

function checked(entries: readonly Gatherable[], keys?: readonly string[]): readonly Gatherable[] {
  for (let index = 0; index < entries.length; index++) {
    const entry: unknown = entries[index]
    if (typeof entry === 'function' || isFutureLike(entry)) continue
    const place = keys === undefined ? index : JSON.stringify(keys[index])
    const why = isThenable(entry)
      ? ': what runs already can neither be cancelled nor owned; pass a function that begins it'
      : ''
    throw new TypeError(`gather takes functions, tasks and futures, not ${describe(entry)} at ${place}${why}`)
  }
  return entries
}
