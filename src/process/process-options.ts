/** What a pool of processes can be made with, and how it is checked. */
import { checkPoolOptions, type PoolOptions } from '../futures/options.ts'
import { checkOptions, ofType, oneOf, type Rule, type Rules } from '../options/option-rules.ts'
import type { Output } from '../platform/processes.ts'
import { describe } from '../options/describe.ts'

interface OwnOptions {
  /** A worker that has more megabytes of memory in use after a call is replaced. Default Infinity. */
  readonly maxMemoryPerWorker?: number | undefined
  /** How willing the workers are to leave the cores to others, from -20 to 19, as of `nice`. Default: as this process. */
  readonly nice?: number | undefined
}

/** Options of a ProcessPoolExecutor. */
export interface ProcessPoolOptions extends PoolOptions, OwnOptions {}

const megabytes: Rule = (value, name) => {
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number of megabytes, not ${describe(value)}`)
  if (!(value > 0)) throw new RangeError(`${name} must be more than 0 megabytes, not ${value}`)
}

const niceness: Rule = (value, name) => {
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number, not ${describe(value)}`)
  if (!Number.isInteger(value) || value < -20 || value > 19) {
    throw new RangeError(`${name} must be a whole number from -20 to 19, not ${value}`)
  }
}

const rules: Rules<OwnOptions> = { maxMemoryPerWorker: megabytes, nice: niceness }

/** Options of a Process. */
export interface ProcessOptions {
  /** For people: it stands in errors and reports. Default: `Process-1`, as in Python. */
  readonly name?: string | undefined
  /** Whether the program may end without waiting for the process. Default: what the process that makes it is. */
  readonly daemon?: boolean | undefined
  /** The environment variables of the process. Default: those of the process that starts it. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /** The directory in which it begins. Default: that of the process that starts it. */
  readonly cwd?: string | undefined
  /** Where its output goes: where this process's goes (the default), to `process.stdout` of the Process, or nowhere. */
  readonly stdout?: Output | undefined
  /** The same for its errors. */
  readonly stderr?: Output | undefined
  /** How willing it is to leave the cores to others, from -20 to 19, as of `nice`. Default: as this process. */
  readonly nice?: number | undefined
}

const output = oneOf('inherit', 'pipe', 'ignore')

const processRules: Rules<ProcessOptions> = {
  name: ofType('string', 'a string'),
  daemon: ofType('boolean', 'a boolean'),
  env: ofType('object', 'an object'),
  cwd: ofType('string', 'a string'),
  stdout: output,
  stderr: output,
  nice: niceness,
}

/** Returns a copy. Throws TypeError and RangeError with the name and the value. */
export function checkProcessOptions(options: ProcessOptions): ProcessOptions {
  return { ...checkOptions(options, processRules, 'a Process') }
}

/** Parts the options into those of any pool and those of processes. Throws TypeError and RangeError. */
export function checkProcessPoolOptions(options: ProcessPoolOptions): [PoolOptions, OwnOptions] {
  const { maxMemoryPerWorker, nice, ...rest } = options
  const own = { maxMemoryPerWorker, nice }
  checkOptions(own, rules, 'ProcessPoolExecutor')
  return [checkPoolOptions(rest, 'ProcessPoolExecutor'), own]
}
