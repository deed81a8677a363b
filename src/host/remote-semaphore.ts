/** The stand-ins for a Semaphore and a BoundedSemaphore of another process. */
import { BoundedSemaphore } from '../sync/bounded-semaphore.ts'
import { type Guard, OnceGuard } from '../sync/guard.ts'
import type { BlockOptions, WaitOptions } from '../sync/options.ts'
import type { SemaphoreStatistics } from '../sync/permits.ts'
import { Semaphore } from '../sync/semaphore.ts'
import { passesFor, type Public } from './passes-for.ts'
import type { Remote } from './remote.ts'
import { runWith, runWithSync } from '../sync/run-with.ts'

function remoteSemaphore(original: typeof Semaphore | typeof BoundedSemaphore) {
  return class RemoteSemaphore implements Public<Semaphore> {
    static {
      passesFor(RemoteSemaphore, original)
    }

    readonly name: string
    readonly #remote: Remote

    constructor(remote: Remote, name: string) {
      this.#remote = remote
      this.name = name
    }

    async acquire(options?: WaitOptions): Promise<Guard> {
      await this.#remote.ask('acquire', [], options)
      return new OnceGuard(this)
    }

    acquireSync(options?: BlockOptions): Guard {
      this.#remote.block('acquireSync', [], options)
      return new OnceGuard(this)
    }

    tryAcquire(): Guard | undefined {
      return this.#remote.now('tryAcquire') === true ? new OnceGuard(this) : undefined
    }

    release(n: number = 1): void {
      this.#remote.now('release', [n])
    }

    with<T>(f: () => T | PromiseLike<T>, options?: WaitOptions): Promise<T> {
      return runWith(this.acquire(options), f)
    }

    withSync<T>(f: () => T, options?: BlockOptions): T {
      return runWithSync(this.acquireSync(options), f)
    }

    get value(): number {
      return this.#remote.now('value') as number
    }

    get locked(): boolean {
      return this.#remote.now('locked') as boolean
    }

    statistics(): SemaphoreStatistics {
      return Object.freeze(this.#remote.now('statistics') as SemaphoreStatistics)
    }
  }
}

type RemoteSemaphoreType = new (remote: Remote, name: string) => Public<Semaphore>

export const RemoteSemaphore: RemoteSemaphoreType = remoteSemaphore(Semaphore)
export const RemoteBoundedSemaphore: RemoteSemaphoreType = remoteSemaphore(BoundedSemaphore)
