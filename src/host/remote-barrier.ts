/** The stand-in for a Barrier of another process. An action runs there, wherever the party that comes last is. */
import { Barrier, type BarrierStatistics } from '../sync/barrier.ts'
import type { BlockOptions, WaitOptions } from '../sync/options.ts'
import { passesFor, type Public } from './passes-for.ts'
import type { Remote } from './remote.ts'

export class RemoteBarrier implements Public<Barrier> {
  static {
    passesFor(RemoteBarrier, Barrier)
  }

  readonly parties: number
  readonly name: string
  readonly #remote: Remote

  constructor(remote: Remote, name: string, parties: number) {
    this.#remote = remote
    this.name = name
    this.parties = parties
  }

  wait(options?: WaitOptions): Promise<number> {
    return this.#remote.ask('wait', [], options) as Promise<number>
  }

  waitSync(options?: BlockOptions): number {
    return this.#remote.block('waitSync', [], options) as number
  }

  reset(): void {
    this.#remote.now('reset')
  }

  abort(): void {
    this.#remote.now('abort')
  }

  get nWaiting(): number {
    return this.#remote.now('nWaiting') as number
  }

  get broken(): boolean {
    return this.#remote.now('broken') as boolean
  }

  statistics(): BarrierStatistics {
    return Object.freeze(this.#remote.now('statistics') as BarrierStatistics)
  }
}
