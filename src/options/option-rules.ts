/**
 * How options are checked: each option has a rule, unknown names are refused, and every refusal is one sentence with
 * the value in it. Options are checked where they are given, so that a mistake shows at its own line.
 */
import { describe } from './describe.ts'
import { checkTimeout } from './timeout.ts'

/** Throws what is wrong with the value of an option. It is not called for undefined, which means the default. */
export type Rule = (value: unknown, name: string) => void

/** A rule for each option of `O`. */
export type Rules<O> = { readonly [K in keyof O]-?: Rule }

/** Checks `options` by `rules`. `owner`: whose options they are, for the sentences. */
export function checkOptions<O extends object>(options: O, rules: Rules<O>, owner: string): O {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`the options of ${owner} must be an object, not ${describe(options)}`)
  }
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(rules, name)) throw new TypeError(unknownOption(name, Object.keys(rules), owner))
    if (value !== undefined) rules[name as keyof O](value, name)
  }
  return options
}

/** A number of milliseconds, Infinity among them. */
export const duration: Rule = (value, name) => {
  checkTimeout(value, name)
}

/** A whole number from `least`, or Infinity. */
export function count(least: number): Rule {
  return (value, name) => {
    if (typeof value !== 'number') throw new TypeError(`${name} must be a number, not ${describe(value)}`)
    if (!(value >= least) || (value !== Infinity && !Number.isInteger(value))) {
      throw new RangeError(`${name} must be a whole number from ${least}, not ${value}`)
    }
  }
}

export const finite: Rule = (value, name) => {
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number, not ${describe(value)}`)
  if (!Number.isFinite(value)) throw new RangeError(`${name} must be a finite number, not ${value}`)
}

/** A value of a type that `typeof` tells, called `what` in the sentence. */
export function ofType(type: 'string' | 'boolean' | 'function' | 'object', what: string): Rule {
  return (value, name) => {
    if (typeof value !== type || value === null) throw new TypeError(`${name} must be ${what}, not ${describe(value)}`)
  }
}

/** One of a few words. */
export function oneOf(...words: readonly string[]): Rule {
  return (value, name) => {
    if (words.includes(value as string)) return
    throw new TypeError(
      `${name} must be ${words.map(word => JSON.stringify(word)).join(' or ')}, not ${describe(value)}`,
    )
  }
}

export const list: Rule = (value, name) => {
  if (!Array.isArray(value)) throw new TypeError(`${name} must be an array, not ${describe(value)}`)
}

/** Not by `instanceof`: signals also come from other realms and from libraries. */
export const abortSignal: Rule = (value, name) => {
  const signal = value as Partial<AbortSignal> | null
  if (typeof signal?.aborted !== 'boolean' || typeof signal.addEventListener !== 'function') {
    throw new TypeError(`${name} must be an AbortSignal, not ${describe(value)}`)
  }
}

function unknownOption(name: string, known: readonly string[], owner: string): string {
  const nearest = known
    .map(each => ({ each, far: distance(plain(each), plain(name)) }))
    .toSorted((a, b) => a.far - b.far)[0]
  const cure =
    nearest !== undefined && nearest.far <= Math.max(1, name.length / 3)
      ? `did you mean ${nearest.each}?`
      : `it knows ${known.join(', ')}`
  return `${describe(name)} is not an option of ${owner}: ${cure}`
}

/** Python's `max_workers` and our `maxWorkers` are the same name. */
function plain(name: string): string {
  return name.replaceAll('_', '').toLowerCase()
}

/** How many letters have to be changed, added or removed to make `b` of `a` (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
