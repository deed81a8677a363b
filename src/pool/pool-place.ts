/** PoolPlace: calls in workers of one kind. A pool of them, and what goes on between it and its workers beside calls. */
import { BrokenPoolError } from '../errors.ts'
import { parallelism } from '../platform/cpus.ts'
import { isMainThread } from '../platform/threads.ts'
import type { ExecutorHandle } from '../wire/executor-handle.ts'
import { pack, type Packed } from '../wire/pack.ts'
import { BATCH, CALL } from '../wire/record.ts'
import { Crew } from './crew.ts'
import type { BatchResult, CallOptions, Place, ShutdownOptions, TaskFunction } from '../futures/executor.ts'
import { forgetPlace } from './executor-registry.ts'
import type { Future } from '../futures/future.ts'
import { ItemStream } from './item-stream.ts'
import type { PoolOptions } from '../futures/options.ts'
import { Pool } from './pool.ts'
import { receive } from './worker-messages.ts'
import type { WorkerLink } from './worker-link.ts'
import type { StartedWorker, WorkerKind } from './worker-kind.ts'

/** Looks at the ring before a worker sleeps: some 20 µs. */
const SPIN = 2000

export interface PoolStatistics {
  /** Workers that are up or starting. */
  readonly workers: number
  /** Workers that have calls. */
  readonly busy: number
  /** Calls that no worker has started. */
  readonly waiting: number
  /** Calls that are done, one way or another. */
  readonly settled: number
}

export class PoolPlace implements Place {
  readonly name: string
  readonly width: number
  readonly handle: ExecutorHandle
  readonly #pool: Pool
  readonly #options: PoolOptions
  readonly #kind: WorkerKind
  readonly #initializer: Packed | undefined

  /** `number`: in the registry. `options`: have been checked. */
  constructor(number: number, name: string, options: PoolOptions, kind: WorkerKind) {
    this.name = name
    this.#kind = kind
    // A worker's own pools get one thread: the cores belong to the pool that the worker is of.
    this.width = options.maxWorkers ?? (isMainThread ? parallelism() : 1)
    this.handle = { number, name, width: this.width }
    this.#options = options
    this.#initializer =
      options.initializer === undefined
        ? undefined
        : pack([options.initializer, options.initargs ?? []], 'initializer', { bytesOnly: kind.bytesOnly }).packed
    this.#pool = this.#makePool()
  }

  submit(fn: TaskFunction, args: readonly unknown[], options: CallOptions, inLine?: boolean): Future<unknown> {
    return this.#pool.submit(CALL, fn, args, options, inLine).future
  }

  batch(fn: TaskFunction, columns: readonly (readonly unknown[])[], options: CallOptions): Future<BatchResult> {
    return this.#pool.submit(BATCH, fn, columns, options, true).future as Future<BatchResult>
  }

  stream(fn: TaskFunction, args: readonly unknown[], options: CallOptions): AsyncIterableIterator<unknown> {
    return new ItemStream(this.#pool, fn, args, options)
  }

  async shutdown({ wait = true, cancelFutures = false }: ShutdownOptions): Promise<void> {
    const ended = this.#pool.shutdown(cancelFutures).then(() => forgetPlace(this.handle.number))
    if (wait) await ended
  }

  room(): Promise<void> {
    return this.#pool.room()
  }

  get statistics(): PoolStatistics {
    const { ledger, crew } = this.#pool
    const busy = crew.links.filter(link => link.outstanding > 0).length
    return { workers: crew.links.length, busy, waiting: Math.max(0, ledger.owed - busy), settled: ledger.settled }
  }

  #makePool(): Pool {
    const options = this.#options
    const settings = {
      name: this.name,
      maxWorkers: this.width,
      maxQueue: options.maxQueue ?? Infinity,
      whenFull: options.whenFull ?? 'reject',
      bytesOnly: this.#kind.bytesOnly,
      maySpin: () => this.#maySpin(),
    } as const
    return new Pool(settings, pool => {
      return new Crew({
        name: this.name,
        maxWorkers: this.width,
        minWorkers: options.minWorkers ?? 0,
        maxTasksPerWorker: options.maxTasksPerWorker ?? Infinity,
        idleTimeout: options.idleTimeout ?? Infinity,
        budgeted: options.maxWorkers === undefined,
        startsEarly: true,
        retry: () => pool.spread(),
        start: (name, link) => this.#startWorker(pool, name, link),
      })
    })
  }

  /** Whether there is a core for each worker in use and one for this thread; only then may any look without sleeping. */
  #maySpin(): boolean {
    // What comes from a process comes through the event loop, which it would only keep busy.
    if (this.#kind.bytesOnly) return false
    const may = this.#pool.crew.inUse < parallelism()
    this.#pool.doorbell.letWorkersSpin(may ? SPIN : 0)
    return may
  }

  #startWorker(pool: Pool, name: string, link: () => WorkerLink): StartedWorker {
    return this.#kind.start({
      name,
      doorbell: pool.doorbell.memory,
      keys: pool.encoder.keys,
      initializer: this.#initializer,
      executor: this.handle,
      env: this.#options.env,
      resourceLimits: this.#options.resourceLimits,
      received: message =>
        receive(pool, link(), message, cause => {
          pool.break(new BrokenPoolError(`the initializer of executor "${this.name}" failed`, { cause }))
        }),
      exited: (code, error) => pool.ended(link(), code, error),
    })
  }
}
