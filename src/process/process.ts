/**
 * Process: one function in a process of its own, as in Python's `multiprocessing`.
 *
 * What it has beyond Python's: `join` gives what the target came to. What it has not: shared memory, which no runtime of
 * ours has between processes.
 */
import { CancelledError, InvalidStateError, TimeoutError } from '../errors.ts'
import type { Args, TaskFunction } from '../futures/executor.ts'
import { nextTurn } from '../platform/turns.ts'
import type { WaitOptions } from '../sync/options.ts'
import { Joiners } from '../thread/joiners.ts'
import type { Outcome } from '../thread/outcome.ts'
import { stackOf } from '../thread/thread-report.ts'
import { checkArguments, checkTarget } from '../thread/thread-options.ts'
import { ownThread } from '../wire/refusals.ts'
import { LoneProcess } from './lone-process.ts'
import { childBegins, childEnded, ownChildren } from './own-children.ts'
import { ownProcess } from './own-process.ts'
import { checkProcessOptions, type ProcessOptions } from './process-options.ts'

let unnamed = 0

/** The arguments behind the target. They may be left out where the target needs none. */
type Rest<A extends readonly unknown[]> = [] extends A
  ? [args?: Args<A>, options?: ProcessOptions]
  : [args: Args<A>, options?: ProcessOptions]

/**
 * Runs a function in a process of its own, any function that an executor can run.
 *
 * The process ends when what the target returns has settled, and what it has started itself has ended. The program waits
 * for it unless it is a daemon. An error in it is the error of `join`; if nobody waits in `join` when the process ends, it
 * is also told on stderr, and the program goes on. When the program ends, however it does, its processes end with it.
 */
export class Process<R = unknown, A extends readonly unknown[] = readonly never[]> implements AsyncDisposable {
  readonly name: string
  readonly #target: TaskFunction
  readonly #args: readonly unknown[]
  readonly #options: ProcessOptions
  #daemon: boolean
  #process: LoneProcess | undefined
  #outcome: Outcome | undefined
  #exitCode: number | undefined
  /** Somebody has asked for the outcome. */
  #asked = false
  #terminated = false
  readonly #joiners = new Joiners()
  #ends!: (code: number) => void
  readonly #sentinel = new Promise<number>(resolve => {
    this.#ends = resolve
  })

  static {
    const hint = 'join it in the process that started it, and send what it came to'
    Object.defineProperty(this.prototype, ownThread, { value: hint })
    const show = function (this: Process): string {
      return this.#inspect()
    }
    Object.defineProperty(this.prototype, Symbol.for('nodejs.util.inspect.custom'), { value: show })
  }

  /**
   * A process that is not started. `args`: the arguments of the target, copied at `start`.
   * Throws TypeError and RangeError for what can be no target, no arguments, no options.
   */
  constructor(target: (...args: A) => R, ...rest: Rest<A>) {
    const [args = [], options = {}] = rest
    checkTarget(target, 'Process')
    checkArguments(args, 'Process')
    this.#options = checkProcessOptions(options)
    this.#target = target
    this.#args = args
    this.name = options.name ?? `Process-${++unnamed}`
    this.#daemon = options.daemon ?? ownProcess().daemon
  }

  /**
   * Starts the process, and returns this. Throws InvalidStateError if it was started before, CannotSendError for what cannot
   * cross, and what the runtime throws if there can be no process.
   */
  start(): this {
    if (this.#process !== undefined) throw new InvalidStateError(`process ${this.name} can only be started once`)
    const { env, cwd, stdout, stderr, nice } = this.#options
    this.#process = new LoneProcess(this.#target, this.#args, {
      name: this.name,
      daemon: this.#daemon,
      env,
      settings: { cwd, stdout, stderr, nice, ownInterrupts: true },
      settled: outcome => {
        this.#outcome = outcome
      },
      ended: code => this.#ended(code),
    })
    childBegins(this)
    return this
  }

  /**
   * Resolves to what the target returned when the process has ended, and rejects with what it threw. Any number of times.
   * Rejects with WorkerDiedError if the process ended before its target did, with CancelledError after `terminate` or
   * `kill`; and, while it lives on, with TimeoutError or the signal's reason, with InvalidStateError if it was never started.
   */
  async join(options: WaitOptions = {}): Promise<Awaited<R>> {
    this.#checkStarted('join')
    await this.#joiners.wait(options, this.#exitCode !== undefined, timeout => {
      return new TimeoutError(
        `process ${this.name} is alive${timeout === 0 ? '' : `, and still was after ${timeout} ms`}`,
      )
    })
    this.#asked = true
    const { failed, value, error } = this.#outcome!
    if (failed) throw error
    return value as Awaited<R>
  }

  /** Whether it was started and has not ended. */
  isAlive(): boolean {
    return this.#process !== undefined && this.#exitCode === undefined
  }

  /**
   * Asks the process to end, by SIGTERM, which ends it at once unless its target has a handler for it. Does nothing if it
   * has ended. Throws InvalidStateError if it was never started.
   */
  terminate(): void {
    this.#stop('SIGTERM', 'terminated')
  }

  /** The same by SIGKILL, which ends it in any case. */
  kill(): void {
    this.#stop('SIGKILL', 'killed')
  }

  /** Whether the program ends without waiting for it. Setting it throws InvalidStateError once the process was started. */
  get daemon(): boolean {
    return this.#daemon
  }

  set daemon(daemon: boolean) {
    if (this.#process !== undefined) {
      throw new InvalidStateError(`cannot set daemon of process ${this.name}: it was started`)
    }
    this.#daemon = checkProcessOptions({ daemon }).daemon ?? false
  }

  /** What the system calls it; undefined until it is started. */
  get pid(): number | undefined {
    return this.#process?.process?.pid
  }

  /**
   * 0 if the target returned, 1 if it threw, n after `process.exit(n)`, -n if the signal n ended it; undefined until it has
   * ended.
   */
  get exitCode(): number | undefined {
    return this.#exitCode
  }

  /** Resolves to the exit code when the process has ended; never rejects. Throws InvalidStateError if it was never started. */
  get sentinel(): Promise<number> {
    this.#checkStarted('wait for')
    return this.#sentinel
  }

  /** What it prints, if that is captured (`stdout: 'pipe'`); undefined otherwise. */
  get stdout(): AsyncIterable<Uint8Array> | undefined {
    return this.#process?.process?.stdout ?? undefined
  }

  /** The same of its errors. */
  get stderr(): AsyncIterable<Uint8Array> | undefined {
    return this.#process?.process?.stderr ?? undefined
  }

  /** As `join`, for `await using`; does nothing if it was never started, and is content if it was terminated. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process === undefined) return
    try {
      await this.join()
    } catch (error) {
      if (!this.#terminated) throw error
    }
  }

  #checkStarted(verb: string): void {
    if (this.#process !== undefined) return
    throw new InvalidStateError(`cannot ${verb} process ${this.name}: it was not started`)
  }

  #stop(signal: NodeJS.Signals, how: string): void {
    this.#checkStarted(signal === 'SIGTERM' ? 'terminate' : 'kill')
    if (this.#exitCode !== undefined) return
    this.#terminated = true
    this.#process?.stop(signal, new CancelledError(`process ${this.name} was ${how}`))
  }

  #ended(code: number): void {
    const { failed, silent, error, exitCode } = this.#outcome!
    // It ends by itself with 0 also when its target has thrown.
    this.#exitCode = code === 0 ? exitCode : code
    childEnded(this)
    if (this.#joiners.size > 0) this.#asked = true
    this.#joiners.wakeAll()
    this.#ends(this.#exitCode)
    if (!failed || silent || this.#terminated) return
    // Whoever was about to join has this turn to do so.
    nextTurn(() => {
      if (!this.#asked) console.error(`Exception in process ${this.name}:\n${stackOf(error)}`)
    })
  }

  #inspect(): string {
    const state = this.#process === undefined ? 'initial' : this.isAlive() ? 'started' : `stopped ${this.#exitCode}`
    return `Process(${[this.name, this.pid, state, this.#daemon ? 'daemon' : undefined].filter(Boolean).join(', ')})`
  }
}

/** The Processes that this thread has started and that have not ended. */
export function activeChildren(): Process[] {
  return [...ownChildren()] as Process[]
}
