/**
 * Who waits for what in this thread, and the end of those who wait for nothing.
 *
 * When the event loop has nothing left to run, nobody in this thread can give anything any more. A runtime would end
 * the program there, silently or with exit code 13. Whoever still waits for a lock is told instead, by an error that
 * says who holds what. Those who wait for an item of a queue are not: a consumer that idles when a program ends is no
 * mistake.
 */
import { DeadlockError } from '../errors.ts'
import { threadWaits } from '../memory/thread-waits.ts'
import { ownIdentity, threadName } from '../memory/thread-table.ts'
import { onLoopEmpty } from '../platform/exit.ts'

/** Something for which tasks of this thread wait. */
export interface Awaited {
  /** How many of them there are. */
  readonly length: number
  /** Whether another thread that is alive could still give it. */
  readonly hopeful: boolean
  /** What it is, such as `Lock "db"`. */
  readonly label: string
  /** The state it is in, such as `held in thread "MainThread"`; '' if there is nothing to say. */
  look(): string
  /** Ends all the waits with an error. */
  fail(error: Error): void
}

const awaited = new Set<Awaited>()
let watching = false

/** The first task waits. */
export function waitBegins(what: Awaited): void {
  awaited.add(what)
  if (watching) return
  watching = true
  onLoopEmpty(tellAll)
}

/** The last task has stopped to wait. */
export function waitEnds(what: Awaited): void {
  awaited.delete(what)
}

/** Somebody who waits: tasks on an event loop, or a thread that is blocked. */
export interface WaiterRecord {
  /** The name of the thread. */
  readonly thread: string
  /** What is waited for, such as `Lock "db"`. */
  readonly waitsFor: string
  /** `held in thread "MainThread"` or the like, as far as this thread can know. */
  readonly state: string
  /** Whether the thread is blocked. If not, so many of its tasks wait. */
  readonly blocked: boolean
  readonly tasks: number
}

/**
 * Who waits for what, in all threads of the program, at this moment. What is awaited in this thread is listed in full;
 * of another thread that for which it is blocked, and one of the shared things for which its tasks wait.
 */
export function waiters(): WaiterRecord[] {
  const own = ownIdentity()
  const here = [...awaited].map(what => record(threadName(own), what.label, what.look(), 0, what.length))
  const there = threadWaits().flatMap(({ identity, blockedOn, blockedBy, awaits, awaited: label }) => {
    const name = threadName(identity)
    const holder = blockedBy === 0 ? '' : `held in thread ${JSON.stringify(threadName(blockedBy))}`
    return [
      ...(blockedOn === undefined ? [] : [record(name, blockedOn, holder, 1, 0)]),
      ...(label === undefined || identity === own ? [] : [record(name, label, '', 0, awaits)]),
    ]
  })
  return [...here, ...there]
}

function record(thread: string, waitsFor: string, state: string, blocked: number, tasks: number): WaiterRecord {
  return Object.freeze({ thread, waitsFor, state, blocked: blocked > 0, tasks })
}

/** Nothing is left to run. Returns whether somebody was told. */
function tellAll(): boolean {
  const hopeless = [...awaited].filter(what => !what.hopeful)
  if (hopeless.length === 0) return false
  const lines = hopeless.map(
    what => `  ${what.length} ${what.length === 1 ? 'waits' : 'wait'} for the ${sentence(what)}`,
  )
  for (const what of hopeless) {
    what.fail(new DeadlockError(`nothing is left to run that could end the waiting:\n${lines.join('\n')}`))
  }
  return true
}

function sentence(what: Awaited): string {
  const state = what.look()
  return state === '' ? what.label : `${what.label}, ${state}`
}
