/** The stand-in for a Condition of another process. */
import { BrokenLockError, InvalidStateError } from '../errors.ts'
import { now } from '../limits/clock.ts'
import { isThenable } from '../options/describe.ts'
import { count } from '../options/option-rules.ts'
import { Condition, type ConditionStatistics } from '../sync/condition.ts'
import type { Guard } from '../sync/guard.ts'
import { label } from '../sync/inspect.ts'
import type { Lock } from '../sync/lock.ts'
import { type BlockOptions, checkBlock, checkWait, type WaitOptions } from '../sync/options.ts'
import type { RLock } from '../sync/rlock.ts'
import { passesFor, type Public } from './passes-for.ts'
import type { Remote } from './remote.ts'
import { RemoteRLock, suspend } from './remote-rlock.ts'

const checkCount = count(0)

export class RemoteCondition implements Public<Condition> {
  static {
    passesFor(RemoteCondition, Condition)
  }

  readonly lock: Lock | RLock
  readonly name: string
  readonly #remote: Remote

  constructor(remote: Remote, name: string, lock: Lock | RLock) {
    this.#remote = remote
    this.name = name
    this.lock = lock
  }

  acquire(options?: WaitOptions): Promise<Guard> {
    return this.lock.acquire(options)
  }

  acquireSync(options?: BlockOptions): Guard {
    return this.lock.acquireSync(options)
  }

  tryAcquire(): Guard | undefined {
    return this.lock.tryAcquire()
  }

  release(): void {
    this.lock.release()
  }

  with<T>(f: () => T | PromiseLike<T>, options?: WaitOptions): Promise<T> {
    return this.lock.with(f, options)
  }

  withSync<T>(f: () => T, options?: BlockOptions): T {
    return this.lock.withSync(f, options)
  }

  async wait(options?: WaitOptions): Promise<boolean> {
    const held = this.#letGo('wait for')
    try {
      const notified = (await this.#remote.ask('wait', [], options, held?.owner)) as boolean
      held?.resume()
      return notified
    } catch (error) {
      takeUp(held, error)
      throw error
    }
  }

  waitSync(options?: BlockOptions): boolean {
    const held = this.#letGo('wait for')
    try {
      const notified = this.#remote.block('waitSync', [], options, held?.owner) as boolean
      held?.resume()
      return notified
    } catch (error) {
      takeUp(held, error)
      throw error
    }
  }

  async waitFor<T>(predicate: () => T, options: WaitOptions = {}): Promise<T> {
    const deadline = now() + checkWait(options).timeout
    for (;;) {
      const value = check(predicate)
      if (value) return value
      if (!(await this.wait({ signal: options.signal, timeout: Math.max(0, deadline - now()) })))
        return check(predicate)
    }
  }

  waitForSync<T>(predicate: () => T, options: BlockOptions = {}): T {
    const deadline = now() + checkBlock(options).timeout
    for (;;) {
      const value = check(predicate)
      if (value) return value
      if (!this.waitSync({ timeout: Math.max(0, deadline - now()) })) return check(predicate)
    }
  }

  notify(n: number = 1): void {
    checkCount(n, 'n')
    const held = this.#letGo('notify')
    try {
      this.#remote.now('notify', [n], held?.owner)
    } finally {
      held?.resume()
    }
  }

  notifyAll(): void {
    this.notify(Infinity)
  }

  get locked(): boolean {
    return this.lock.locked
  }

  statistics(): ConditionStatistics {
    const statistics = this.#remote.now('statistics') as ConditionStatistics
    return Object.freeze({ ...statistics, lock: this.lock.statistics() })
  }

  /** Which of this thread's tasks holds an RLock only this thread knows; of a Lock nobody does. */
  #letGo(verb: string): ReturnType<typeof suspend> {
    if (!(this.lock instanceof RemoteRLock)) return undefined
    const held = suspend(this.lock)
    if (held !== undefined) return held
    const what = label('Condition', this.name)
    throw new InvalidStateError(`cannot ${verb} the ${what}: the caller does not hold its lock`)
  }
}

/** The lock is held again whatever comes out of the wait, unless it is broken. */
function takeUp(held: ReturnType<typeof suspend>, error: unknown): void {
  if (!(error instanceof BrokenLockError)) held?.resume()
}

/** A promise is always truthy, so the wait would end at once. */
function check<T>(predicate: () => T): T {
  const value = predicate()
  if (isThenable(value)) throw new TypeError('the predicate of a Condition must not wait: it returned a promise')
  return value
}
