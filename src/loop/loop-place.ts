/**
 * LoopPlace: calls on this event loop, a limited number of them at a time.
 *
 * A call does not start inside of `submit` but right after the code that submits, as it would in a worker: until then
 * it can be cancelled, and a loop of submits is not held up by what it submits.
 *
 * A running call that submits to its own executor and waits would wait for ever if all places were taken by calls like
 * it. So each running call can lend its place to one call that was submitted from inside of it, and that one in turn:
 * the calls on one place form a chain of which, in general, only the last one is busy.
 */
import { InvalidStateError, ShutDownError } from '../errors.ts'
import { nextTurn } from '../platform/turns.ts'
import { lookUpTask, type TaskExecutor } from '../worker/current-task.ts'
import { Backlog } from './backlog.ts'
import { ExecutorView } from '../futures/executor-view.ts'
import type { BatchResult, CallOptions, Place, ShutdownOptions, TaskFunction } from '../futures/executor.ts'
import type { Future } from '../futures/future.ts'
import { runBatch } from './loop-batch.ts'
import { LoopCall, type LoopKeeper, type Seat } from './loop-call.ts'
import { LoopStream } from './loop-stream.ts'
import { LoopTask } from './loop-task.ts'

/** How long calls are started one after the other, in ms, before the loop gets to its timers and its input. */
const TURN = 5

type AnyFunction = (...args: readonly unknown[]) => unknown

export class LoopPlace implements Place, LoopKeeper {
  /** The loop is this thread's own. */
  readonly handle = undefined
  readonly name: string
  readonly width: number
  /** What the calls see as the executor that runs them. */
  readonly executor: TaskExecutor = new ExecutorView(this)
  readonly #waiting = new Backlog<LoopCall>()
  /** Running calls that have submitted calls that wait. */
  readonly #lenders = new Set<LoopCall>()
  #seatsTaken = 0
  #startsScheduled = false
  /** When the first call of this turn of the loop was started, by `performance.now()`. */
  #turnBegan: number | undefined = undefined
  #isShutDown = false
  #whenIdle: (() => void)[] = []

  constructor(name: string, width: number) {
    this.name = name
    this.width = width
  }

  submit(fn: TaskFunction, args: readonly unknown[], options: CallOptions): Future<unknown> {
    return this.#admit(fn, () => (fn as AnyFunction)(...args), options).future
  }

  batch(fn: TaskFunction, columns: readonly (readonly unknown[])[], options: CallOptions): Future<BatchResult> {
    return this.#admit(fn, () => runBatch(fn as AnyFunction, columns), options).future as Future<BatchResult>
  }

  stream(fn: TaskFunction, args: readonly unknown[], options: CallOptions): AsyncIterableIterator<unknown> {
    const stream = new LoopStream(options)
    // Not run again: the reader has items of the first run already.
    const once = { ...options, retries: 0 }
    stream.open(this.#admit(fn, () => stream.run(() => (fn as AnyFunction)(...args)), once))
    return stream
  }

  async shutdown({ wait = true, cancelFutures = false }: ShutdownOptions): Promise<void> {
    this.#isShutDown = true
    if (cancelFutures) for (const call of this.#waiting.takeAll()) call.future.cancel()
    if (!wait || this.#isIdle()) return
    if (this.#caller() !== undefined) {
      throw new InvalidStateError(`a task of executor "${this.name}" cannot wait for its shutdown`)
    }
    await new Promise<void>(resolve => this.#whenIdle.push(resolve))
  }

  forget(call: LoopCall): void {
    this.#waiting.delete(call)
    this.#leaveParent(call)
    this.#tellIfIdle()
  }

  ended(call: LoopCall): void {
    const seat = call.seat ?? []
    seat.splice(seat.indexOf(call), 1)
    if (seat.length === 0) this.#seatsTaken--
    this.#startSoon()
    this.#tellIfIdle()
  }

  #admit(fn: TaskFunction, work: () => unknown, options: CallOptions): LoopCall {
    if (this.#isShutDown) throw new ShutDownError(`cannot submit to executor "${this.name}": it was shut down`)
    const parent = this.#caller()
    const call = new LoopCall(this, parent, fn.name, work, options)
    this.#waiting.add(call, options.priority ?? 0)
    if (parent !== undefined) {
      ;(parent.nested ??= new Set()).add(call)
      this.#lenders.add(parent)
    }
    this.#startSoon()
    return call
  }

  /** The call of this place from inside of which this is called. */
  #caller(): LoopCall | undefined {
    const task = lookUpTask()
    // What a call has left behind, such as a timer, still sees it as the current task.
    if (!(task instanceof LoopTask) || task.executor !== this.executor) return undefined
    const call = task.call as LoopCall
    return call.future.done() ? undefined : call
  }

  #startSoon(): void {
    if (this.#startsScheduled || this.#waiting.size === 0) return
    if (this.#seatsTaken >= this.width && this.#lenders.size === 0) return
    this.#startsScheduled = true
    const start = (): void => this.#startCalls()
    // Calls that each end at once and bring on the next would keep the loop from everything else for ever.
    if (this.#isTurnOver()) nextTurn(start)
    else queueMicrotask(start)
  }

  #isTurnOver(): boolean {
    const now = performance.now()
    if (this.#turnBegan === undefined) {
      this.#turnBegan = now
      nextTurn(() => (this.#turnBegan = undefined))
    }
    return now - this.#turnBegan >= TURN
  }

  #startCalls(): void {
    // Calls that end at once ask for the next to be started, which this loop does anyway.
    this.#startsScheduled = true
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      const { call, seat } = next
      this.#leaveParent(call)
      call.seat = seat
      seat.push(call)
      call.start()
      if (this.#isTurnOver()) break
    }
    this.#startsScheduled = false
    this.#startSoon()
  }

  /** Takes a call that can run now, and the place for it. */
  #next(): { readonly call: LoopCall; readonly seat: Seat } | undefined {
    if (this.#seatsTaken < this.width) {
      const call = this.#waiting.take()
      if (call === undefined) return undefined
      this.#seatsTaken++
      return { call, seat: [] }
    }
    for (const lender of this.#lenders) {
      const { seat, nested = [] } = lender
      if (seat === undefined || seat.at(-1) !== lender) continue
      for (const call of nested) {
        this.#waiting.delete(call)
        return { call, seat }
      }
    }
    return undefined
  }

  #isIdle(): boolean {
    return this.#seatsTaken === 0 && this.#waiting.size === 0
  }

  #tellIfIdle(): void {
    if (this.#isIdle()) for (const tell of this.#whenIdle.splice(0)) tell()
  }

  /** The call waits no more: its parent has one less to lend to. */
  #leaveParent(call: LoopCall): void {
    const { parent } = call
    if (parent?.nested === undefined) return
    parent.nested.delete(call)
    if (parent.nested.size === 0) this.#lenders.delete(parent)
  }
}
