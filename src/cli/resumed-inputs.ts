/**
 * The inputs that have no result yet.
 *
 * Inputs and earlier results are read in step: a run that was stopped left its results in the order of the inputs, or
 * nearly, so that of millions of them only the few that are out of step have to be remembered.
 */
import { type EarlierResults, keyOf, readLines } from './earlier-results.ts'
import type { Input, InputSource } from './inputs.ts'
import { KeyCounts } from './key-counts.ts'
import type { LineReader } from './line-reader.ts'

const LINES = 1000

export interface ResumedInputsOptions {
  readonly inputs: InputSource
  /** Inputs are JSON. */
  readonly parse: boolean
  readonly path: string
  readonly earlier: EarlierResults
  /** Called with the number of inputs that were left out. */
  readonly skipped: (count: number) => void
}

export class ResumedInputs implements InputSource {
  readonly #options: ResumedInputsOptions
  readonly #reader: LineReader
  #lines: readonly string[] = []
  #next = 0
  /** Inputs that have results, read before the input itself came. */
  readonly #passed = new KeyCounts()

  constructor(options: ResumedInputsOptions) {
    this.#options = options
    this.#reader = readLines(options.path, options.earlier.size)
  }

  async read(limit: number): Promise<readonly Input[]> {
    const { inputs, skipped } = this.#options
    for (;;) {
      const batch = await inputs.read(limit)
      if (batch.length === 0) return batch
      const left: Input[] = []
      for (const input of batch) if (!(await this.#hasResult(input))) left.push(input)
      if (left.length < batch.length) skipped(batch.length - left.length)
      if (left.length > 0) return left
    }
  }

  count(): Promise<number | undefined> {
    return this.#options.inputs.count()
  }

  close(): void {
    this.#options.inputs.close()
  }

  /** Takes one result for the input, if there is one: of two equal inputs each needs its own. */
  async #hasResult(input: Input): Promise<boolean> {
    const key = this.#keyOf(input)
    if (key === undefined || this.#options.earlier.failed.take(key)) return false
    if (this.#passed.take(key)) return true
    for (let next = await this.#nextKey(); next !== undefined; next = await this.#nextKey()) {
      if (next === key) return true
      this.#passed.add(next)
    }
    return false
  }

  async #nextKey(): Promise<string | undefined> {
    if (this.#next === this.#lines.length) {
      this.#lines = await this.#reader.read(LINES)
      this.#next = 0
    }
    const line = this.#lines[this.#next++]
    return line === undefined ? undefined : keyOf((JSON.parse(line) as { input: unknown }).input)
  }

  #keyOf({ text }: Input): string | undefined {
    if (!this.#options.parse) return keyOf(text)
    try {
      return keyOf(JSON.parse(text))
    } catch {
      return undefined
    }
  }
}
