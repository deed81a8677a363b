/** The stand-in for an Event of another process. */
import { Event, type EventStatistics } from '../sync/event.ts'
import type { BlockOptions, WaitOptions } from '../sync/options.ts'
import { passesFor, type Public } from './passes-for.ts'
import type { Remote } from './remote.ts'

export class RemoteEvent implements Public<Event> {
  static {
    passesFor(RemoteEvent, Event)
  }

  readonly name: string
  readonly #remote: Remote

  constructor(remote: Remote, name: string) {
    this.#remote = remote
    this.name = name
  }

  get isSet(): boolean {
    return this.#remote.now('isSet') as boolean
  }

  set(): void {
    this.#remote.now('set')
  }

  clear(): void {
    this.#remote.now('clear')
  }

  wait(options?: WaitOptions): Promise<boolean> {
    return this.#remote.ask('wait', [], options) as Promise<boolean>
  }

  waitSync(options?: BlockOptions): boolean {
    return this.#remote.block('waitSync', [], options) as boolean
  }

  statistics(): EventStatistics {
    return Object.freeze(this.#remote.now('statistics') as EventStatistics)
  }
}
