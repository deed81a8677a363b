/**
 * A connection between a parent thread and one of its workers: two rings of records, and a port for what is large or rare.
 *
 * Both ends are the same class: a ring to write, a ring to read, a port. They differ in how the other side is woken.
 *
 * - The worker sleeps on the tail of its ring and says so in ASLEEP. The parent looks at ASLEEP after it has published a
 *   record, and pays for a notify only then. Neither can miss the other: the worker stores ASLEEP and then looks at the
 *   tail, the parent stores the tail and then looks at ASLEEP, all sequentially consistent; one of them sees the other.
 * - The parent does not sleep on a word, its event loop turns. When it has nothing to read it arms the doorbell, a word
 *   shared by all its workers, and then looks at the rings once more. The first worker to publish a result takes the
 *   doorbell back (an exchange: exactly one does) and posts one message. So a batch of any length costs one message,
 *   without a timer and without a batch size.
 */
import { add, compareExchange, exchange, glance, load, notify, sharedWords, store } from '../memory/atomics.ts'
import { parkSync } from '../memory/park.ts'
import { cellsOf, claim, type Cursors, ringMemory, RingReader, RingWriter } from '../memory/ring.ts'
import { wasLetGo } from '../memory/parking-lot.ts'
import { canStopBusyThreads } from '../platform/runtime.ts'
import type { Port } from '../platform/threads.ts'
import { isNoted, noteCancel } from './cancel-words.ts'
import {
  ASLEEP,
  AWAKE,
  CALL_HEAD,
  CALL_TAIL,
  CANCELS,
  CONTROL_WORDS,
  FULL,
  GONE,
  NEWS,
  RESULT_HEAD,
  RESULT_TAIL,
  sleepOn,
} from './control-words.ts'
import { ARMED, BLOCKED, BLOCKED_FOR, QUIET, SPINS } from './doorbell.ts'
import type { ParentEnd, WorkerEnd } from './ends.ts'
import { FastDecoder } from './fast-decoder.ts'
import type { BytesOnly } from './packing.ts'
import type { KeyTable } from './key-table.ts'
import type { ConnectionMemory, ParentMessage, WorkerMessage } from './message.ts'
import type { Packed } from './pack.ts'
import { CLAIMED, WAITING } from './record.ts'
import { Values } from './values.ts'

/** 512 KiB each way: room for the prefetched calls of a worker, or for two of the largest batches. */
const RING_CELLS = 1 << 16

export function connectionMemory(doorbell: SharedArrayBuffer): ConnectionMemory {
  return {
    control: sharedWords(CONTROL_WORDS).buffer,
    calls: ringMemory(RING_CELLS),
    results: ringMemory(RING_CELLS),
    doorbell,
  }
}

type Message = ParentMessage | WorkerMessage

export class Connection implements ParentEnd, WorkerEnd {
  readonly bytesOnly: BytesOnly = false
  readonly out: RingWriter
  readonly in: RingReader
  readonly decoder: FastDecoder
  /** The control words, for whoever sleeps on one. */
  readonly control: Int32Array
  readonly #doorbell: Int32Array
  readonly #port: Port
  readonly #keys: KeyTable
  /** How many names of the key table the other side knows. */
  #keysTold = 0
  readonly #values = new Values()
  #receive: (message: Message) => void = () => {}
  #cancelsSeen = 0

  constructor(memory: ConnectionMemory, port: Port, keys: KeyTable, end: 'parent' | 'worker') {
    const control = new Int32Array(memory.control)
    const calls: Cursors = { words: control, tail: CALL_TAIL, head: CALL_HEAD }
    const results: Cursors = { words: control, tail: RESULT_TAIL, head: RESULT_HEAD }
    const [outMemory, outCursors, inMemory, inCursors] =
      end === 'parent' ? [memory.calls, calls, memory.results, results] : [memory.results, results, memory.calls, calls]
    this.out = new RingWriter(cellsOf(outMemory), outCursors)
    this.in = new RingReader(cellsOf(inMemory), inCursors)
    this.decoder = new FastDecoder(this.in.cells)
    this.control = control
    this.#doorbell = new Int32Array(memory.doorbell)
    this.#port = port
    this.#keys = keys
  }

  /** Calls `receive` with each message that is not the values of a record, `fail` if one cannot be read. */
  listen(receive: (message: never) => void, fail: (error: Error) => void): void {
    // Which messages come is a matter of which end this is.
    this.#receive = receive as (message: Message) => void
    this.#port.listen(message => this.#sort(message as Message), fail)
  }

  /** Publishes a record. Returns its position, or -1 if there is no room now. */
  write(words: Int32Array, from: number, cells: number): number {
    if (this.#keysTold !== this.#keys.size && !this.#tellKeys()) return -1
    return this.out.write(words, from, cells)
  }

  /** Posts a message. Throws what the runtime throws if it cannot be cloned. */
  post(message: Message, transfer?: readonly unknown[]): void {
    this.#port.post(message, transfer)
  }

  /**
   * The values of a record marked AWAY; undefined if the message is not here yet. It was posted before the record, but on
   * Deno a message may be on its way through the event loop, where it cannot be taken.
   */
  takeValues(serial: number): Packed | undefined {
    for (;;) {
      const packed = this.#values.take(serial)
      if (packed !== undefined || !this.takeMessage()) return packed
    }
  }

  /** The values of a record marked AWAY, however late they are. */
  whenValues(serial: number): Packed | Promise<Packed> {
    return this.takeValues(serial) ?? this.#values.expect(serial)
  }

  /** Handles the next message in the port without waiting for the event loop. Returns whether there was one. */
  takeMessage(): boolean {
    const message = this.#port.take()
    if (message === undefined) return false
    this.#sort(message as Message)
    return true
  }

  ref(): void {
    this.#port.ref()
  }

  unref(): void {
    this.#port.unref()
  }

  close(): void {
    this.#port.close()
  }

  // ── the parent's end ──

  /** Wakes the worker if it sleeps; to be called after a record was written. */
  wakeForRecord(): void {
    const asleep = load(this.control, ASLEEP)
    // It sleeps on this very tail: it has woken meanwhile, and has read everything.
    if (asleep === AWAKE || asleep === sleepOn(this.out.tail)) return
    // It needs some microseconds to wake. Taking the word back saves a notify for each record written meanwhile. If it has
    // woken and sleeps again, the word has another value, since it has read something: a plain store would take back a
    // sleep that nobody would end.
    if (compareExchange(this.control, ASLEEP, asleep, AWAKE) === asleep) notify(this.control, CALL_TAIL, Infinity)
  }

  get workerSleeps(): boolean {
    return load(this.control, ASLEEP) !== AWAKE
  }

  /** Wakes the worker if it sleeps; to be called after a message was posted. */
  wakeForMessage(): void {
    if (this.workerSleeps) notify(this.control, CALL_TAIL, Infinity)
  }

  /** Gives the cells of the results that were read back to the worker, which may wait for them. */
  releaseResults(): void {
    this.in.release()
    if (load(this.control, FULL) !== 0) notify(this.control, RESULT_HEAD, 1)
  }

  /** The exit code of a worker that said good-bye; undefined if it lives, or could not say it. */
  exitCode(): number | undefined {
    const gone = load(this.control, GONE)
    return gone === 0 ? undefined : gone - 1
  }

  /** Tells a task that is busy in a loop that it was asked to stop. */
  countCancel(serial: number): void {
    noteCancel(this.control, CANCELS, serial)
    this.tellNews()
  }

  recordOf(position: number): Int32Array {
    return this.out.copyOf(position)
  }

  /** Never: what has not started can be taken back. */
  isBehind(): boolean {
    return false
  }

  /** Wakes the worker if it is blocked for the event loop of this thread: there is something to look at. */
  tellNews(): void {
    add(this.control, NEWS, 1)
    notify(this.control, NEWS, 1)
  }

  // ── the worker's end ──

  claim(word: number): boolean {
    return claim(this.in.cells, word, WAITING, CLAIMED)
  }

  /** The parent need not know: the worker takes what there is. */
  tellLent(): void {}

  /** Wakes the parent if it waits for results. */
  ringParent(): void {
    if (load(this.#doorbell, 0) === QUIET) return
    // A thread that was let go of would take the ring with it: nobody listens to it any more.
    if (canStopBusyThreads || !wasLetGo()) this.#ring()
  }

  #ring(): void {
    const state = exchange(this.#doorbell, 0, QUIET)
    if (state === ARMED) this.#port.post({ type: 'wake' } satisfies WorkerMessage)
    else if (state === BLOCKED) notify(this.#doorbell, 0, 1)
  }

  /** The last thing that a worker does. */
  sayGone(exitCode: number): void {
    store(this.control, GONE, exitCode + 1)
    if (load(this.#doorbell, 0) !== QUIET) this.#ring()
  }

  /** How often to look for a call before sleeping. */
  get spins(): number {
    return load(this.#doorbell, SPINS)
  }

  /** The word that changes when there is something for a worker that is blocked for the parent's event loop. */
  get news(): { readonly words: Int32Array; readonly index: number; readonly value: number } {
    return { words: this.control, index: NEWS, value: load(this.control, NEWS) }
  }

  /** Whether the parent is blocked, for as long as it takes, for the call with this serial. */
  parentWaitsFor(serial: number): boolean {
    return serial !== 0 && load(this.#doorbell, BLOCKED_FOR) === serial
  }

  /** Says that the worker sleeps until there is something behind what it has read, or that it does so no more. */
  sayAsleep(asleep: boolean): void {
    store(this.control, ASLEEP, asleep ? sleepOn(this.in.head) : AWAKE)
  }

  /** The word that changes with every record for the worker, and the value it has while all were read. */
  get callTail(): { readonly words: Int32Array; readonly index: number } {
    return { words: this.control, index: CALL_TAIL }
  }

  /** Publishes a result, blocking this thread while the ring is full: the parent reads it in its next turn. */
  writeResult(words: Int32Array, cells: number): void {
    while (this.write(words, 0, cells) < 0) {
      this.ringParent()
      store(this.control, FULL, 1)
      // The parent stores the head and then looks at FULL: either the wait sees the new head, or it gets the notify.
      parkSync(this.control, RESULT_HEAD, this.out.seenHead)
      store(this.control, FULL, 0)
    }
    this.ringParent()
  }

  /** Whether the parent seems to have asked a call to stop since the last time. */
  get seemsCancelled(): boolean {
    return glance(this.control, CANCELS) !== this.#cancelsSeen
  }

  /** Handles the messages in the port if the parent asked a call to stop since the last time. */
  lookForCancels(): void {
    const count = load(this.control, CANCELS)
    if (count === this.#cancelsSeen) return
    this.#cancelsSeen = count
    while (this.takeMessage());
  }

  /**
   * Whether a call was asked to stop lately, even if the message that says why is not here. On Deno it may be on its way
   * through the event loop, where a busy thread cannot take it.
   */
  wasCancelled(serial: number): boolean {
    return this.#cancelsSeen !== 0 && isNoted(this.control, CANCELS, serial)
  }

  #sort(message: Message): void {
    if (message.type === 'values') this.#values.put(message.serial, message.packed)
    else this.#receive(message)
  }

  /** Sends the names that the other side has not been told. Returns false if there is no room for all of them now. */
  #tellKeys(): boolean {
    for (; this.#keysTold < this.#keys.size; this.#keysTold++) {
      const { words, cells } = this.#keys.record(this.#keysTold)
      if (this.out.write(words, 0, cells) < 0) return false
    }
    return true
  }
}
