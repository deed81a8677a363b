/** The outcome of an input as a line of results. */
import type { Failure } from './failure.ts'
import type { Input } from './inputs.ts'

export interface Outcome {
  readonly input: Input
  /** The value as JSON, or why there is none. */
  readonly result: string | Failure
}

/** How lines are made. `parse`: inputs are JSON. `raw`: values only, strings without their quotes, and no failures. */
export interface LineFormat {
  readonly parse: boolean
  readonly raw: boolean
}

/** Whole lines, in the order of the outcomes. */
export function resultLines(outcomes: readonly Outcome[], format: LineFormat): string {
  let lines = ''
  for (const outcome of outcomes) lines += format.raw ? rawLine(outcome) : recordLine(outcome, format)
  return lines
}

function recordLine({ input, result }: Outcome, { parse }: LineFormat): string {
  if (typeof result === 'string')
    return `{"input":${parse ? input.text : JSON.stringify(input.text)},"value":${result}}\n`
  return `{"input":${inputOfFailure(input, parse)},"error":${result.json}}\n`
}

/** What is no JSON is shown as the text that it is. */
function inputOfFailure({ text }: Input, parse: boolean): string {
  if (!parse) return JSON.stringify(text)
  try {
    JSON.parse(text)
    return text
  } catch {
    return JSON.stringify(text)
  }
}

function rawLine({ result }: Outcome): string {
  if (typeof result !== 'string') return ''
  return `${result.startsWith('"') ? (JSON.parse(result) as string) : result}\n`
}
