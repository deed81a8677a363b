/** The command line: its options, what they accept, and what `--help` says. */
import { readFileSync } from 'node:fs'
import { Command, InvalidArgumentError, Option } from 'commander'
import type { LabOptions } from './lab.ts'
import { LEAST } from './lab-terminal.ts'
import type { PsOptions } from './ps.ts'

/** What `multitask map` was asked to do. Times are in milliseconds. */
export interface MapOptions {
  readonly module: string
  readonly inputs: readonly string[]
  readonly files: string | undefined
  readonly glob: boolean
  readonly ndjson: boolean
  readonly on: 'threads' | 'processes' | 'loop'
  readonly workers: number | undefined
  readonly chunk: number | 'auto'
  readonly timeout: number | undefined
  readonly retries: number
  readonly keepGoing: boolean
  readonly unordered: boolean
  readonly raw: boolean
  readonly output: string | undefined
  readonly resume: boolean
  /** Undefined: if standard error is a terminal. */
  readonly progress: boolean | undefined
}

const EPILOGUE = `
Inputs: the arguments, then those of --files; without either, the lines of
standard input, read as they are needed. An argument with * ? [ or { in it is a
pattern for files, sorted; it must match. The function gets one argument, a
text, or with --ndjson the value.

Results: one line an input, in the order of the inputs. A value that JSON cannot
hold becomes the nearest that it can: null for undefined and NaN, text for a
BigInt, base64 for bytes, an array for a Map, a Set or a generator. What the
function prints goes to standard error.

Failures: the first stops the run; what has come back by then is written. With
--keep-going the rest goes on. An input that is out of time is not run again.

Examples:
  Hash every source file on all cores:
    $ multitask map hash.ts#sha256 'src/**/*.ts' > hashes.ndjson

  Check a million links, 100 at a time, and go on tomorrow where today ended:
    $ multitask map check.ts --on loop --workers 100 --timeout 5000 --keep-going \\
        --output checked.ndjson --resume < links.txt

Exit codes: 0 all went well, or the reader of the results had enough; 1 some
inputs failed, or the results could not be written; 2 wrong usage; 130 Ctrl-C.`

const PS_EPILOGUE = `
A program can be asked if it has run(main, { inspectable: true }), by its own user
and by no other. Nothing is sent to a program that has not.

Exit codes: 0 all went well; 1 it cannot be asked, or does not answer; 2 wrong
usage.`

const LAB_EPILOGUE = `
Exit codes: 0 all went well, or the reader had enough; 1 an experiment came to no
end; 2 wrong usage; 130 Ctrl-C.`

/** What there is to do, with what was asked for. */
export interface Commands {
  readonly map: (options: MapOptions) => Promise<void>
  readonly ps: (options: PsOptions) => Promise<void>
  readonly lab: (options: LabOptions) => Promise<void>
}

/** The whole command. Wrong usage throws CommanderError after it was told. */
export function makeProgram({ map, ps, lab }: Commands): Command {
  const program = new Command('multitask')
    .description('Any function on every core.')
    .version(version())
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'multitask: ')) })
  program
    .command('map')
    .summary('apply a function to many inputs')
    .description(
      'Applies a function to every input, on all cores. Each gets a line of JSON: {"input", "value" or "error"}.',
    )
    .argument('<module>', 'a path, a file: URL or a package, and #export; without it the default export')
    .argument('[inputs...]', 'texts, or quoted globs for files; without any, the lines of standard input')
    .option('--files <list>', 'read inputs from a file that has one path a line; - is standard input')
    .option('--no-glob', 'take arguments as they are')
    .option('--ndjson', 'inputs are JSON, one value a line')
    .addOption(new Option('--on <place>', 'where to run').choices(['threads', 'processes', 'loop']).default('threads'))
    .option('--workers <n>', 'how many calls run at a time (default: as many as cores; 32 on the loop)', wholeFrom(1))
    .option('--chunk <n>', 'how many inputs travel to a worker together', chunk, 'auto')
    .option('--timeout <ms>', 'the longest that one input may take', milliseconds)
    .option('--retries <n>', 'run an input that failed, or whose worker died, up to n more times', wholeFrom(0), 0)
    .option('--keep-going', 'do not stop at the first input that fails')
    .option('--unordered', 'write results as they come, not in the order of the inputs')
    .option('--raw', 'write values only, texts without quotes; failures go to standard error')
    .option('--output <file>', 'write results to a file that is not there yet')
    .option('--resume', 'go on with that file: skip the inputs that have a value in it, run failed ones again')
    .option('--progress', 'show progress (default: if standard error is a terminal)')
    .option('--no-progress', 'show none')
    .addHelpText('after', EPILOGUE)
    .action(
      async (module: string, inputs: string[], options: Omit<MapOptions, 'module' | 'inputs'>, command: Command) => {
        const given = { ...absent, ...options, module, inputs }
        const conflict = conflictIn(given)
        if (conflict !== undefined) command.error(`error: ${conflict}`)
        await map(given)
      },
    )
  program
    .command('ps')
    .summary('show the tasks of a running program')
    .description('Shows what the tasks of a running program do and wait for, as a tree.')
    .argument('[pid]', 'the number of its process; without it, lists the programs that can be asked', wholeFrom(1))
    .addOption(
      new Option('--timeout <ms>', 'how long a program may take to answer').argParser(milliseconds).default(2000),
    )
    .addHelpText('after', PS_EPILOGUE)
    .action((pid: number | undefined, { timeout }: { timeout: number }) => ps({ pid, timeout }))
  program
    .command('lab')
    .summary('small experiments with threads, tasks and locks')
    .description(
      'Small experiments with threads, tasks and locks, which measure on this machine and draw what they saw.',
    )
    .argument('[experiments...]', 'their names, or all; without any, lists them')
    .option(
      '--width <columns>',
      'how wide to draw (default: as the terminal, 80 where there is none)',
      wholeFrom(LEAST),
    )
    .addHelpText('after', LAB_EPILOGUE)
    .action((names: string[], { width }: { width?: number }) => lab({ names, width }))
  return program
}

/** What commander leaves out. */
const absent = {
  files: undefined,
  ndjson: false,
  workers: undefined,
  timeout: undefined,
  keepGoing: false,
  unordered: false,
  raw: false,
  output: undefined,
  resume: false,
  progress: undefined,
}

/** Options that are right by themselves, and contradict each other. */
function conflictIn(options: MapOptions): string | undefined {
  const { chunk: size, files, ndjson, output, raw, resume, retries, timeout } = options
  if (resume && output === undefined) return '--resume needs the --output that it is to go on with'
  if (resume && raw) return '--resume cannot be used with --raw, whose lines do not say which input they are for'
  if (ndjson && files !== undefined)
    return '--ndjson cannot be used with --files, which lists paths; read it from standard input'
  if (size !== 'auto' && size > 1 && (timeout !== undefined || retries > 0)) {
    return '--chunk cannot be used with --timeout or --retries, which are for single inputs'
  }
  return undefined
}

function wholeFrom(least: number): (text: string) => number {
  return text => {
    const number = Number(text)
    if (/^\d+$/.test(text) && number >= least) return number
    throw new InvalidArgumentError(`It must be a whole number from ${least}.`)
  }
}

function chunk(text: string): number | 'auto' {
  if (text === 'auto') return text
  if (/^[1-9]\d*$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number from 1, or auto.')
}

function milliseconds(text: string): number {
  const number = Number(text)
  if (/^[\d.]+$/.test(text) && number > 0) return number
  throw new InvalidArgumentError('It must be a number of milliseconds above 0.')
}

function version(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(manifest) as { version: string }).version
}
