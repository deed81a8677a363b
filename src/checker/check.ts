/** check: runs a test under many schedules, until one fails or none is left. */
import { checkOptions, count, list, ofType, oneOf, type Rule } from '../options/option-rules.ts'
import { nextTurn } from '../platform/turns.ts'
import { CheckError } from './check-error.ts'
import type { Course, Engine } from './course.ts'
import type { Failure } from './failure.ts'
import { drawLanes } from './lanes.ts'
import { phasesOf } from './phases.ts'
import { type CheckTest, type Program, programOf } from './program.ts'
import { PromiseEngine } from './promises.ts'
import { RealThreads } from './real-stage.ts'
import { reExecution } from './re-execution.ts'
import { Replay } from './replay.ts'
import { decodeSchedule, encodeSchedule, switchesOf } from './schedule.ts'
import { withFewerSwitches } from './shorten.ts'
import type { Strategy } from './strategy.ts'

export interface CheckOptions {
  /** Runs this one schedule, as it stood in a report. */
  readonly replay?: string | undefined
  /** Preemption bounds that are tried one after the other. Default: 0, 1, 2. */
  readonly bounds?: readonly number[] | undefined
  /** How many schedules are tried at random. Default: 200. */
  readonly random?: number | undefined
  /** From which the random ones are drawn. The same seed gives the same ones everywhere. Default: 1. */
  readonly seed?: number | undefined
  /** The most schedules in each phase of the search. Default: 20 000. */
  readonly schedules?: number | undefined
  /** Steps after which a schedule is said to go on for ever. Default: 1000. */
  readonly maxSteps?: number | undefined
  /** Whether plain accesses that nothing orders are an error even if nothing came of it. Default: true. */
  readonly races?: boolean | undefined
  /**
   * What one step is. `operations`: an operation of a lock, a queue, a shared value. `atomics`: each of the atomic
   * operations that those are made of, for those who build such things. Default: `operations`.
   */
  readonly steps?: 'operations' | 'atomics' | undefined
  /**
   * Who runs the threads. `played`: they are all played in this thread, by running their bodies again for each step, so
   * they may do nothing but what they do to what they share. `real`: each is a worker that stands still at each of its
   * steps, which are `atomics` then. Default: `played`.
   */
  readonly threads?: 'played' | 'real' | undefined
  /**
   * Where async functions change over, besides the operations of this library, in code that was transformed for it
   * (`node --import multitask/checker/register`). `io`: at each `await` of something that does not settle at once. `all`:
   * at each `await`. Default: `io`.
   */
  readonly awaits?: 'io' | 'all' | undefined
  /** For real threads: where the test is, of which it must be an export: `import.meta.url`. */
  readonly module?: string | undefined
}

export interface CheckReport {
  /** How many schedules were run. */
  readonly schedules: number
  /** Whether every interleaving was tried that can make a difference. */
  readonly complete: boolean
  /** What was tried, in words: `every interleaving: 171 schedules`. */
  readonly coverage: string
  /** What `check` returned, each value once, sorted as text. */
  readonly outcomes: readonly unknown[]
}

const text = ofType('string', 'a string')
const replayRule: Rule = (value, name) => {
  text(value, name)
  decodeSchedule(value as string)
}

const rules = {
  replay: replayRule,
  bounds: list,
  random: count(0),
  seed: count(0),
  schedules: count(1),
  maxSteps: count(1),
  races: ofType('boolean', 'true or false'),
  steps: oneOf('operations', 'atomics'),
  threads: oneOf('played', 'real'),
  awaits: oneOf('io', 'all'),
  module: text,
}

/** For so long, in ms, the event loop waits for the search. */
const LONGEST = 20

/**
 * Runs a test under every interleaving of its threads, or as many as `options` allow, and resolves to what was tried.
 * Rejects with CheckError if a schedule fails: if a thread or `check` throws, if threads wait for ever, if it does not end,
 * or if two plain accesses race. The error draws the schedule, with few switches, and has its `replay`.
 */
export async function check<S>(test: CheckTest<S>, options: CheckOptions = {}): Promise<CheckReport> {
  const settings: Settings = { ...defaults, ...given(checkOptions(options, rules, 'check')) }
  const program = programOf(test as CheckTest<unknown>)
  // Once, to see what it is made of.
  program.build()
  if (options.awaits !== undefined && !program.isAsync)
    throw new TypeError('awaits is for threads that are async functions')
  const engine = engineFor(test as CheckTest<unknown>, program, settings)
  const search = new Search(engine, settings)
  try {
    const report = await search.run()
    if (options.awaits !== undefined && !(engine as PromiseEngine).meetsAwaits) throw new TypeError(UNTRANSFORMED)
    return report
  } finally {
    await search.close()
  }
}

const UNTRANSFORMED =
  'awaits: no await was met in code that was transformed; run it with --import multitask/checker/register'

function engineFor(test: CheckTest<unknown>, program: Program, settings: Settings): Engine {
  const { threads, module, maxSteps, awaits } = settings
  if (threads === 'real') {
    if (module === undefined)
      throw new TypeError("threads: 'real' needs the module of the test: module: import.meta.url")
    if (program.isAsync) throw new TypeError("threads: 'real' is for threads that block: none may be an async function")
    return new RealThreads(test, program, { steps: 'atomics', maxSteps }, module)
  }
  return program.isAsync ? new PromiseEngine(program, { maxSteps, awaits }) : reExecution(program, settings)
}

const defaults = {
  bounds: [0, 1, 2] as readonly number[],
  random: 200,
  seed: 1,
  schedules: 20_000,
  maxSteps: 1000,
  races: true,
  steps: 'operations' as const,
  threads: 'played' as const,
  awaits: 'io' as const,
}

type Settings = { readonly [K in Exclude<keyof CheckOptions, 'replay' | 'module'>]-?: NonNullable<CheckOptions[K]> } & {
  readonly replay?: string | undefined
  readonly module?: string | undefined
}

class Search {
  readonly #engine: Engine
  readonly #settings: Settings
  readonly #outcomes = new Set<unknown>()
  #schedules = 0
  #race: { readonly course: Course; readonly found: number } | undefined
  #turnedAt = performance.now()

  constructor(engine: Engine, settings: Settings) {
    this.#engine = engine
    this.#settings = settings
  }

  async run(): Promise<CheckReport> {
    const { replay } = this.#settings
    if (replay !== undefined) return this.#replay(replay)
    const covered: string[] = []
    let isComplete = false
    const done = new Map<Strategy, number>()
    for (const phase of phasesOf(this.#settings)) {
      const { strategy, schedules } = phase
      let tried = done.get(strategy) ?? 0
      let hasMore = true
      while (hasMore && tried < schedules) {
        const course = await this.#try(strategy)
        if (!course.isRedundant) tried++
        hasMore = course.hasMore
      }
      done.set(strategy, tried)
      if (hasMore) continue
      isComplete = phase.isExhaustive()
      if (isComplete) covered.length = 0
      covered.push(phase.coverage(tried))
      if (isComplete) break
    }
    if (this.#race !== undefined) await this.#fail(this.#race.course, this.#race.course.race!, this.#race.found)
    return {
      schedules: this.#schedules,
      complete: isComplete,
      coverage: covered.at(-1) ?? `${this.#schedules} schedules`,
      outcomes: [...this.#outcomes].toSorted((a, b) => (String(a) < String(b) ? -1 : 1)),
    }
  }

  async close(): Promise<void> {
    await this.#engine.close()
  }

  async #replay(replay: string): Promise<CheckReport> {
    const course = await this.#try(new Replay(decodeSchedule(replay)))
    const { race } = course
    if (race !== undefined && this.#settings.races) await this.#fail(course, race, 1)
    return { schedules: 1, complete: false, coverage: `replay: '${replay}'`, outcomes: [...this.#outcomes] }
  }

  /** Runs a schedule. Throws if it fails. */
  async #try(strategy: Strategy): Promise<Course> {
    const running = this.#engine.run(strategy, false)
    const course = running instanceof Promise ? await running : running
    if (!course.isRedundant) this.#schedules++
    if (course.failure !== undefined) await this.#fail(course, course.failure, this.#schedules)
    if (course.race !== undefined && this.#settings.races) this.#race ??= { course, found: this.#schedules }
    if (course.outcome !== undefined) this.#outcomes.add(course.outcome)
    if (performance.now() - this.#turnedAt > LONGEST) {
      await new Promise<void>(resolve => nextTurn(resolve))
      this.#turnedAt = performance.now()
    }
    return course
  }

  async #fail(course: Course, { kind }: Failure, found: number): Promise<never> {
    const failed = (each: Course): Failure | undefined => (kind === 'race' ? each.race : each.failure)
    const schedule = await withFewerSwitches(
      course.schedule,
      async candidate => {
        const other = await this.#engine.run(new Replay(candidate), false)
        return failed(other)?.kind === kind ? other.schedule : undefined
      },
      MOST_TRIES,
    )
    const shown = await this.#engine.run(new Replay(schedule), true)
    const failure = failed(shown) ?? failed(course)!
    const told = {
      kind,
      reason: failure.message,
      replay: encodeSchedule(schedule),
      found,
      switches: switchesOf(schedule),
      threads: shown.names,
      steps: shown.steps,
    }
    throw new CheckError(`${failure.message}\n${drawLanes(told)}`, told, { cause: failure.error })
  }
}

/** Schedules that are run to find one with fewer switches. */
const MOST_TRIES = 300

type Given = { [K in keyof CheckOptions]?: NonNullable<CheckOptions[K]> }

function given(options: CheckOptions): Given {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}
