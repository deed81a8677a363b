/** Remote: a thing of another process, as its stand-in in this thread asks for what it cannot do itself. */
import { type BlockOptions, checkBlock, checkWait, type WaitOptions } from '../sync/options.ts'
import { type Awaited, waitBegins, waitEnds } from '../sync/waiters.ts'
import type { Link } from './link.ts'

export class Remote implements Awaited {
  readonly label: string
  /** Its process lives, or the waits would have ended. */
  readonly hopeful = true
  readonly #link: Link
  readonly #thing: number
  readonly #part: 'lock' | undefined
  #length = 0

  /** `label`: what it is, such as `Lock "db"`. `part`: the member of the thing that is meant, if it is not itself. */
  constructor(link: Link, thing: number, label: string, part?: 'lock') {
    this.#link = link
    this.#thing = thing
    this.label = label
    this.#part = part
  }

  /** The lock that belongs to it. */
  lockOf(label: string): Remote {
    return new Remote(this.#link, this.#thing, label, 'lock')
  }

  get length(): number {
    return this.#length
  }

  look(): string {
    return 'in another process'
  }

  /** Nothing is hopeless, see above. */
  fail(): void {}

  /** Awaits what it does. `owner`: the number of the task that asks, for what has an owner. */
  async ask(verb: string, args: readonly unknown[], options?: WaitOptions, owner?: number): Promise<unknown> {
    const timeout = options === undefined ? undefined : checkWait(options).timeout
    if (++this.#length === 1) waitBegins(this)
    try {
      return await this.#link.ask(this.#call(verb, args, timeout, owner), options?.signal)
    } finally {
      if (--this.#length === 0) waitEnds(this)
    }
  }

  /** The same of what comes to nothing but an end, for many at a time: `waiters()` does not tell of it. */
  tell(verb: string, arg: unknown): Promise<void> {
    return this.#link.ask(this.#call(verb, [arg], undefined, undefined), undefined) as Promise<void>
  }

  /** Blocks this thread until it is done. */
  block(verb: string, args: readonly unknown[], options?: BlockOptions, owner?: number): unknown {
    const timeout = options === undefined ? undefined : checkBlock(options).timeout
    return this.#link.block(this.#call(verb, args, timeout, owner))
  }

  /** What takes no time there. This thread is blocked until the answer is here. */
  now(verb: string, args: readonly unknown[] = [], owner?: number): unknown {
    return this.#link.now(this.#call(verb, args, undefined, owner))
  }

  #call(verb: string, args: readonly unknown[], timeout: number | undefined, owner: number | undefined) {
    return { thing: this.#thing, part: this.#part, verb, args, timeout, owner }
  }
}
