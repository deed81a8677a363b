/** What `mapAsync` can be given, and how it is checked. */
import { describe } from '../options/describe.ts'
import { abortSignal, checkOptions, count, ofType, type Rules } from '../options/option-rules.ts'
import type { TaskContext } from './task-context.ts'

/** Computes the result of one input. What it returns, a promise or not, is awaited. */
export type MapFn<T, R> = (value: T, context: TaskContext) => R

export interface MapOptions {
  /** How many calls run at once; Infinity for all. There is no default: of what waits for a network, nobody can guess it. */
  readonly limit: number
  /** Whether results come as they are completed, not in the order of the inputs. */
  readonly unordered?: boolean | undefined
  /** How many inputs the map may be ahead of its reader: those that run and those not read yet. Twice `limit` by default. */
  readonly bufferSize?: number | undefined
  /** Cancels the map; then its reason is thrown. */
  readonly signal?: AbortSignal | undefined
  /** For people; the name of the function if there is none. */
  readonly name?: string | undefined
}

const rules: Rules<MapOptions> = {
  limit: count(1),
  unordered: ofType('boolean', 'true or false'),
  bufferSize: count(1),
  signal: abortSignal,
  name: ofType('string', 'a string'),
}

/** Throws TypeError and RangeError for what is wrong with them. */
export function checkMapOptions(options: MapOptions): MapOptions {
  if (options === undefined) throw new TypeError('mapAsync needs options with a limit: how many calls run at once')
  checkOptions(options, rules, 'mapAsync()')
  if (options.limit === undefined) throw new TypeError('mapAsync needs a limit: how many calls run at once')
  return options
}

/** Throws TypeError for what cannot be iterated. */
export function checkInputs(inputs: unknown): void {
  if (Symbol.asyncIterator in Object(inputs) || Symbol.iterator in Object(inputs)) return
  throw new TypeError(`mapAsync needs an iterable, but ${describe(inputs)} cannot be iterated`)
}
