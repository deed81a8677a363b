/** A thread that is played: no thread of the runtime, but a body that is run again and again, each time a step further. */
import type { Footprint } from './footprint.ts'
import { Log } from './log.ts'

/** The step that a thread is about to take. */
export interface Pending {
  readonly footprint: Footprint
  /** Whether it can be taken now. */
  enabled: boolean
  /** It could only let its time run out. */
  isLate: boolean
  /** It depends on nothing but the thread: it is the same whatever the others do. */
  readonly isFixed: boolean
  /** What it is, for people. */
  readonly text: string
}

/** A sleep on a word, in the fine model. */
export interface Sleep {
  readonly cell: number
  readonly index: number
  readonly timeout: number
  isCalled: boolean
}

/** Steps without any effect after which a thread is taken to spin: it rests until another thread changes something. */
const SPINS = 12

export class LogicalThread {
  readonly number: number
  readonly name: string
  /** In the thread table. */
  readonly identity: number
  readonly log: Log
  pending: Pending | undefined
  /** Another thread has changed what the pending step has seen. */
  isStale = false
  sleep: Sleep | undefined
  isDone = false
  /** Steps in a row that changed nothing, by anybody. */
  idle = 0
  /** The identity of who holds what it is blocked for, or 0. */
  holder = 0

  constructor(number: number, name: string, identity: number) {
    this.number = number
    this.name = name
    this.identity = identity
    this.log = new Log(name)
  }

  get spins(): boolean {
    return this.idle >= SPINS
  }

  /** As it was in the beginning. */
  reset(): void {
    this.log.cut(0)
    this.pending = undefined
    this.isStale = false
    this.sleep = undefined
    this.isDone = false
    this.idle = 0
    this.holder = 0
  }
}
