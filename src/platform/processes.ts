/** Processes on Node, Bun and Deno, which all have `node:child_process`. A child runs on the runtime of its parent. */
import type { ChildProcess, StdioOptions } from 'node:child_process'
import type { Socket } from 'node:net'
import { type ByteStream, NetStream } from './byte-stream.ts'
import { runtime } from './runtime.ts'
import { signalNumber } from './signal-names.ts'
import type { ResourceLimits } from './threads.ts'

/** The files of the streams in a child, behind those of stdio. */
export const DATA = 3
export const CONTROL = 4

/** Milliseconds after the end of a process in which what it has written still comes. Its own children may hold the files open. */
const LAST_WORDS = 500

/** What becomes of an output of the child: it goes where this process's goes, it can be read here, or nobody gets it. */
export type Output = 'inherit' | 'pipe' | 'ignore'

export interface ProcessOptions {
  /** The module that it runs. */
  readonly module: URL
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  readonly cwd?: string | undefined
  readonly stdout?: Output | undefined
  readonly stderr?: Output | undefined
  /** How willing it is to leave the cores to others, from -20 to 19. */
  readonly nice?: number | undefined
  readonly resourceLimits?: ResourceLimits | undefined
  /** Called once when it has ended and all that it wrote has been read; the code is negative for a signal. */
  readonly exited: (code: number) => void
  /** It could not be started. `exited` is called after that. */
  readonly failed: (error: unknown) => void
}

export interface ProcessHandle {
  /** Undefined if it could not be started. */
  readonly pid: number | undefined
  readonly data: ByteStream
  readonly control: ByteStream
  readonly stdout: ChildProcess['stdout']
  readonly stderr: ChildProcess['stderr']
  /** Whether it keeps the program alive. */
  ref(): void
  unref(): void
  /** Sends a signal. Does nothing if it has ended. */
  kill(signal: NodeJS.Signals): void
}

/** Starts a process. Throws what the runtime throws if there can be none, and an error with the code EMFILE. */
export function startProcess(options: ProcessOptions): ProcessHandle {
  const { env, cwd, stdout = 'inherit', stderr = 'inherit', resourceLimits } = options
  const stdio: StdioOptions = ['ignore', stdout, stderr, 'pipe', 'pipe']
  const module = process.getBuiltinModule('node:url').fileURLToPath(options.module)
  const args = [...flags(resourceLimits), module]
  const child = process.getBuiltinModule('node:child_process').spawn(process.execPath, args, {
    stdio,
    // As with threads: those that are given are all that there are.
    ...(env === undefined ? {} : { env }),
    ...(cwd === undefined ? {} : { cwd }),
  })
  if (isWithoutFiles(child)) throw tooManyFiles(child)
  const [data, control] = [DATA, CONTROL].map(fd => streamOf(child, fd))
  if (child.pid !== undefined && options.nice !== undefined) renice(child.pid, options.nice)
  report(child, data, options)
  return {
    pid: child.pid,
    data: data ?? CLOSED,
    control: control ?? CLOSED,
    stdout: child.stdout,
    stderr: child.stderr,
    ref: () => [child, data, control].forEach(each => each?.ref()),
    unref: () => [child, data, control].forEach(each => each?.unref()),
    kill: signal => void child.kill(signal),
  }
}

/** Where the system has no files for the streams, there are no streams either; all that is told at once. */
function isWithoutFiles(child: ChildProcess): boolean {
  return child.pid === undefined && (child.stdio as unknown) === undefined
}

function tooManyFiles(child: ChildProcess): Error {
  // It says the same in a moment, and would end the program if nobody listened.
  child.on('error', () => {})
  const message = 'EMFILE: no process can be started, because too many files are open (see ulimit -n)'
  return Object.assign(new Error(message), { code: 'EMFILE' })
}

/** Undefined if there is none, because the process could not be started. */
function streamOf(child: ChildProcess, fd: number): NetStream | undefined {
  const socket = child.stdio[fd as 3] as Socket | null | undefined
  return socket ? NetStream.of(socket) : undefined
}

/** Calls `exited` and `failed`. */
function report(child: ChildProcess, data: NetStream | undefined, { exited, failed }: ProcessOptions): void {
  let code: number | undefined
  let told = false
  const tell = (): void => {
    if (told || code === undefined) return
    told = true
    exited(code)
  }
  const ended = (status: number): void => {
    if (code !== undefined) return
    code = status
    if (data === undefined || data.isClosed) tell()
    else setTimeout(tell, LAST_WORDS)
  }
  data?.whenClosed(tell)
  child.on('exit', (status, signal) => ended(status ?? -signalNumber(signal)))
  child.on('error', error => {
    if (child.pid !== undefined) return
    failed(error)
    ended(1)
  })
}

/** What the runtime has to be told before the name of the module. */
function flags(limits: ResourceLimits | undefined): string[] {
  const oldGeneration = limits?.maxOldGenerationSizeMb
  const heap = oldGeneration === undefined ? [] : [`--max-old-space-size=${oldGeneration}`]
  if (runtime === 'deno') {
    return ['run', '--allow-all', '--no-lock', '--no-check', ...heap.map(flag => `--v8-flags=${flag}`)]
  }
  if (runtime === 'bun') return []
  return [...flagsForChildren(process.execArgv), '--disable-warning=ExperimentalWarning', ...heap]
}

/** All but those that are for the one process only. The value of a flag may stand behind it, as a word of its own. */
function flagsForChildren(words: readonly string[]): string[] {
  let isKept = true
  return words.filter(word => {
    if (word.startsWith('-')) isKept = isForChildren(word)
    return isKept
  })
}

/** Not its program, its tests, its debugger's port. */
function isForChildren(flag: string): boolean {
  return !/^(-[epc]|--(eval|print|check|test|watch|inspect|input-type|cpu-prof|heap-prof|prof)\b.*)$/.test(flag)
}

function renice(pid: number, nice: number): void {
  try {
    process.getBuiltinModule('node:os').setPriority(pid, nice)
  } catch {
    // It has ended already, or may not be favoured. The worker works all the same.
  }
}

const CLOSED: ByteStream = {
  write: () => {},
  cork: () => {},
  uncork: () => {},
  listen: () => {},
  pause: () => {},
  resume: () => {},
  ref: () => {},
  unref: () => {},
  close: () => {},
}

/** Whether a process has ended, also if nobody has heard of it yet. Where that cannot be told: false as long as it is known. */
export function hasEnded(id: number): boolean {
  try {
    const state = process.getBuiltinModule('node:fs').readFileSync(`/proc/${id}/stat`, 'latin1')
    // The name of the program before it may contain anything.
    return 'ZX'.includes(state.charAt(state.lastIndexOf(')') + 2))
  } catch {
    return true
  }
}
