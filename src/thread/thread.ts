/**
 * Thread: one function on a thread of its own, as in Python's `threading`.
 *
 * What Python shares, this copies: the arguments and what the target captures are copied when the thread is started, its
 * result or its error when it is done. So `join` has what Python's join has not, the outcome.
 */
import { CancelledError, InvalidStateError } from '../errors.ts'
import type { Args, TaskFunction } from '../futures/executor.ts'
import { nextTurn } from '../platform/turns.ts'
import { type BlockOptions, checkBlock, type WaitOptions } from '../sync/options.ts'
import { ownThread } from '../wire/refusals.ts'
import { currentThread } from './current-thread.ts'
import { Joiners } from './joiners.ts'
import { LoneWorker } from './lone-worker.ts'
import type { Outcome } from './outcome.ts'
import { ownThreadBegins } from './own-threads.ts'
import { lateFor } from './thread-end.ts'
import { checkArguments, checkTarget, checkThreadOptions, type ThreadOptions } from './thread-options.ts'
import { reportFailure } from './thread-report.ts'

let unnamed = 0

/** The arguments behind the target. They may be left out where the target needs none. */
type Rest<A extends readonly unknown[]> = [] extends A
  ? [args?: Args<A>, options?: ThreadOptions]
  : [args: Args<A>, options?: ThreadOptions]

/**
 * Runs a function on a thread of its own, any function that an executor can run.
 *
 * The thread ends when what the target returns has settled; timers that it leaves behind do not keep it. The program
 * waits for it unless it is a daemon. An error in it is the error of `join`; if nobody waits in `join` when the thread
 * ends, it is also reported, by `setThreadErrorHook` or on stderr, and the program goes on.
 *
 * A Thread costs some milliseconds to start. Where there are many short calls, use a ThreadPoolExecutor.
 */
export class Thread<R = unknown, A extends readonly unknown[] = readonly never[]> implements AsyncDisposable {
  readonly name: string
  readonly #target: TaskFunction
  readonly #args: readonly unknown[]
  readonly #options: ThreadOptions
  #daemon: boolean
  #ident: number | undefined
  /** From the start to the end. Whoever keeps threads that have ended does not keep their memory. */
  #worker: LoneWorker | undefined
  #outcome: Outcome | undefined
  /** All that it printed has been passed on, and its worker has ended or waits for threads of its own. */
  #over = false
  /** Somebody has asked for the outcome. */
  #asked = false
  #terminated = false
  /** Says that the thread which started it need not wait for it any more. */
  #release: (() => void) | undefined
  readonly #joiners = new Joiners()

  static {
    const hint = 'join it in the thread that started it, and send what it came to'
    Object.defineProperty(this.prototype, ownThread, { value: hint })
    const show = function (this: Thread): string {
      return this.#inspect()
    }
    Object.defineProperty(this.prototype, Symbol.for('nodejs.util.inspect.custom'), { value: show })
  }

  /**
   * A thread that is not started. `args`: the arguments of the target, copied at `start`.
   * Throws TypeError and RangeError for what can be no target, no arguments, no options.
   */
  constructor(target: (...args: A) => R, ...rest: Rest<A>) {
    const [args = [], options = {}] = rest
    checkTarget(target, 'Thread')
    checkArguments(args, 'Thread')
    this.#options = checkThreadOptions(options)
    this.#target = target
    this.#args = args
    this.name = options.name ?? defaultName(target.name)
    this.#daemon = options.daemon ?? currentThread().daemon
  }

  /**
   * Starts the thread, once. Returns this.
   * Throws InvalidStateError if it was started, CannotSendError for what cannot cross, and what the runtime throws if
   * there can be no thread; then it is as if start had not been called.
   */
  start(): this {
    if (this.#ident !== undefined) throw new InvalidStateError(`thread ${this.name} can only be started once`)
    const { env, resourceLimits } = this.#options
    this.#worker = new LoneWorker(this.#target, this.#args, {
      name: this.name,
      daemon: this.#daemon,
      env,
      resourceLimits,
      settled: outcome => {
        this.#outcome = outcome
      },
      lingers: () => this.#finish(),
      ended: error => this.#ended(error),
    })
    this.#ident = this.#worker.identity
    if (!this.#daemon) this.#release = ownThreadBegins()
    return this
  }

  /**
   * Resolves to what the target returned when the thread has ended, and rejects with what it threw. Any number of times.
   * Rejects with WorkerDiedError if the thread ended before its target did (by `process.exit()` with another code than
   * 0, out of memory, by an error that nobody caught), with CancelledError after `terminate`; and, while the thread lives
   * on, with TimeoutError or the signal's reason, and with InvalidStateError if it was never started.
   */
  async join(options: WaitOptions = {}): Promise<Awaited<R>> {
    this.#checkStarted('join')
    await this.#joiners.wait(options, this.#over, timeout => lateFor(this.name, timeout))
    return this.#result()
  }

  /**
   * Blocks this thread until the target of the other is done, and returns what `join` resolves to, or throws what it
   * rejects with. What the other printed may come out later, when this thread's event loop turns again.
   *
   * A thread that runs out of memory cannot say so while this one is blocked: give a `timeout` where that may happen.
   * Throws InvalidStateError if the outcome needs the event loop, which it does where a class of this program has to be
   * imported for it.
   */
  joinSync(options: BlockOptions = {}): Awaited<R> {
    const { timeout } = checkBlock(options)
    this.#checkStarted('joinSync')
    if (this.#outcome === undefined) this.#block(timeout)
    return this.#result()
  }

  /** Whether it was started and its target is not done. */
  isAlive(): boolean {
    return this.#ident !== undefined && this.#outcome === undefined
  }

  /**
   * Ends the thread where it is, even in a busy loop; threads that it has started end with it, and locks that it holds are
   * broken. `join` then rejects with CancelledError. Does nothing if it has ended. On Deno a busy thread cannot be
   * ended: it counts as ended here, and goes on. Throws InvalidStateError if it was never started.
   */
  terminate(): void {
    this.#checkStarted('terminate')
    if (this.#outcome === undefined) this.#terminated = true
    this.#worker?.stop(new CancelledError(`thread ${this.name} was terminated`))
  }

  /** Whether the program ends without waiting for it. Setting it throws InvalidStateError once the thread was started. */
  get daemon(): boolean {
    return this.#daemon
  }

  set daemon(daemon: boolean) {
    if (this.#ident !== undefined) {
      throw new InvalidStateError(`cannot set daemon of thread ${this.name}: it was started`)
    }
    this.#daemon = checkThreadOptions({ daemon }).daemon ?? false
  }

  /** A number that no other thread of the program has, before or after it; undefined until it is started. */
  get ident(): number | undefined {
    return this.#ident
  }

  /** 0 if the target returned, 1 if it threw or was terminated, else the code that the thread ended with; undefined until then. */
  get exitCode(): number | undefined {
    return this.#outcome?.exitCode
  }

  /** As `join`, for `await using`; does nothing if the thread was never started, and is content if it was terminated. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#ident === undefined) return
    try {
      await this.join()
    } catch (error) {
      if (!this.#terminated) throw error
    }
  }

  #checkStarted(verb: string): void {
    if (this.#ident !== undefined) return
    throw new InvalidStateError(`cannot ${verb} thread ${this.name}: it was not started`)
  }

  #block(timeout: number): void {
    try {
      this.#worker?.block(timeout)
    } catch (error) {
      if (this.#outcome !== undefined) return
      throw (error as Error).name === 'TimeoutError' ? lateFor(this.name, timeout) : error
    }
  }

  #result(): Awaited<R> {
    this.#asked = true
    const { failed, value, error } = this.#outcome!
    if (failed) throw error
    return value as Awaited<R>
  }

  #ended(error: unknown): void {
    this.#worker = undefined
    this.#finish()
    // Not that which ended the target, but one in a callback that the target had left behind.
    const { error: own } = this.#outcome!
    const isOther = error !== undefined && (own as Error | undefined)?.cause !== error
    if (isOther && !this.#terminated) reportFailure(this, error)
    // After the turn in which it may be reported.
    nextTurn(() => this.#release?.())
  }

  #finish(): void {
    if (this.#over) return
    this.#over = true
    if (this.#joiners.size > 0) this.#asked = true
    this.#joiners.wakeAll()
    const { failed, silent, error } = this.#outcome!
    if (!failed || silent) return
    // Whoever was about to join has this turn to do so.
    nextTurn(() => {
      if (!this.#asked) reportFailure(this, error)
    })
  }

  #inspect(): string {
    const states = [
      this.#ident === undefined ? 'initial' : this.#outcome === undefined ? 'started' : 'stopped',
      ...(this.#daemon ? ['daemon'] : []),
      ...(this.#ident === undefined ? [] : [`${this.#ident}`]),
    ]
    return `Thread(${this.name}, ${states.join(' ')})`
  }
}

/** `Thread-3 (resize)`, as in Python. The numbers are this thread's own. */
function defaultName(target: string): string {
  const number = ++unnamed
  return target === '' ? `Thread-${number}` : `Thread-${number} (${target})`
}
