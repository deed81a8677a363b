/** One chunk of inputs, sent to the executor, and what became of each of them. */
import { BrokenPoolError, CancelledError, type Executor, ShutDownError } from '../index.ts'
import { failureOf } from './failure.ts'
import type { Input } from './inputs.ts'
import type { Outcome } from './result-line.ts'
import { type Chunk, type Job, runChunk } from './task.ts'
import { within } from './time-limit.ts'

export interface CallResult {
  /** Of the inputs that have one. Those behind a failure that stops the run, and those that were cancelled, have none. */
  readonly outcomes: readonly Outcome[]
  /** Milliseconds that the function took; undefined if it is not known. */
  readonly elapsed: number | undefined
}

/** Sends chunks of one job to an executor. */
export class Caller {
  readonly #executor: Executor
  readonly #job: Job
  readonly #limit: number | undefined

  /** `limit`: how long to wait for a call, in ms. */
  constructor(executor: Executor, job: Job, limit: number | undefined) {
    this.#executor = executor
    this.#job = job
    this.#limit = limit
  }

  /** Never rejects for what befalls an input or its worker. Rejects if the executor cannot run anything at all. */
  async call(inputs: readonly Input[]): Promise<CallResult> {
    let chunk: Chunk
    try {
      chunk = await this.#submit(inputs)
    } catch (error) {
      return this.#withoutChunk(inputs, error)
    }
    const outcomes = chunk.outcomes.map((result, index) => ({ input: inputs[index]!, result }))
    return { outcomes, elapsed: chunk.elapsed }
  }

  #submit(inputs: readonly Input[]): Promise<Chunk> {
    const texts = inputs.map(({ text }) => text)
    const lines = inputs.map(({ line }) => line)
    const future = this.#executor.submit(runChunk, this.#job, texts, lines)
    return within(future, this.#limit, `the function did not end within ${this.#limit} ms, and goes on`)
  }

  /** The worker died, or the time was up. Which of the inputs did it is known when each has run alone. */
  async #withoutChunk(inputs: readonly Input[], error: unknown): Promise<CallResult> {
    if (error instanceof CancelledError) return { outcomes: [], elapsed: undefined }
    if (error instanceof BrokenPoolError || error instanceof ShutDownError) throw error
    if (inputs.length === 1) return { outcomes: [{ input: inputs[0]!, result: failureOf(error) }], elapsed: undefined }
    const outcomes: Outcome[] = []
    for (const input of inputs) {
      const [outcome] = (await this.call([input])).outcomes
      if (outcome === undefined) break
      outcomes.push(outcome)
      if (typeof outcome.result !== 'string' && !this.#job.keepGoing) break
    }
    return { outcomes, elapsed: undefined }
  }
}
