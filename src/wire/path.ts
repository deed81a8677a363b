/**
 * The way from what was sent to one part of it, as it is written in errors: `fn › state.conns[3].get("a")`.
 *
 * Steps are kept as a chain while the graph is walked, and become text only when there is something to report.
 */

/** A property (`.name`, `["odd name"]`, `[3]`). */
export const PROPERTY = 0
/** A variable that a function captures (` › name`). */
export const CAPTURE = 1
/** The value under a key of a Map (`.get("k")`). */
export const MAP_VALUE = 2
/** The n-th key of a Map, the n-th member of a Set (`.keys()[2]`). */
export const MEMBER = 3
/** Words, used as they are. */
export const WORDS = 4

/** The words that lead from an instance to its class. */
export const CONSTRUCTOR = '.constructor'

export type StepKind = typeof PROPERTY | typeof CAPTURE | typeof MAP_VALUE | typeof MEMBER | typeof WORDS

export interface Step {
  readonly up: Step | undefined
  readonly kind: StepKind
  readonly name: unknown
}

/** The path of the last step of a chain. */
export function pathOf(step: Step): string {
  const parts: string[] = []
  for (let at: Step | undefined = step; at !== undefined; at = at.up) parts.push(textOf(at))
  return parts.toReversed().join('')
}

function textOf({ kind, name }: Step): string {
  switch (kind) {
    case CAPTURE:
      return ` › ${String(name)}`
    case MAP_VALUE:
      return `.get(${keyText(name)})`
    case MEMBER:
      return `.keys()[${String(name)}]`
    case WORDS:
      return String(name)
    default:
      return propertyText(name)
  }
}

function propertyText(name: unknown): string {
  if (typeof name === 'number') return `[${name}]`
  const text = String(name)
  if (/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(text)) return `.${text}`
  return /^\d+$/.test(text) ? `[${text}]` : `[${JSON.stringify(text)}]`
}

function keyText(key: unknown): string {
  if (typeof key === 'string') return JSON.stringify(key)
  if (typeof key === 'function') return `[Function ${key.name}]`
  if (typeof key === 'object' && key !== null) return '[object]'
  return String(key)
}
