/**
 * All messages that two threads of a pool exchange beside the rings: a closed union for each direction.
 *
 * Calls and results themselves are records (record.ts). The port carries what is rare or large: the values of records
 * marked AWAY, functions that a worker has not seen, requests to stop.
 *
 * A call is named by its slot and its serial. The slot finds it; the serial tells whether it is still the same call.
 */
import type { ExecutorHandle } from './executor-handle.ts'
import type { FunctionNode } from './function-node.ts'
import type { ProcessPlace } from '../memory/neighbours.ts'
import type { ThreadPlace } from '../memory/thread-table.ts'
import type { SentLanes } from './lanes.ts'
import type { Packed } from './pack.ts'

/** The values of a record marked AWAY. */
interface ValuesMessage {
  readonly type: 'values'
  readonly serial: number
  readonly packed: Packed
}

/** Tells a worker, once, what the number of a function stands for. */
export interface DefineMessage {
  readonly type: 'define'
  readonly fn: number
  readonly node: FunctionNode
}

/** Asks a call that has started to stop. `reason` is the reason of its signal. */
export interface CancelMessage {
  readonly type: 'cancel'
  readonly slot: number
  readonly serial: number
  readonly reason: Packed
}

/** The reader of a stream takes `count` items more; 0 ends the stream. */
export interface CreditMessage {
  readonly type: 'credit'
  readonly slot: number
  readonly serial: number
  readonly count: number
}

/** The outcome of a call that the worker submitted itself. */
export interface ReplyMessage {
  readonly type: 'reply'
  readonly request: number
  readonly failed: boolean
  readonly packed: Packed
}

/** Finish what was started, let the output flow out, end. */
interface RetireMessage {
  readonly type: 'retire'
}

export type ParentMessage =
  | ValuesMessage
  | DefineMessage
  | CancelMessage
  | CreditMessage
  | ReplyMessage
  | RetireMessage
  | BootMessage
  | LanesMessage

/** Results wait in the ring. */
interface WakeMessage {
  readonly type: 'wake'
}

/** The initializer is done; calls can be taken. */
interface ReadyMessage {
  readonly type: 'ready'
}

/** The worker cannot be used: its initializer failed. */
interface BrokenMessage {
  readonly type: 'broken'
  readonly packed: Packed
}

/** These are the lanes for large buffers. */
interface LanesMessage {
  readonly type: 'lanes'
  readonly lanes: SentLanes
}

/** The worker has them, or, without having been told of any, has something for them. */
interface LanesWantedMessage {
  readonly type: 'lanes'
  readonly has: boolean
}

/** In the place of an executor's number: the event loop of the parent itself. No executor has it. */
export const PARENT_LOOP = 0

/** A call for an executor of the parent, made inside a task. `packed` says which function, arguments and options. */
export interface SubmitMessage {
  readonly type: 'submit'
  readonly request: number
  readonly executor: number
  readonly packed: Packed
  /** Where the reply goes if the thread is blocked for it: then it listens to no other port. */
  readonly answer?: unknown
}

/** The task that made a call does not want it any more. */
export interface AbandonMessage {
  readonly type: 'abandon'
  readonly request: number
  readonly reason: Packed
}

/** The worker has taken more memory than it may, and is to be replaced. Of processes. */
interface HeavyMessage {
  readonly type: 'heavy'
}

/** So many of the calls that run wait for calls of their own executor. Of processes, whose parent cannot see it. */
interface LentMessage {
  readonly type: 'lent'
  readonly lent: number
}

/** Records of calls that were sent to a process and came back before they started. Made by the parent's own end. */
interface ReturnedMessage {
  readonly type: 'returned'
  readonly records: readonly Int32Array[]
}

/** An error that nobody caught ends the process. */
interface UncaughtMessage {
  readonly type: 'uncaught'
  readonly packed: Packed
}

export type WorkerMessage =
  | ValuesMessage
  | WakeMessage
  | ReadyMessage
  | BrokenMessage
  | SubmitMessage
  | AbandonMessage
  | HeavyMessage
  | LentMessage
  | ReturnedMessage
  | UncaughtMessage
  | LanesWantedMessage

/** What the watchdog of a process is told. */
export type WatchdogMessage =
  | CancelMessage
  /** Take back what has not begun of the calls that were sent, which are so many. */
  | { readonly type: 'recall'; readonly count: number }

/** So many of the calls had begun; those behind them are taken back. */
export interface WatchdogAnswer {
  readonly type: 'recalled'
  readonly first: number
}

/** What a pool's worker is started with. */
export interface WorkerBoot {
  readonly memory: ConnectionMemory
  readonly port: unknown
  /** `[initializer, its arguments]`, if there is one. */
  readonly initializer: Packed | undefined
  /** The name of the pool and the number of the worker in it. */
  readonly name: string
  /** Its place among the threads of the program. */
  readonly place: ThreadPlace
  /** The executor of the parent that the worker belongs to: what `currentTask().executor` submits to. */
  readonly executor: ExecutorHandle
}

/** What a process is told first. */
export interface BootMessage {
  readonly type: 'boot'
  /** The entry of the program that started it. */
  readonly main: string | undefined
  readonly name: string
  readonly executor: ExecutorHandle
  readonly initializer: Packed | undefined
  readonly daemon: boolean
  /** The process that started it. */
  readonly parent: { readonly name: string; readonly pid: number }
  /** Its place among the threads of that process, if they can share memory. */
  readonly place: ProcessPlace | undefined
  /** Ctrl-C ends it, as it does any process. */
  readonly ownInterrupts: boolean
  /** In bytes: with more in use it asks to be replaced. */
  readonly mostMemory: number | undefined
}

/** The shared memory of one connection. */
export interface ConnectionMemory {
  readonly control: SharedArrayBuffer
  readonly calls: SharedArrayBuffer
  readonly results: SharedArrayBuffer
  /** One for all connections of a parent. */
  readonly doorbell: SharedArrayBuffer
}
