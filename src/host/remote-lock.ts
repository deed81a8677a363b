/** The stand-in for a Lock of another process. */
import { type Guard, OnceGuard } from '../sync/guard.ts'
import { Lock, type LockStatistics } from '../sync/lock.ts'
import type { BlockOptions, WaitOptions } from '../sync/options.ts'
import { passesFor, type Public } from './passes-for.ts'
import type { Remote } from './remote.ts'
import { runWith, runWithSync } from '../sync/run-with.ts'

export class RemoteLock implements Public<Lock> {
  static {
    passesFor(RemoteLock, Lock)
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

  release(): void {
    this.#remote.now('release')
  }

  with<T>(f: () => T | PromiseLike<T>, options?: WaitOptions): Promise<T> {
    return runWith(this.acquire(options), f)
  }

  withSync<T>(f: () => T, options?: BlockOptions): T {
    return runWithSync(this.acquireSync(options), f)
  }

  get locked(): boolean {
    return this.#remote.now('locked') as boolean
  }

  statistics(): LockStatistics {
    return Object.freeze(this.#remote.now('statistics') as LockStatistics)
  }

  /** @internal */
  _acquireFor(_holder: object | undefined, options: WaitOptions | undefined): Promise<Guard> {
    return this.acquire(options)
  }
}
