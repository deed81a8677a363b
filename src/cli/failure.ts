/** Why an input has no value, in the two forms in which it is told. */
import { inspect, stripVTControlCharacters } from 'node:util'
import { errorRecord } from './error-record.ts'
import { toJson } from './json.ts'

export interface Failure {
  /** One line of JSON, for the results. */
  readonly json: string
  /** For people: the stack, and those of the causes. */
  readonly report: string
}

export function failureOf(error: unknown): Failure {
  return { json: jsonOf(error), report: reportOf(error) }
}

function jsonOf(error: unknown): string {
  const { name, message, ...others } = errorRecord(error)
  try {
    return toJson({ name, message, ...others })
  } catch {
    // A property in a circle, or a cause: they must not cost the name and the message.
    return toJson({ name, message })
  }
}

/** This package's own folder, in both spellings that stacks have. */
const here = new URL('../', import.meta.url)

/** A chain of causes may lead back to itself. */
const MOST_CAUSES = 8

/** The stack, and those of its causes. What called the user's function is no news to the user. */
export function reportOf(error: unknown): string {
  const stacks = [stackOf(error)]
  for (let at = error; at instanceof Error && at.cause !== undefined && stacks.length <= MOST_CAUSES; at = at.cause) {
    stacks.push(stackOf(at.cause))
  }
  return stacks.join('\ncaused by ')
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return inspect(error)
  // The loaders of Deno and Bun colour their errors, or have no stack for them.
  const lines = stripVTControlCharacters(error.stack ?? String(error)).split('\n')
  return lines.filter(line => !isOwnFrame(line)).join('\n')
}

function isOwnFrame(line: string): boolean {
  if (!/^\s+at /.test(line)) return false
  return line.includes(here.href) || line.includes(here.pathname) || line.includes('node:internal')
}
