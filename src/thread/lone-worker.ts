/**
 * A worker for one call: what runs a Thread.
 *
 * It is a pool like any other, so that there is one way to talk to a worker, but it has one worker, which is the thread
 * itself: it bears the thread's name, takes no part in the CPU budget, is never replaced, and ends after the call.
 *
 *   start ──▶ the target runs ──▶ settled ──▶ the worker ends ──▶ ended
 *                                    └──▶ waiting for threads of its own ──▶ the worker ends ──▶ ended
 */
import { BrokenPoolError, type CancelledError, WorkerDiedError } from '../errors.ts'
import type { TaskFunction } from '../futures/executor.ts'
import type { Future } from '../futures/future.ts'
import type { ResourceLimits } from '../platform/threads.ts'
import { sayWhatGoesOn } from '../pool/call-control.ts'
import { Crew } from '../pool/crew.ts'
import { Pool } from '../pool/pool.ts'
import type { WorkItem } from '../pool/work-item.ts'
import { receive } from '../pool/worker-messages.ts'
import type { WorkerLink } from '../pool/worker-link.ts'
import { startWorkerThread, type WorkerThread } from '../pool/worker-thread.ts'
import { CALL } from '../wire/record.ts'
import { type Outcome, outcomeOf } from './outcome.ts'
import { DAEMON, DONE, HAS_THREADS, isMarked, mark, markThread } from '../memory/thread-marks.ts'
import { awaitOwnThreads, passOutputOn } from './wind-up.ts'

export interface LoneWorkerOptions {
  readonly name: string
  readonly daemon: boolean
  readonly env: Readonly<Record<string, string | undefined>> | undefined
  readonly resourceLimits: ResourceLimits | undefined
  /** The target has returned or thrown, or never will. */
  readonly settled: (outcome: Outcome) => void
  /** What the target printed has been passed on, but threads that it started go on, so its own worker does too. */
  readonly lingers: () => void
  /** The worker has ended. `error`: what nobody caught in it. */
  readonly ended: (error: unknown) => void
}

export class LoneWorker {
  readonly #options: LoneWorkerOptions
  readonly #pool: Pool
  readonly #item: WorkItem
  #identity = 0
  #gone = false

  /** Starts it. Throws CannotSendError, and what the runtime throws if there can be no thread. */
  constructor(target: TaskFunction, args: readonly unknown[], options: LoneWorkerOptions) {
    this.#options = options
    const { name } = options
    const settings = {
      name,
      maxWorkers: 1,
      maxQueue: Infinity,
      whenFull: 'reject',
      bytesOnly: false,
      maySpin: () => false,
    } as const
    this.#pool = new Pool(settings, pool => this.#makeCrew(pool))
    this.#item = this.#pool.submit(CALL, target, args, {})
    this.#item.future.addDoneCallback(future => this.#settled(future))
  }

  /** Of the thread, as in the thread table. */
  get identity(): number {
    return this.#identity
  }

  /** Blocks this thread until the outcome is known, or `timeout` ms are over. Throws what `resultSync` of a future does. */
  block(timeout: number): void {
    this.#pool.block(this.#item, timeout)
  }

  /** Ends the worker where it is; the target's call comes to `error` if it has not settled. */
  stop(error: CancelledError): void {
    const item = this.#item
    if (item.slot >= 0 && !this.#pool.drop(item, error)) item.stopping = sayWhatGoesOn(error)
    for (const link of this.#pool.crew.links.slice()) link.stop(error)
  }

  #makeCrew(pool: Pool): Crew {
    return new Crew({
      name: this.#options.name,
      maxWorkers: 1,
      minWorkers: 0,
      maxTasksPerWorker: Infinity,
      idleTimeout: Infinity,
      budgeted: false,
      startsEarly: false,
      retry: nothing,
      start: (_, link) => this.#startThread(pool, link),
    })
  }

  #startThread(pool: Pool, link: () => WorkerLink): WorkerThread {
    const { name, daemon, env, resourceLimits } = this.#options
    // A pool would replace a worker that dies before it has taken its call. A thread is one and the same, or dead.
    if (this.#identity !== 0) throw new WorkerDiedError(`thread ${name} ended before it called its target`)
    const worker = startWorkerThread({
      name,
      doorbell: pool.doorbell.memory,
      keys: pool.encoder.keys,
      initializer: undefined,
      // A thread is no executor that more calls could be submitted to. No executor has the number 0.
      executor: { number: 0, name, width: 1 },
      env,
      resourceLimits,
      received: message =>
        receive(pool, link(), message, cause => {
          this.#gone = true
          pool.break(new BrokenPoolError(`thread ${name} could not be set up`, { cause }))
        }),
      exited: (code, error) => {
        this.#gone = true
        pool.ended(link(), code, error)
        this.#options.ended(error)
      },
    })
    this.#identity = worker.identity
    markThread(this.#identity, daemon ? DAEMON : 0)
    return daemon ? unreferenced(worker) : worker
  }

  #settled(future: Future<unknown>): void {
    // A thread that this one could not be told of yet may have said good-bye in shared memory.
    const died = this.#gone || this.#pool.crew.links.every(({ connection }) => connection.exitCode() !== undefined)
    mark(this.#identity, DONE, true)
    this.#options.settled(outcomeOf(future, died, `thread ${this.#options.name}`))
    if (!died && isMarked(this.#identity, HAS_THREADS)) void this.#linger()
    else this.#close()
  }

  /** The worker may not end before the threads that it has started, as they would end with it. */
  async #linger(): Promise<void> {
    try {
      await this.#pool.submit(CALL, passOutputOn, [], {}).future
      this.#options.lingers()
      await this.#pool.submit(CALL, awaitOwnThreads, [], {}).future
    } catch {
      // It has ended all the same, and those who wait for it are told of that.
    }
    this.#close()
  }

  #close(): void {
    void this.#pool.shutdown(false)
  }
}

/** The program never waits for it. */
function unreferenced(worker: WorkerThread): WorkerThread {
  worker.handle.unref()
  return { ...worker, handle: { ...worker.handle, ref: nothing } }
}

function nothing(): void {}
