/** What every wait can be given, and how it is checked. */
import { abortSignal, checkOptions, duration, ofType } from '../options/option-rules.ts'

/** How long a task waits, and what ends it. */
export interface WaitOptions {
  /** In ms. Missing or Infinity waits for ever, 0 tries once. */
  readonly timeout?: number | undefined
  /** Ends the wait with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** How long a thread blocks. */
export interface BlockOptions {
  /** In ms. Missing or Infinity blocks for ever, 0 tries once. */
  readonly timeout?: number | undefined
}

/** What every primitive can be made with. */
export interface PrimitiveOptions {
  /** For people: it stands in errors, in `inspect` and in reports of deadlocks. */
  readonly name?: string | undefined
}

export function checkWait(options: WaitOptions): { timeout: number } {
  const { timeout = Infinity } = checkOptions(options, { timeout: duration, signal: abortSignal }, 'a wait')
  return { timeout }
}

export function checkBlock(options: BlockOptions): { timeout: number } {
  const { timeout = Infinity } = checkOptions(options, { timeout: duration }, 'a wait that blocks')
  return { timeout }
}

/** The name, or '' for none. `owner`: the class, for the sentences. */
export function checkName(options: PrimitiveOptions, owner: string): string {
  return checkOptions(options, { name: ofType('string', 'a string') }, owner).name ?? ''
}
