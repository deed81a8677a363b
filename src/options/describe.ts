/** How values are named in the sentences of errors: short, on one line, and without running code of theirs. */

const LONGEST = 40

/** `"squre"`, `5`, `null`, `the function square`, `a promise`, `a Date`. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value)
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'function') return value.name === '' ? 'a function' : `the function ${value.name}`
  if (typeof value !== 'object' || value === null) return String(value)
  if (Array.isArray(value)) return 'an array'
  if (isThenable(value)) return 'a promise'
  const name = classNameOf(value)
  return name === undefined ? 'an object' : `${/^[AEIOU]/.test(name) ? 'an' : 'a'} ${name}`
}

/** Whether awaiting it would run its `then`. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  const kind = typeof value
  if (kind !== 'object' && kind !== 'function') return false
  return value !== null && typeof (value as { then?: unknown }).then === 'function'
}

function classNameOf(value: object): string | undefined {
  const prototype = Object.getPrototypeOf(value) as { constructor?: unknown } | null
  const constructor = prototype?.constructor
  return typeof constructor === 'function' && constructor !== Object && constructor.name !== ''
    ? constructor.name
    : undefined
}
