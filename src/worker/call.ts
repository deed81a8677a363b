/**
 * One call in the worker, from its record to its answer.
 *
 * The road that nearly all calls take has no allocation beyond the task itself: the function is known, the arguments lie
 * in the record, the function returns no promise. Each `Promise` below is a road that a call takes only if it must:
 * a module to import first, values that came by the port and need one, a function that is asynchronous.
 */
import type { WorkerEnd } from '../wire/ends.ts'
import { whereMemoryMayEnd } from '../platform/turns.ts'
import * as record from '../wire/record.ts'
import { unpack } from '../wire/unpack.ts'
import { runBatch } from './batch.ts'
import type { AnyFunction, Functions } from './functions.ts'
import type { Results } from './results.ts'
import type { CallDetails, RunningTask } from './running-task.ts'
import { runStream } from './stream.ts'
import { isThenable } from './thenable.ts'

/** Cells of a record whose room is given back at once, instead of with the next few. */
const LARGE = 256

export interface Environment {
  readonly connection: WorkerEnd
  readonly functions: Functions
  readonly results: Results
  /** Calls `f` with the task as the current one. */
  enter(task: RunningTask, f: () => unknown): unknown
}

/** Starts the call whose record is at `word`. Returns a promise if it goes on; the promise resolves when the call is answered. */
export function startCall(environment: Environment, task: RunningTask, word: number): Promise<void> | undefined {
  const { connection, results } = environment
  const { words } = connection.in.cells
  const kindAndFlags = words[word + record.KIND]!
  const number = words[word + record.FUNCTION]! & (record.MOST_FUNCTIONS - 1)
  task.attempt = words[word + record.FUNCTION]! >>> record.ATTEMPT_SHIFT
  task.tellsStart = (kindAndFlags & record.TELL_START) !== 0
  try {
    const known = number === 0 ? undefined : knownFunction(environment, number)
    const args =
      (kindAndFlags & record.AWAY) === 0
        ? readArguments(connection, task, word)
        : awayArguments(connection, task, known)
    if (args instanceof Promise || known instanceof Promise) {
      // Loading is a part of the call, or a module that never loads would have no limit; but it is not the function's time.
      if (task.tellsStart) results.started(task, true)
      return Promise.all([known, args]).then(
        ([fn, values]) => whereMemoryMayEnd(() => run(environment, task, kindAndFlags, fn, values)),
        (error: unknown) => results.failure(task, error),
      )
    }
    return run(environment, task, kindAndFlags, known, args)
  } catch (error) {
    results.failure(task, error)
    return undefined
  }
}

function readArguments({ in: reader, decoder }: WorkerEnd, task: RunningTask, word: number): unknown[] {
  const kindAndFlags = reader.cells.words[word + record.KIND]!
  decoder.begin(word, record.HEAD_CELLS)
  const args: unknown[] = []
  for (let count = kindAndFlags >>> record.COUNT_SHIFT; count > 0; count--) args.push(decoder.value())
  if ((kindAndFlags & record.WITH_DETAILS) !== 0) task.details = decoder.value() as CallDetails
  // A few large records fill the ring, and the parent must find room when it has the result.
  if (reader.cells.words[word]! > LARGE) reader.release()
  return args
}

/**
 * Arguments that came by the port: `[arguments, details, function]`, the last only if it has no number. They are read once
 * the function is there: its module may be the one that registers the classes of its arguments.
 */
function awayArguments(connection: WorkerEnd, task: RunningTask, known: unknown): unknown[] | Promise<unknown[]> {
  const accept = (values: unknown): unknown[] => {
    const [args, details, fn] = values as [unknown[], CallDetails | undefined, AnyFunction | undefined]
    task.details = details
    task.fn = fn
    return args
  }
  const packed = connection.whenValues(task.serial)
  const ready = known instanceof Promise ? known.then(() => packed) : packed
  const values = ready instanceof Promise ? ready.then(unpack) : unpack(ready)
  return values instanceof Promise ? values.then(accept) : accept(values)
}

function knownFunction({ connection, functions }: Environment, number: number): AnyFunction | Promise<AnyFunction> {
  // The definition was posted before the record, but this thread may not have had a turn since.
  while (!functions.knows(number) && connection.takeMessage());
  return functions.get(number)
}

function run(
  environment: Environment,
  task: RunningTask,
  kindAndFlags: number,
  known: AnyFunction | undefined,
  args: unknown[],
): Promise<void> | undefined {
  const { results } = environment
  const fn = known ?? task.fn!
  task.fn = fn
  if (task.tellsStart) results.started(task, false)
  try {
    const kind = kindAndFlags & 0xff
    if (kind === record.BATCH) {
      return environment.enter(task, () => runBatch(fn, args as unknown[][], task, results)) as
        | Promise<void>
        | undefined
    }
    const value = environment.enter(task, () => (args.length === 1 ? fn(args[0]) : fn(...args)))
    if (kind === record.STREAM) return answerStream(environment, task, value)
    if (isThenable(value)) return answerLater(results, task, value)
    results.value(task, value)
  } catch (error) {
    results.failure(task, error)
  }
  return undefined
}

function answerLater(results: Results, task: RunningTask, value: PromiseLike<unknown>): Promise<void> {
  return Promise.resolve(value).then(
    result => results.value(task, result),
    (error: unknown) => results.failure(task, error),
  )
}

async function answerStream({ results }: Environment, task: RunningTask, source: unknown): Promise<void> {
  try {
    await runStream(await source, task, results)
    results.value(task, undefined)
  } catch (error) {
    results.failure(task, error)
  }
}
