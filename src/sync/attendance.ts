/**
 * Attendance: how many tasks are inside of something, in all threads. It can be changed only in a mutex.
 *
 * They are also counted by thread, so that those of a thread that has ended can be taken out again.
 */
import { load, store } from '../memory/atomics.ts'
import { deaths, isAlive, ownIdentity } from '../memory/thread-table.ts'
import { MUTEX_WORDS, RobustMutex } from './robust-mutex.ts'
import { type ThreadRecords, WHO } from './thread-records.ts'

const COUNT = 0
const MUTEX = 1
/** The words of shared memory that it takes. */
export const ATTENDANCE_WORDS: number = MUTEX + MUTEX_WORDS

/** The words of a record: whose it is, and how many of its tasks are inside. */
const INSIDE = 1
export const ATTENDANCE_RECORD = 2

/** What is known of threads that ended. */
export interface Loss {
  /** One that was inside, or 0. */
  readonly who: number
  /** Whether one ended in the mutex, with what it did there half done. */
  readonly halfway: boolean
}

export class Attendance {
  readonly #words: Int32Array
  readonly #records: ThreadRecords
  readonly #mutex: RobustMutex
  readonly #lost: (loss: Loss) => void
  /** The number of deaths that this thread has looked into. */
  #deaths = 0

  /** `mutex`: its number. `lost` is called in the mutex, when threads have ended and the count is right again. */
  constructor(words: Int32Array, mutex: number, records: ThreadRecords, lost: (loss: Loss) => void) {
    this.#words = words
    this.#records = records
    this.#mutex = new RobustMutex(mutex, words.subarray(MUTEX))
    this.#lost = lost
  }

  /** Runs `f` while no other thread is in here. It must not wait, nor call anybody. */
  alone<T>(f: () => T): T {
    const halfway = this.#mutex.enter()
    try {
      if (halfway || !this.isUpToDate) this.#lookForLosses(halfway)
      return f()
    } finally {
      this.#mutex.leave()
    }
  }

  /** False if threads have ended since this one has looked; then `alone` finds out. */
  get isUpToDate(): boolean {
    return deaths() === this.#deaths
  }

  /** How many are inside. Without the mutex it is a guess. */
  get count(): number {
    return load(this.#words, COUNT)
  }

  /** One task of this thread comes in or goes out. In the mutex. */
  change(by: 1 | -1): void {
    const { words, own } = this.#records
    if (load(words, own + WHO) !== ownIdentity()) {
      store(words, own + INSIDE, 0)
      store(words, own + WHO, ownIdentity())
    }
    store(words, own + INSIDE, load(words, own + INSIDE) + by)
    store(this.#words, COUNT, this.count + by)
  }

  #lookForLosses(halfway: boolean): void {
    const count = deaths()
    const { words, length } = this.#records
    let who = 0
    let sum = 0
    for (let i = 0; i < length; i++) {
      const at = this.#records.at(i)
      const thread = load(words, at + WHO)
      if (thread === 0) continue
      const inside = load(words, at + INSIDE)
      if (isAlive(thread)) {
        sum += inside
        continue
      }
      if (inside > 0) who = thread
      store(words, at + WHO, 0)
    }
    // A sum, not a difference: who ended in the mutex may have changed one of the two numbers and not the other.
    store(this.#words, COUNT, sum)
    this.#deaths = count
    this.#lost({ who, halfway })
  }
}
