/** The results of a run: counts them, writes them, and tells of those that failed. */
import type { MapOptions } from './args.ts'
import { complain, nameOf, summaryOf } from './complaints.ts'
import { FAILED, OK } from './exit-code.ts'
import { LineWriter } from './line-writer.ts'
import { openOutput } from './output.ts'
import { type Outcome, resultLines } from './result-line.ts'
import { codeOf, reasonOf } from './system-error.ts'
import type { Tally } from './tally.ts'

export class Results {
  readonly tally: Tally = { done: 0, failed: 0, skipped: 0, total: undefined }
  readonly writer: LineWriter
  readonly #options: MapOptions
  readonly #stop: AbortController
  #exitCode = OK

  /** Opens the output. `stop`: aborted when there is no use in more results. Throws UsageError. */
  constructor(options: MapOptions, stop: AbortController) {
    this.#options = options
    this.#stop = stop
    this.writer = new LineWriter(openOutput(options.output, options.resume), error => this.#unwritable(error))
  }

  /** What the command ends with, as far as results decide it. */
  get exitCode(): number {
    return this.#exitCode
  }

  /** They have come back. */
  count(outcomes: readonly Outcome[]): void {
    this.tally.done += outcomes.length
    for (const outcome of outcomes) if (typeof outcome.result !== 'string') this.#failed(outcome)
  }

  /** Their turn has come. */
  write(outcomes: readonly Outcome[]): void {
    this.writer.write(resultLines(outcomes, { parse: this.#options.ndjson, raw: this.#options.raw }))
  }

  /** Says what the lines do not say by themselves. */
  sumUp(): void {
    const { done, failed } = this.tally
    if (failed > 0 && this.#options.keepGoing) complain(`${failed} of ${done} inputs failed`)
  }

  #failed(outcome: Outcome): void {
    if (typeof outcome.result === 'string') return
    const { keepGoing, ndjson, raw } = this.#options
    const name = nameOf(outcome, ndjson)
    this.tally.failed++
    this.#exitCode = FAILED
    if (!keepGoing && this.tally.failed === 1) {
      complain(`${name} failed, which stops the run (--keep-going goes on)\n${outcome.result.report}`)
    } else if (raw) complain(`${name} failed: ${summaryOf(outcome.result)}`)
  }

  #unwritable(error: unknown): void {
    this.#stop.abort()
    const { output } = this.#options
    // The reader has all that it wanted, as `head`.
    if (output === undefined && codeOf(error) === 'EPIPE') return
    this.#exitCode = FAILED
    complain(`cannot write ${output ?? 'the results'}: ${reasonOf(error)}`)
  }
}
