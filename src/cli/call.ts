/** One chunk of inputs, sent to the executor, and what became of each of them. */
import { BrokenPoolError, CancelledError, type Executor, ShutDownError } from '../index.ts'
import { failureOf } from './failure.ts'
import type { Input } from './inputs.ts'
import type { Outcome } from './result-line.ts'
import { type Chunk, type Job, runChunk } from './task.ts'

export interface CallResult {
  /** Of the inputs that have one. Those behind a failure that stops the run, and those that were cancelled, have none. */
  readonly outcomes: readonly Outcome[]
  /** Milliseconds that the function took; undefined if it is not known. */
  readonly elapsed: number | undefined
}

/** Never rejects for what befalls an input or its worker. Rejects if the executor cannot run anything at all. */
export async function call(executor: Executor, job: Job, inputs: readonly Input[]): Promise<CallResult> {
  const texts = inputs.map(({ text }) => text)
  const lines = inputs.map(({ line }) => line)
  let chunk: Chunk
  try {
    chunk = await executor.submit(runChunk, job, texts, lines)
  } catch (error) {
    return withoutChunk(executor, job, inputs, error)
  }
  const outcomes = chunk.outcomes.map((result, index) => ({ input: inputs[index]!, result }))
  return { outcomes, elapsed: chunk.elapsed }
}

/** The worker died, or the time was up. Which of the inputs did it is known when each has run alone. */
async function withoutChunk(
  executor: Executor,
  job: Job,
  inputs: readonly Input[],
  error: unknown,
): Promise<CallResult> {
  if (error instanceof CancelledError) return { outcomes: [], elapsed: undefined }
  if (error instanceof BrokenPoolError || error instanceof ShutDownError) throw error
  const [input] = inputs
  if (inputs.length === 1) return { outcomes: [{ input: input!, result: failureOf(error) }], elapsed: undefined }
  const outcomes: Outcome[] = []
  for (const each of inputs) {
    const [outcome] = (await call(executor, job, [each])).outcomes
    if (outcome === undefined) break
    outcomes.push(outcome)
    if (typeof outcome.result !== 'string' && !job.keepGoing) break
  }
  return { outcomes, elapsed: undefined }
}
