/**
 * Waiting for the end of any thread of the program, also of one that another thread has started: the thread table knows
 * who is alive, and the parking lot calls everybody when a thread has ended.
 */
import { TimeoutError } from '../errors.ts'
import { listen, unlisten } from '../memory/parking-lot.ts'
import { isAlive, nextThing, threadName } from '../memory/thread-table.ts'
import { OWN_WORDS, type Thing } from '../memory/waiting-mask.ts'
import type { WaitOptions } from '../sync/options.ts'
import { Joiners } from './joiners.ts'

/** Resolves when the thread with this identity has ended. */
export async function whenThreadEnds(identity: number, options: WaitOptions): Promise<void> {
  const end = new ThreadEnd(identity)
  listen(end)
  try {
    await end.joiners.wait(options, !isAlive(identity), timeout => lateFor(threadName(identity), timeout))
  } finally {
    unlisten(end)
  }
}

/** What a join comes to when its time is up. */
export function lateFor(name: string, timeout: number): TimeoutError {
  return new TimeoutError(`thread ${name} is alive${timeout === 0 ? '' : `, and still was after ${timeout} ms`}`)
}

/** No thread enlists for it: the end of a thread is told to all. */
class ThreadEnd implements Thing {
  readonly number: number = nextThing()
  readonly words: Int32Array = new Int32Array(OWN_WORDS)
  readonly label: string
  readonly joiners: Joiners = new Joiners()
  readonly #identity: number

  constructor(identity: number) {
    this.#identity = identity
    this.label = `end of thread ${JSON.stringify(threadName(identity))}`
  }

  called(): void {
    if (!isAlive(this.#identity)) this.joiners.wakeAll()
  }

  handOn(): void {}
}
