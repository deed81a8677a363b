/**
 * The stand-in for an RLock of another process. As in a thread of that process, who holds it in this one, and how often it
 * was taken, only this thread has to know: to take it again asks nobody.
 */
import { InvalidStateError } from '../errors.ts'
import { throwIfInterrupted } from '../limits/interruption.ts'
import { type Guard, OnceGuard } from '../sync/guard.ts'
import { label } from '../sync/inspect.ts'
import type { LockStatistics } from '../sync/lock.ts'
import { type BlockOptions, checkBlock, checkWait, type WaitOptions } from '../sync/options.ts'
import { Flow, isOwner, ownerHere } from '../sync/ownership.ts'
import { RLock, type RLockStatistics } from '../sync/rlock.ts'
import { passesFor, type Public } from './passes-for.ts'
import type { Remote } from './remote.ts'
import { runWithSync } from '../sync/run-with.ts'

interface Hold {
  readonly owner: object
  /** What the owner is to the agent. */
  readonly number: number
  depth: number
  release(): void
}

let holds = 0

/** Lets go of a lock for the time of a wait for a condition, and takes it up again after it. */
export let suspend: (lock: RemoteRLock) => { readonly owner: number; resume(): void } | undefined

/** Those that are held. If one were dropped, the next to come for the same lock would not know by whom it is held. */
const kept = new Set<RemoteRLock>()

export class RemoteRLock implements Public<RLock> {
  static {
    passesFor(RemoteRLock, RLock)
    suspend = lock => {
      const held = lock.#held
      if (held === undefined) return undefined
      lock.#let()
      return { owner: held.number, resume: () => lock.#keep(held) }
    }
  }

  readonly name: string
  readonly #remote: Remote
  #hold: Hold | undefined = undefined

  constructor(remote: Remote, name: string) {
    this.#remote = remote
    this.name = name
  }

  acquire(options?: WaitOptions): Promise<Guard> {
    return this._acquireFor(ownerHere(), options)
  }

  acquireSync(options?: BlockOptions): Guard {
    const held = this.#held
    if (held !== undefined) {
      if (options !== undefined) checkBlock(options)
      return again(held)
    }
    const number = ++holds
    this.#remote.block('acquireSync', [], options, number)
    return this.#begin(ownerHere(), number)
  }

  tryAcquire(): Guard | undefined {
    const held = this.#held
    if (held !== undefined) return again(held)
    const number = ++holds
    return this.#remote.now('tryAcquire', [], number) === true ? this.#begin(ownerHere(), number) : undefined
  }

  release(): void {
    const held = this.#held
    if (held !== undefined) held.release()
    else this.#notHeld()
  }

  async with<T>(f: () => T | PromiseLike<T>, options?: WaitOptions): Promise<T> {
    const flow = this.#held === undefined ? new Flow() : undefined
    const guard = await this._acquireFor(flow ?? ownerHere(), options)
    try {
      return await (flow === undefined ? f() : flow.run(f))
    } finally {
      if (flow !== undefined) flow.over = true
      guard.release()
    }
  }

  withSync<T>(f: () => T, options?: BlockOptions): T {
    return runWithSync(this.acquireSync(options), f)
  }

  get locked(): boolean {
    return this.#remote.now('locked') as boolean
  }

  statistics(): RLockStatistics {
    const statistics = this.#remote.now('statistics') as LockStatistics
    return Object.freeze({ ...statistics, depth: this.#held?.depth ?? 0 })
  }

  get #held(): Hold | undefined {
    const hold = this.#hold
    return hold !== undefined && isOwner(hold.owner) ? hold : undefined
  }

  /** @internal */
  async _acquireFor(owner: object, options: WaitOptions | undefined): Promise<Guard> {
    const held = this.#held
    if (held !== undefined) {
      if (options !== undefined) checkWait(options)
      throwIfInterrupted(options?.signal)
      return again(held)
    }
    const number = ++holds
    await this.#remote.ask('acquire', [], options, number)
    return this.#begin(owner, number)
  }

  #begin(owner: object, number: number): Guard {
    const hold: Hold = { owner, number, depth: 1, release: () => this.#giveBack(hold) }
    this.#keep(hold)
    return new OnceGuard(hold)
  }

  #keep(hold: Hold): void {
    this.#hold = hold
    kept.add(this)
  }

  #giveBack(hold: Hold): void {
    if (this.#hold !== hold) return this.#notHeld()
    if (--hold.depth > 0) return
    this.#let()
    this.#remote.now('release', [], hold.number)
  }

  #let(): void {
    this.#hold = undefined
    kept.delete(this)
  }

  #notHeld(): void {
    const { broken, owner } = this.statistics()
    if (broken) return
    const by =
      owner === undefined ? 'nobody holds it' : `it is held in thread ${JSON.stringify(owner)}, but not by the caller`
    throw new InvalidStateError(`cannot release the ${label('RLock', this.name)}: ${by}`)
  }
}

function again(held: Hold): Guard {
  held.depth++
  return new OnceGuard(held)
}
