/** An error as data, for a line of results: what programs read. For people there is its stack, on standard error. */
import { inspect } from 'node:util'

export interface ErrorRecord {
  readonly name: string
  readonly message: string
  readonly [property: string]: unknown
}

/** Name, message, code, cause, the errors of an AggregateError, and what the program put on it. `stack` stays behind. */
export function errorRecord(error: unknown): ErrorRecord {
  if (!(error instanceof Error)) return { name: 'NonError', message: inspect(error) }
  const { name, message, code, cause, errors } = error as Error & { code?: unknown; errors?: unknown }
  const known = Object.entries({ code, cause, errors }).filter(([, value]) => value !== undefined)
  return Object.assign({ name, message }, Object.fromEntries(known), error)
}
