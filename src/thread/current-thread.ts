/** Which threads there are, and which of them is this one. */
import { InvalidStateError } from '../errors.ts'
import { isAlive, liveThreads, ownIdentity, threadAt, threadName } from '../memory/thread-table.ts'
import type { WaitOptions } from '../sync/options.ts'
import { whenThreadEnds } from './thread-end.ts'
import { DAEMON, DONE, isMarked } from '../memory/thread-marks.ts'

/** A thread of the program, as any thread of it sees it. */
export interface ThreadInfo {
  readonly name: string
  /** A number that no other thread of the program has, before or after it. */
  readonly ident: number
  /** Whether the program ends without waiting for it. */
  readonly daemon: boolean
  isAlive(): boolean
  /**
   * Resolves when the thread has ended. What its target came to only `Thread.join` tells, where the thread was started.
   * Rejects with TimeoutError, with the signal's reason, and with InvalidStateError if it is the current thread.
   */
  join(options?: WaitOptions): Promise<void>
}

class ThreadRecord implements ThreadInfo {
  readonly name: string
  readonly ident: number
  readonly daemon: boolean

  constructor(ident: number) {
    this.ident = ident
    this.name = threadName(ident)
    this.daemon = isMarked(ident, DAEMON)
    Object.freeze(this)
  }

  isAlive(): boolean {
    return isAlive(this.ident) && !isMarked(this.ident, DONE)
  }

  async join(options: WaitOptions = {}): Promise<void> {
    if (this.ident === ownIdentity()) {
      throw new InvalidStateError(`cannot join thread ${this.name} from within: it would wait for itself`)
    }
    await whenThreadEnds(this.ident, options)
  }
}

/** The first thread of a program takes the first place. */
const MAIN_PLACE = 0

let current: ThreadRecord | undefined
let main: ThreadRecord | undefined

/** The thread that this code runs in: the main thread, a Thread, or a worker of an executor. */
export function currentThread(): ThreadInfo {
  return (current ??= new ThreadRecord(ownIdentity()))
}

/** The thread with which the program began. */
export function mainThread(): ThreadInfo {
  if (main !== undefined) return main
  const own = currentThread()
  const ident = threadAt(MAIN_PLACE)
  return (main = ident === own.ident ? current! : new ThreadRecord(ident))
}

/**
 * The threads of the program that are alive, the current one and the workers of executors among them, wherever they were
 * started. A Thread counts from its start until its target is done.
 */
export function threads(): ThreadInfo[] {
  const found: ThreadInfo[] = []
  for (const ident of liveThreads()) if (!isMarked(ident, DONE)) found.push(infoOf(ident))
  return found
}

/** How many threads `threads()` lists. */
export function activeCount(): number {
  return threads().length
}

function infoOf(ident: number): ThreadInfo {
  if (ident === ownIdentity()) return currentThread()
  return ident === mainThread().ident ? mainThread() : new ThreadRecord(ident)
}
