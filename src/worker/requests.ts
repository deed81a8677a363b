/** What a task asks of the thread that started its worker: calls of its executors, or of its event loop. */
import { InvalidStateError, UnsupportedError } from '../errors.ts'
import type { WorkerEnd } from '../wire/ends.ts'
import type { ReplyMessage } from '../wire/message.ts'
import { pack } from '../wire/pack.ts'
import { unpack } from '../wire/unpack.ts'
import type { BlockingCall } from './blocking-request.ts'
import { lookUpTask } from './current-task.ts'
import { RunningTask } from './running-task.ts'

type Settle = (reply: ReplyMessage) => void

/** How a request begins and ends for the loop: a task that waits for its own executor lends its place. */
export type Lend = (task: RunningTask, calls: 1 | -1) => void

/** How this thread is blocked until the parent's event loop has answered. */
export type Block = (request: number, call: BlockingCall) => unknown

/** A call that was asked for. */
export interface Request {
  /** Its outcome; rejects with its error. */
  readonly answer: Promise<unknown>
  /** Says that nobody wants it any more. The answer comes all the same. */
  readonly abandon: (reason: unknown) => void
}

export class Requests {
  readonly #connection: WorkerEnd
  readonly #lend: Lend
  readonly #block: Block
  readonly #waiting = new Map<number, Settle>()
  #newest = 0

  constructor(connection: WorkerEnd, lend: Lend, block: Block) {
    this.#connection = connection
    this.#block = block
    this.#lend = lend
  }

  /** Asks for a call. `values`: what the executor's side makes of it. Throws CannotSendError. */
  ask(executor: number, values: unknown): Request {
    const request = ++this.#newest
    const { packed, transfer } = pack(values, 'call', { bytesOnly: this.#connection.bytesOnly })
    this.#connection.post({ type: 'submit', request, executor, packed }, transfer)
    return {
      answer: this.#answerTo(request),
      abandon: reason => {
        const { packed: why, transfer: moved } = pack(reason, 'reason', {
          lenient: true,
          bytesOnly: this.#connection.bytesOnly,
        })
        this.#connection.post({ type: 'abandon', request, reason: why }, moved)
      },
    }
  }

  /** Blocks this thread until the parent's event loop has answered. */
  block(call: BlockingCall): unknown {
    return this.#block(++this.#newest, call)
  }

  async #answerTo(request: number): Promise<unknown> {
    const task = lookUpTask()
    const lender = task instanceof RunningTask ? task : undefined
    if (lender !== undefined) this.#lend(lender, 1)
    const reply = await new Promise<ReplyMessage>(resolve => this.#waiting.set(request, resolve))
    // The task may be over by then, and its place given back as a whole.
    if (lender !== undefined && lender.waitingFor > 0) this.#lend(lender, -1)
    const outcome = await unpack(reply.packed)
    if (reply.failed) throw outcome
    return outcome
  }

  receive(reply: ReplyMessage): void {
    this.#waiting.get(reply.request)?.(reply)
    this.#waiting.delete(reply.request)
  }
}

let requests: Requests | undefined

/** Called once, when the worker is set up. */
export function provideRequests(made: Requests): void {
  requests = made
}

/** Asks an executor of the parent. Throws CannotSendError, and UnsupportedError in a thread that is no worker of a pool. */
export function askParent(executor: number, values: unknown): Request {
  if (requests === undefined) throw new UnsupportedError('this thread is no worker of a pool')
  return requests.ask(executor, values)
}

/**
 * Asks the event loop of the parent, and blocks this thread until it has answered. Throws InvalidStateError in a thread
 * that no other has started.
 */
export function askParentLoop(call: BlockingCall): unknown {
  if (requests !== undefined) return requests.block(call)
  throw new InvalidStateError(
    'runSync() is for threads, and this is the one with which the program began: await the function instead',
  )
}
