/**
 * Grants: who waits for a condition, thread by thread, and how many of them may go.
 *
 * Whoever notifies picks the waiters then and there: it grants so many to this thread, so many to that, never more than
 * wait there. Within a thread the grants are for its tasks in the order in which they came. So a grant is for those who
 * waited when it was made, and no newcomer can take it from them; as many go as were granted; nobody is woken who cannot
 * go. (A common number of permits, which whoever comes first takes, has none of that: after `notifyAll`, newcomers and one more
 * `notify` could leave one of those that were meant asleep for ever. It is the flaw that glibc's condition variables had
 * until 2.25, bug 13165.)
 *
 * A grant counts as taken when its waiter holds the lock again and goes. If a thread ends before that, what it was granted
 * is inherited by another.
 *
 * All is done under the lock of the condition, and needs no more than that, with two exceptions: `claim`, which is local
 * to the thread but for `#inherit`.
 */
import { add, compareExchange, load, store } from '../memory/atomics.ts'
import type { SentWords } from '../memory/neighbour-words.ts'
import { deaths, isAlive, ownIdentity } from '../memory/thread-table.ts'
import { callThread, canRun } from '../memory/waiting-mask.ts'
import { STATE_WORDS } from './patience.ts'
import { ThreadRecords, WHO } from './thread-records.ts'
import type { WaitQueue } from './wait-queue.ts'

/** The record that was given something last: the next in line is the one after it. */
const LAST = STATE_WORDS
/** The words of a thing that has grants. */
export const GRANT_WORDS: number = STATE_WORDS + 1

/* The words of a record. The last two count up for ever, so that no two states of a record look the same. */

/** How many wait in `wait`, whether they were granted or not. */
const WAITING = 1
const GRANTED = 2
const TAKEN = 3
const RECORD_WORDS = 4

export class Grants {
  readonly records: ThreadRecords
  readonly #queue: WaitQueue
  readonly #words: Int32Array
  /** Grants that have a waiter: it has left the queue, and takes its grant when it has the lock. */
  #claimed = 0
  /** Those of them that are for waiters who had stopped to wait before they knew. */
  #owed = 0
  /** The number of deaths for which this thread has looked for something to inherit. */
  #deaths = 0

  /** `queue`: where they wait, with GRANT_WORDS. `memory`: what another thread's `records.share()` gave. */
  constructor(queue: WaitQueue, memory?: SentWords) {
    this.#queue = queue
    this.#words = queue.words
    this.records = new ThreadRecords(RECORD_WORDS, memory)
  }

  /** Somebody begins to wait. Under the lock. */
  join(): void {
    const { words, own } = this.records
    // What the dead have left is for those who wait already.
    if (deaths() !== this.#deaths) this.give(this.#buryTheDead())
    if (load(words, own + WHO) !== ownIdentity()) {
      this.give(this.#bury(own))
      store(words, own + WHO, ownIdentity())
    }
    this.#settle()
    add(words, own + WAITING, 1)
  }

  /** Lets one waiter of this thread go, if it was granted. Without the lock. */
  claim(): boolean {
    if (this.#unclaimed <= 0 && !this.#inherit()) return false
    this.#claimed++
    return true
  }

  /** One who has claimed goes. Under the lock. */
  take(): void {
    const { words, own } = this.records
    this.#claimed--
    add(words, own + TAKEN, 1)
    add(words, own + WAITING, -1)
    this.#settle()
  }

  /** One who has not claimed goes. Under the lock. Returns whether it has taken a grant with it. */
  leave(): boolean {
    this.#settle()
    const isOwed = this.#owed > 0
    if (isOwed) {
      this.#owed--
      this.take()
    } else add(this.records.words, this.records.own + WAITING, -1)
    return isOwed
  }

  /** Lets `count` go of those who wait, or all if there are fewer. Under the lock. */
  give(count: number): void {
    if (count <= 0) return
    const { length } = this.records
    const first = load(this.#words, LAST) + 1
    let left = count
    // A thread that is blocked for something else comes last: its tasks could not go before it is free.
    for (const evenBlocked of [false, true]) {
      for (let i = 0; i < length && left > 0; i++) left -= this.#giveTo((first + i) % length, left, evenBlocked)
    }
  }

  /** How many wait in all threads and were not granted. Without the lock it is a guess. */
  get waiting(): number {
    const { words, length } = this.records
    let sum = 0
    for (let i = 0; i < length; i++) {
      const at = this.records.at(i)
      if (isAlive(load(words, at + WHO))) sum += Math.max(0, this.#asleep(at))
    }
    return sum
  }

  /** Returns how many were given there; less than 0 if a thread was found to have ended that was owed more. */
  #giveTo(index: number, most: number, evenBlocked: boolean): number {
    const { words } = this.records
    const at = this.records.at(index)
    const who = load(words, at + WHO)
    if (who === 0) return 0
    if (!isAlive(who)) return -this.#bury(at)
    const count = Math.min(this.#asleep(at), most)
    if (count <= 0 || (!evenBlocked && !canRun(who, this.#queue.number))) return 0
    add(words, at + GRANTED, count)
    store(this.#words, LAST, index)
    if (who === ownIdentity()) {
      this.#serve()
      return count
    }
    callThread(this.#queue, who)
    // It may have ended since, and those who look what they can inherit may have looked before this was there.
    return isAlive(who) ? count : count - this.#bury(at)
  }

  /** Lets go those of this thread who were granted. Not by `wake` alone: by courtesy it may call others first. */
  #serve(): void {
    if (this.#queue.shared) this.#queue.called(true)
    else this.#queue.wake()
  }

  #asleep(at: number): number {
    const { words } = this.records
    return load(words, at + WAITING) - this.#open(at)
  }

  /** Granted and not taken. */
  #open(at: number): number {
    const { words } = this.records
    return (load(words, at + GRANTED) - load(words, at + TAKEN)) | 0
  }

  get #unclaimed(): number {
    return this.#open(this.records.own) - this.#claimed
  }

  /**
   * Puts the grants aside that are for waiters who have left the queue unsatisfied and come for the lock: somebody who
   * enters the queue now must not take them. They are those of which there are more than the queue is long.
   */
  #settle(): void {
    const { words, own } = this.records
    const tooMany = -this.#asleep(own)
    if (tooMany > 0) {
      // This thread has inherited in the moment in which another granted to the same waiter.
      add(words, own + TAKEN, tooMany)
      this.give(tooMany)
    }
    const owed = this.#unclaimed - this.#queue.length
    if (owed <= 0) return
    this.#claimed += owed
    this.#owed += owed
  }

  /** Takes over one grant of a thread that has ended. */
  #inherit(): boolean {
    const count = deaths()
    if (count === this.#deaths) return false
    const { length } = this.records
    for (let i = 0; i < length; i++) if (this.#inheritFrom(this.records.at(i))) return true
    this.#deaths = count
    return false
  }

  #inheritFrom(at: number): boolean {
    const { words, own } = this.records
    for (;;) {
      // In this order. If the record is that of a dead thread when `who` is read, it was when the others were; and if it
      // is buried after that, there is another number in TAKEN.
      const granted = load(words, at + GRANTED)
      const taken = load(words, at + TAKEN)
      const who = load(words, at + WHO)
      if (who === 0 || granted === taken || isAlive(who)) return false
      if (compareExchange(words, at + TAKEN, taken, (taken + 1) | 0) !== taken) continue
      add(words, own + GRANTED, 1)
      return true
    }
  }

  /** Clears the records of all threads that have ended. Returns how many grants were left in them. */
  #buryTheDead(): number {
    const count = deaths()
    const { words, length } = this.records
    let left = 0
    for (let i = 0; i < length; i++) {
      const at = this.records.at(i)
      const who = load(words, at + WHO)
      if (who !== 0 && !isAlive(who)) left += this.#bury(at)
    }
    this.#deaths = count
    return left
  }

  /** Clears the record of a thread that has ended. Returns how many grants were left in it. */
  #bury(at: number): number {
    const { words } = this.records
    for (;;) {
      const granted = load(words, at + GRANTED)
      const taken = load(words, at + TAKEN)
      if (compareExchange(words, at + TAKEN, taken, granted) !== taken) continue
      store(words, at + WAITING, 0)
      store(words, at + WHO, 0)
      return (granted - taken) | 0
    }
  }
}
