/** What the command says on standard error, beside progress. */
import type { Failure } from './failure.ts'
import type { Outcome } from './result-line.ts'

const LONGEST = 80

/** Says one thing. */
export function complain(text: string): void {
  process.stderr.write(`multitask: ${text}\n`)
}

/** `input "a.txt"`, or with its line for inputs that came from a file. `parse`: the input is JSON as it is. */
export function nameOf({ input: { text, line } }: Outcome, parse: boolean): string {
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
  const shown = parse ? short : JSON.stringify(short)
  return line === 0 ? `input ${shown}` : `input ${shown} of line ${line}`
}

/** A failure in one line. */
export function summaryOf({ json }: Failure): string {
  const { name, message } = JSON.parse(json) as { name: string; message: string }
  return `${name}: ${message.split('\n', 1)[0]}`
}
