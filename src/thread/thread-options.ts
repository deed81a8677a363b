/** What a Thread can be made with, and how it is checked. */
import { describe, isThenable } from '../options/describe.ts'
import { checkOptions, ofType, type Rule, type Rules } from '../options/option-rules.ts'
import type { ResourceLimits } from '../platform/threads.ts'

export interface ThreadOptions {
  /** For people: it stands in errors, in reports and in `threads()`. Default: `Thread-1 (target)`, as in Python. */
  readonly name?: string | undefined
  /** Whether the program may end without waiting for the thread. Default: what the thread that makes it is. */
  readonly daemon?: boolean | undefined
  /** The environment variables of the thread. Default: a copy of those of the thread that starts it. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /** The limits of the thread's memory, in MB, as of `worker_threads`. Bun has none. */
  readonly resourceLimits?: ResourceLimits | undefined
}

/** With less, V8 does not say that memory is out: it ends the whole program while the thread starts (Node 22 to 26, Deno). */
const LEAST_OLD_GENERATION = 6

const env: Rule = (value, name) => {
  ofType('object', 'an object')(value, name)
  for (const [key, each] of Object.entries(value as object)) {
    if (typeof each === 'string' || each === undefined) continue
    throw new TypeError(`${name}.${key} must be a string, not ${describe(each)}`)
  }
}

function megabytes(least: number): Rule {
  return (value, name) => {
    if (typeof value !== 'number') throw new TypeError(`${name} must be a number of megabytes, not ${describe(value)}`)
    if (!(value > 0 && value >= least && value < Infinity)) {
      const range = least > 0 ? `${least} megabytes or more` : 'more than 0 megabytes'
      throw new RangeError(`${name} must be ${range}, not ${value}`)
    }
  }
}

const limitRules: Rules<ResourceLimits> = {
  maxOldGenerationSizeMb: megabytes(LEAST_OLD_GENERATION),
  maxYoungGenerationSizeMb: megabytes(0),
  codeRangeSizeMb: megabytes(0),
  stackSizeMb: megabytes(0),
}

const rules: Rules<ThreadOptions> = {
  name: ofType('string', 'a string'),
  daemon: ofType('boolean', 'a boolean'),
  env,
  resourceLimits: (value, name) => void checkOptions(value as ResourceLimits, limitRules, name),
}

/** Returns a copy. Throws TypeError and RangeError with the name and the value. */
export function checkThreadOptions(options: ThreadOptions): ThreadOptions {
  const { env: variables, ...rest } = checkOptions(options, rules, 'a Thread')
  return variables === undefined ? rest : { ...rest, env: { ...variables } }
}

/** Throws TypeError for what cannot be the target of a Thread or a Process, the `owner`. */
export function checkTarget(target: unknown, owner: string): void {
  if (typeof target !== 'function') {
    const cure = isThenable(target) ? ': pass the function itself, without calling it' : ''
    throw new TypeError(`the target of a ${owner} must be a function, not ${describe(target)}${cure}`)
  }
  if (!/^\[object (Async)?GeneratorFunction\]$/.test(Object.prototype.toString.call(target))) return
  throw new TypeError(
    `${describe(target)} is a generator, and nobody would read its items: use the stream() of an executor`,
  )
}

/** Throws TypeError for arguments that are not a list. */
export function checkArguments(args: unknown, owner: string): void {
  if (Array.isArray(args)) return
  throw new TypeError(`the arguments of a ${owner} must be an array, not ${describe(args)}`)
}
