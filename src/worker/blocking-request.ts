/**
 * A request to the parent's event loop, for which this thread is blocked.
 *
 * The reply comes by a port of its own to which nobody listens, so that it can be taken without a turn of the event loop,
 * on every runtime. The thread sleeps on a word that the parent counts up when there is a reply, when it asks the call to
 * stop, and when it blocks itself for this very call: then both would wait for ever, and the one that can still be told
 * is this one.
 */
import { DeadlockError, InvalidStateError, TimeoutError } from '../errors.ts'
import { whileBlocked } from '../memory/parking-lot.ts'
import { parkSync } from '../memory/park.ts'
import { nextThing, parentIdentity, threadName } from '../memory/thread-table.ts'
import { OWN_WORDS, type Thing } from '../memory/waiting-mask.ts'
import { openChannel, type Port } from '../platform/threads.ts'
import type { Connection } from '../wire/connection.ts'
import { PARENT_LOOP, type ReplyMessage } from '../wire/message.ts'
import { pack } from '../wire/pack.ts'
import { unpack } from '../wire/unpack.ts'
import { lookUpTask } from './current-task.ts'
import { RunningTask } from './running-task.ts'

/** What is asked: values that the parent's side understands, and how it is called in sentences. */
export interface BlockingCall {
  readonly values: unknown
  readonly name: string
  /** In ms, Infinity for none. */
  readonly timeout: number
}

/** Blocks until the parent has answered. Returns the value or throws the error; throws TimeoutError, DeadlockError. */
export function blockOnParent(connection: Connection, request: number, call: BlockingCall): unknown {
  const { packed, transfer } = pack(call.values, 'call')
  const { near, far } = openChannel()
  try {
    const parent = parentIdentity()
    const label = `${call.name} on the event loop of thread ${JSON.stringify(threadName(parent))}`
    const reply = whileBlocked(thingCalled(label), parent, () => {
      // In here: what runs on the loop because of it may ask who waits.
      connection.post({ type: 'submit', request, executor: PARENT_LOOP, packed, answer: far }, [...transfer, far])
      return replyTo(connection, near, call, label)
    })
    return outcomeOf(reply, call.name)
  } catch (error) {
    if (!(error instanceof Answered)) abandon(connection, request, error)
    throw error instanceof Answered ? error.error : error
  } finally {
    near.close()
  }
}

/** Waits for the reply. Throws what ends the wait without one. */
function replyTo(connection: Connection, near: Port, { timeout }: BlockingCall, label: string): ReplyMessage {
  const deadline = performance.now() + timeout
  const task = lookUpTask()
  const serial = task instanceof RunningTask ? task.serial : 0
  for (;;) {
    // Before all that is looked at: what comes after a look changes it.
    const { words, index, value } = connection.news
    const reply = near.take()
    if (reply !== undefined) return reply as ReplyMessage
    task?.throwIfCancelled()
    if (connection.parentWaitsFor(serial)) {
      throw new DeadlockError(`cannot wait for ${label}: that thread is blocked until this very call is done`)
    }
    const left = deadline - performance.now()
    if (left <= 0) throw new TimeoutError(`${label} was not done within ${timeout} ms`)
    parkSync(words, index, value, left)
  }
}

/** What the function came to, as opposed to what ended the wait. */
class Answered {
  readonly error: unknown

  constructor(error: unknown) {
    this.error = error
  }
}

function outcomeOf({ failed, packed }: ReplyMessage, name: string): unknown {
  const outcome = unpack(packed, true)
  if (outcome instanceof Promise) {
    outcome.catch(() => {})
    const what = failed ? 'error' : 'result'
    throw new Answered(new InvalidStateError(`the ${what} of ${name} has to import a module first, and is blocked`))
  }
  if (failed) throw new Answered(outcome)
  return outcome
}

/** Nobody wants it any more. */
function abandon(connection: Connection, request: number, why: unknown): void {
  const { packed, transfer } = pack(why, 'reason', { lenient: true })
  connection.post({ type: 'abandon', request, reason: packed }, transfer)
}

let number = 0

/** The thing for which the thread is blocked, for those who ask who waits for what. Nobody is ever called for it. */
function thingCalled(label: string): Thing {
  number ||= nextThing()
  return { number, words: new Int32Array(OWN_WORDS), label, called: nothing, handOn: nothing }
}

function nothing(): void {}
