/** As much of the rivals' interfaces as is used here, so that types can be checked without having them installed. */

declare module 'piscina' {
  type RunOptions = { name: string; transferList?: readonly unknown[] }
  export class Piscina {
    constructor(options: {
      filename: string
      minThreads: number
      maxThreads: number
      concurrentTasksPerWorker?: number
      atomics?: 'sync' | 'async' | 'disabled'
    })
    run(value: unknown, options: RunOptions): Promise<unknown>
  }
}

declare module 'tinypool' {
  type RunOptions = { name: string; transferList?: readonly unknown[] }
  export class Tinypool {
    constructor(options: { filename: string; minThreads: number; maxThreads: number })
    run(value: unknown, options: RunOptions): Promise<unknown>
  }
}

declare module 'workerpool' {
  interface WorkerPool {
    exec(name: string, values?: unknown[], options?: { transfer: unknown[] }): PromiseLike<unknown>
  }
  const workerpool: {
    pool(
      file: string,
      options: { workerType: 'thread' | 'process'; minWorkers: number; maxWorkers: number },
    ): WorkerPool
  }
  export default workerpool
}

declare module 'poolifier' {
  export class FixedThreadPool {
    constructor(threads: number, file: string)
    execute(value: unknown, name: string, signal?: AbortSignal, transfer?: readonly unknown[]): Promise<unknown>
  }
}

declare module 'comlink' {
  type Remote = Record<string, (value?: unknown) => Promise<unknown>>
  export function wrap(endpoint: unknown): Remote
  export function transfer<T>(value: T, list: readonly unknown[]): T
}

declare module 'comlink/dist/esm/node-adapter.mjs' {
  export default function nodeEndpoint(worker: unknown): unknown
}

declare module 'jest-worker' {
  export class Worker {
    constructor(
      file: string,
      options: {
        numWorkers: number
        enableWorkerThreads: boolean
        exposedMethods: string[]
        forkOptions?: { serialization: 'advanced' }
      },
    )
    [task: string]: (value?: unknown) => Promise<unknown>
  }
}

declare module 'multithreading' {
  interface Handle {
    join(): Promise<{ ok: true; value: unknown } | { ok: false; error: unknown }>
  }
  export function initRuntime(options: { maxWorkers: number }): void
  export function move(value: unknown): readonly [unknown]
  export function spawn(fn: () => unknown): Handle
  export function spawn(values: readonly [unknown], fn: (value: never) => unknown): Handle
}

declare module 'effect' {
  interface Effect<A> {
    [Symbol.iterator](): Iterator<Effect<unknown>, A>
  }
  export const Effect: {
    gen<A>(body: () => Generator<Effect<unknown>, A>): Effect<A>
    all(effects: readonly Effect<unknown>[], options: { concurrency: number | 'unbounded' }): Effect<unknown[]>
    forEach<T, A>(values: readonly T[], f: (value: T) => Effect<A>, options: { concurrency: number }): Effect<A[]>
    promise<A>(f: () => PromiseLike<A>): Effect<A>
    runPromise<A>(effect: Effect<A>): Promise<A>
  }
  interface Queue<T> {
    readonly item: T
  }
  export const Queue: {
    bounded<T>(capacity: number): Effect<Queue<T>>
    offer<T>(queue: Queue<T>, item: T): Effect<boolean>
    take<T>(queue: Queue<T>): Effect<T>
  }
  interface Semaphore {
    resize(permits: number): Effect<void>
  }
  export const Semaphore: {
    makeUnsafe(permits: number): Semaphore
    take(semaphore: Semaphore, permits: number): Effect<number>
    release(semaphore: Semaphore, permits: number): Effect<number>
  }
}

declare module 'async-mutex' {
  export class Mutex {
    acquire(): Promise<() => void>
    release(): void
  }
}

declare module 'p-map' {
  export default function pMap<E, T>(
    inputs: Iterable<E>,
    mapper: (input: E) => Promise<T>,
    options: { concurrency: number },
  ): Promise<T[]>
  export function pMapIterable<E, T>(
    inputs: Iterable<E>,
    mapper: (input: E) => Promise<T>,
    options: { concurrency: number; backpressure: number },
  ): AsyncIterable<T>
}

declare module 'p-queue' {
  export default class PQueue {
    constructor(options: { concurrency: number })
    addAll<T>(fns: readonly (() => Promise<T>)[]): Promise<T[]>
  }
}

declare module 'p-limit' {
  export default function pLimit(concurrency: number): <T>(f: () => T) => Promise<Awaited<T>>
}

declare module 'threads' {
  type Thread = Record<string, (value?: unknown) => Promise<unknown>>
  interface ThreadPool {
    queue(run: (thread: Thread) => Promise<unknown>): PromiseLike<unknown>
  }
  export function Pool(spawnThread: () => Promise<Thread>, options: { size: number }): ThreadPool
  export function spawn(worker: Worker): Promise<Thread>
  export function Transfer(value: unknown, list: readonly unknown[]): unknown
  interface Worker {}
  export const Worker: new (file: string) => Worker
}
