/**
 * A process for one call: what runs a Process.
 *
 * As a LoneWorker is for a Thread, it is a pool of one worker that is never replaced, so that there is one way to talk to
 * a worker. When the target is done it waits for what that has started, then the process ends.
 */
import { BrokenPoolError, type CancelledError, WorkerDiedError } from '../errors.ts'
import type { TaskFunction } from '../futures/executor.ts'
import { provideThings } from '../host/hosting.ts'
import { Crew } from '../pool/crew.ts'
import { Pool } from '../pool/pool.ts'
import type { StartedWorker } from '../pool/worker-kind.ts'
import type { WorkItem } from '../pool/work-item.ts'
import { receive } from '../pool/worker-messages.ts'
import type { WorkerLink } from '../pool/worker-link.ts'
import { type Outcome, outcomeOf } from '../thread/outcome.ts'
import { CALL } from '../wire/record.ts'
import { awaitOwn } from './wind-up.ts'
import { type ProcessSettings, startWorkerProcess, type WorkerProcess } from './worker-process.ts'

export interface LoneProcessOptions {
  readonly name: string
  readonly daemon: boolean
  readonly env: Readonly<Record<string, string | undefined>> | undefined
  readonly settings: ProcessSettings
  /** The target has returned or thrown, or never will. */
  readonly settled: (outcome: Outcome) => void
  /** The process has ended, with that code, negative for a signal. */
  readonly ended: (code: number) => void
}

export class LoneProcess {
  readonly #options: LoneProcessOptions
  readonly #pool: Pool
  readonly #item: WorkItem
  #worker: WorkerProcess | undefined
  #gone = false

  /** Starts it. Throws CannotSendError, and what the runtime throws if there can be no process. */
  constructor(target: TaskFunction, args: readonly unknown[], options: LoneProcessOptions) {
    provideThings()
    this.#options = options
    const { name } = options
    const settings = { name, maxWorkers: 1, maxQueue: Infinity, whenFull: 'reject', maySpin: () => false } as const
    this.#pool = new Pool({ ...settings, bytesOnly: 'process' }, pool => this.#makeCrew(pool))
    this.#item = this.#pool.submit(CALL, target, args, {})
    this.#item.future.addDoneCallback(future => {
      options.settled(outcomeOf(future, this.#gone, `process ${name}`))
      if (this.#gone) this.#close()
      else void this.#windUp()
    })
  }

  get process(): WorkerProcess['process'] | undefined {
    return this.#worker?.process
  }

  /** Sends the process a signal; the target's call comes to `error` if it has not settled. */
  stop(signal: NodeJS.Signals, error: CancelledError): void {
    const item = this.#item
    // If it was not sent, it is not to be.
    if (item.slot >= 0 && !this.#pool.drop(item, error)) item.stopping = error
    this.process?.kill(signal)
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
      start: (_, link) => this.#start(pool, link),
    })
  }

  #start(pool: Pool, link: () => WorkerLink): StartedWorker {
    const { name, daemon, env, settings, ended } = this.#options
    // A pool would replace a worker that ends before it has taken its call.
    if (this.#worker !== undefined) throw new WorkerDiedError(`process ${name} ended before it called its target`)
    const worker = startWorkerProcess(
      {
        name,
        doorbell: pool.doorbell.memory,
        keys: pool.encoder.keys,
        initializer: undefined,
        // No executor has the number 0: more calls cannot be submitted to a Process.
        executor: { number: 0, name, width: 1 },
        env,
        resourceLimits: undefined,
        received: message =>
          receive(pool, link(), message, cause => {
            pool.break(new BrokenPoolError(`process ${name} could not be set up`, { cause }))
          }),
        exited: (code, error) => {
          this.#gone = true
          pool.ended(link(), code, error)
          ended(code)
        },
      },
      // There is no other process that could run it, and who blocks right after the start may block for it.
      { ...settings, daemon, sendsAtOnce: true },
    )
    this.#worker = worker
    if (!daemon) return worker
    worker.handle.unref()
    // The program never waits for it.
    return { ...worker, handle: { ...worker.handle, ref: nothing } }
  }

  async #windUp(): Promise<void> {
    try {
      await this.#pool.submit(CALL, awaitOwn, [], {}).future
    } catch {
      // It has ended all the same, and those who wait for it are told of that.
    }
    this.#close()
  }

  #close(): void {
    void this.#pool.shutdown(false)
  }
}

function nothing(): void {}
