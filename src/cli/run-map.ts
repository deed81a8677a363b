/** `multitask map`: puts inputs, executor, results and progress together. */
import { isatty } from 'node:tty'
import type { MapOptions } from './args.ts'
import { Caller } from './call.ts'
import { type CallPlace, openCallPlace } from './call-place.ts'
import { ChunkSize } from './chunk-size.ts'
import { complain } from './complaints.ts'
import { type EarlierResults, prepareResults } from './earlier-results.ts'
import type { InputSource } from './inputs.ts'
import { openInputs, typesInputs } from './open-inputs.ts'
import { STDOUT } from './output.ts'
import { type Progress, showProgress } from './progress.ts'
import { Pump } from './pump.ts'
import { ResumedInputs } from './resumed-inputs.ts'
import { Results } from './results.ts'
import type { Tally } from './tally.ts'
import { checkTarget, parseTarget, type Target } from './target.ts'
import { inspectModule } from './task.ts'

/**
 * Resolves with the exit code as far as the results decide it. Rejects with UsageError before anything ran, and with
 * what makes it impossible to go on. Aborting `stop` ends it early; what has come back by then is written.
 */
export async function runMap(options: MapOptions, stop: AbortController): Promise<number> {
  const target = parseTarget(options.module)
  const inputs = await openInputs(options)
  const place = openCallPlace(options)
  const finding = await place.executor
    .with({ signal: stop.signal })
    .submit(inspectModule, target.url, target.exportName)
  checkTarget(target, finding)
  const { output, resume } = options
  const earlier = resume && output !== undefined ? await prepareResults(output) : undefined
  const results = new Results(options, stop)
  const left = earlier === undefined ? inputs : resumed(options, inputs, earlier, results.tally)
  if (typesInputs(options)) complain('reading inputs from the terminal, one a line; Ctrl-D ends them')
  await pumpAll(options, place, target, left, results, stop)
  if (!stop.signal.aborted) await place.close()
  return results.exitCode
}

async function pumpAll(
  options: MapOptions,
  place: CallPlace,
  target: Target,
  inputs: InputSource,
  results: Results,
  stop: AbortController,
): Promise<void> {
  const alone = options.timeout !== undefined || options.retries > 0
  const pump = new Pump({
    caller: callerOf(options, place, target, stop.signal),
    inputs,
    mostInFlight: place.mostInFlight,
    // A time limit and a retry are for one input, so inputs that have them travel alone.
    chunkSize: new ChunkSize(alone ? 1 : options.chunk),
    unordered: options.unordered,
    keepGoing: options.keepGoing,
    stop,
    patience: place.patience,
    landed: outcomes => results.count(outcomes),
    deliver: outcomes => results.write(outcomes),
    room: () => results.writer.room(),
  })
  const progress = await startProgress(options, inputs, results, () => place.activity(pump.inFlight))
  try {
    await pump.run()
  } finally {
    await results.writer.end()
    progress?.end()
  }
  results.sumUp()
}

function callerOf(options: MapOptions, place: CallPlace, target: Target, signal: AbortSignal): Caller {
  const { ndjson, keepGoing, timeout, retries } = options
  const { url, exportName, label } = target
  const executor = place.executor.with({ signal, timeout, retries, name: label })
  return new Caller(executor, { url, exportName, parse: ndjson, keepGoing, rethrow: retries > 0 }, place.limit)
}

function resumed(options: MapOptions, inputs: InputSource, earlier: EarlierResults, tally: Tally): InputSource {
  const skipped = (count: number): void => {
    tally.skipped += count
  }
  return new ResumedInputs({ inputs, parse: options.ndjson, path: options.output!, earlier, skipped })
}

async function startProgress(
  options: MapOptions,
  inputs: InputSource,
  results: Results,
  activity: Parameters<typeof showProgress>[1],
): Promise<Progress | undefined> {
  // A line that is drawn again and again would be drawn over what the user types.
  const wanted = options.progress ?? (isatty(2) && !typesInputs(options))
  if (!wanted) return undefined
  results.tally.total = await inputs.count()
  const progress = await showProgress(results.tally, activity)
  if (options.output === undefined && isatty(STDOUT)) results.writer.surround(progress.surroundings)
  return progress
}
