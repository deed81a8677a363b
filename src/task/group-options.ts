/** What a group can be given, and how it is checked. */
import {
  abortSignal,
  checkOptions,
  count,
  duration,
  ofType,
  oneOf,
  type Rule,
  type Rules,
} from '../options/option-rules.ts'
import { describe } from '../options/describe.ts'
import type { TaskRecord } from './task-records.ts'

/** How to deal with children that do not stop when they are asked. */
export interface LeakOptions {
  /** So many ms after the cancellation, `onLeak` is told of each task that still runs. By default nobody is. */
  readonly grace?: number | undefined
  /** A warning by default. */
  readonly onLeak?: ((task: TaskRecord) => void) | undefined
}

export interface GroupOptions extends LeakOptions {
  /** For people. */
  readonly name?: string | undefined
  /** Cancels the group, which then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** In ms; when it is up, the group is cancelled and throws a TimeoutError. */
  readonly timeout?: number | undefined
  /** The same as a moment, as from `Date.now()`. */
  readonly deadline?: number | undefined
  /** How many children run at once. The others wait for their turn, in the order in which they were spawned. */
  readonly limit?: number | undefined
  /** Whether the failure of a child leaves the others alone. It is thrown at the end all the same. */
  readonly supervise?: boolean | undefined
  /** `'group'`: throws a TaskGroupError; `'first'`: the error that came first, with the others in its `suppressed`. */
  readonly errors?: 'group' | 'first' | undefined
  /** Whether tasks that still run after `grace` are left behind. They go on, and their errors are reported as uncaught. */
  readonly abandon?: boolean | undefined
}

export interface SpawnOptions {
  /** For people; the name of the function if there is none. */
  readonly name?: string | undefined
  /** Whether the group waits for the task without cancelling it. */
  readonly shield?: boolean | undefined
}

/** A moment as from `Date.now()`, Infinity for never. */
export const moment: Rule = (value, name) => {
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number of milliseconds, not ${describe(value)}`)
  if (Number.isNaN(value)) throw new RangeError(`${name} must be a moment, not NaN`)
}

const flag = ofType('boolean', 'true or false')
const text = ofType('string', 'a string')

export const leakRules: Rules<LeakOptions> = { grace: duration, onLeak: ofType('function', 'a function') }

const rules: Rules<GroupOptions> = {
  ...leakRules,
  name: text,
  signal: abortSignal,
  timeout: duration,
  deadline: moment,
  limit: count(1),
  supervise: flag,
  errors: oneOf('group', 'first'),
  abandon: flag,
}

export function checkGroup(options: GroupOptions): GroupOptions {
  checkOptions(options, rules, 'a TaskGroup')
  if (options.abandon === true && options.grace === undefined) {
    throw new TypeError('abandon needs grace: how long the tasks are waited for before they are left behind')
  }
  return options
}

const spawnRules: Rules<SpawnOptions> = { name: text, shield: flag }

export function checkSpawn(options: SpawnOptions): SpawnOptions {
  return checkOptions(options, spawnRules, 'spawn()')
}
