/**
 * The two ends of a connection, as a pool and a worker's loop see them, whatever lies between: rings of shared memory
 * (connection.ts) or a stream of bytes (stream-parent.ts, stream-worker.ts).
 *
 * Both ends write records into a ring and read records from one. Between threads the two sides share the rings. On a
 * stream each side has rings of its own, and what is written into one is moved to the other. A call that was moved can be
 * taken back by nobody at once; it can only be asked for.
 */
import type { BytesOnly } from './packing.ts'
import type { RingReader, RingWriter } from '../memory/ring.ts'
import type { FastDecoder } from './fast-decoder.ts'
import type { ParentMessage, WorkerMessage } from './message.ts'
import type { Packed } from './pack.ts'

interface End<Out> {
  readonly in: RingReader
  readonly decoder: FastDecoder
  /** What is sent becomes bytes: shared memory cannot cross. */
  readonly bytesOnly: BytesOnly
  /** Calls `receive` with each message that is not the values of a record, `fail` if one cannot be read. */
  listen(receive: (message: never) => void, fail: (error: Error) => void): void
  /**
   * Posts a message. Throws what the runtime throws if it cannot be cloned. `large`: buffers in it that a stream need not
   * put among the bytes.
   */
  post(message: Out, transfer?: readonly unknown[], large?: ReadonlySet<ArrayBuffer>): void
  /** Handles the next message that has come without waiting for the event loop. Returns whether there was one. */
  takeMessage(): boolean
  close(): void
}

/** The end of the thread that owns the pool. */
export interface ParentEnd extends End<ParentMessage> {
  readonly out: RingWriter
  /** Publishes a record. Returns its position, or -1 if there is no room now. */
  write(words: Int32Array, from: number, cells: number): number
  /** The values of a record marked AWAY; undefined if they are not here yet. */
  takeValues(serial: number): Packed | undefined
  /** Sees to it that records which were written are read. */
  wakeForRecord(): void
  /** Sees to it that messages which were posted are read. */
  wakeForMessage(): void
  /** Gives the cells of the results that were read back to the worker. */
  releaseResults(): void
  /** The exit code of a worker that said good-bye; undefined if it lives, or could not say it. */
  exitCode(): number | undefined
  /** Wakes a worker that is blocked for the event loop of this thread, where that can be. */
  tellNews(): void
  /** Tells a task that is busy in a loop that it was asked to stop. */
  countCancel(serial: number): void
  /** The bytes of a record that was written, of a call that has not started. */
  recordOf(position: number, serial: number): Int32Array
  /** Whether a call that cannot be taken back waits behind another all the same, and will come back if that is slow. */
  isBehind(serial: number): boolean
}

/** The end of the worker. */
export interface WorkerEnd extends End<WorkerMessage> {
  /** Makes the call whose record is at `word` this worker's own. False if it was taken back. */
  claim(word: number): boolean
  /** The values of a record marked AWAY, however late they are. */
  whenValues(serial: number): Packed | Promise<Packed>
  /** Publishes a result, blocking this thread while there is no room. */
  writeResult(words: Int32Array, cells: number): void
  /** Says how many of the calls that run wait for calls of their own executor, and so leave their places to others. */
  tellLent(lent: number): void
  /** Whether the parent seems to have asked a call to stop since the last time. */
  readonly seemsCancelled: boolean
  /** Handles the messages that have come if the parent asked a call to stop since the last time. */
  lookForCancels(): void
  /** Whether a call was asked to stop lately, even if the message that says why is not here. */
  wasCancelled(serial: number): boolean
}

/** What a worker does when it has no call. */
export interface Idling {
  /** The event loop has just had a turn. */
  turned(): void
  /** Looks for the next call for some microseconds. Returns whether it came. */
  spin(): boolean
  /** Blocks this thread for a moment. Returns whether the next call came. */
  block(): boolean
  /** Begins to wait. `mayBlock` is asked each time before the thread is blocked. */
  begin(mayBlock: () => boolean): void
}
