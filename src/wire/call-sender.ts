/**
 * What decides when a call leaves for a worker in another process.
 *
 * Calls wait in a ring of this thread, where they can be taken back, until the worker seems to be ready for them (pace.ts).
 * Then they are moved to the stream. When a call takes long, those that were sent behind it are asked for, and the watchdog
 * of the process gives them back (stream-gate.ts).
 */
import { beforeBlocking } from '../memory/parking-lot.ts'
import { claim } from '../memory/ring.ts'
import { toBytes } from '../platform/serialize.ts'
import type { FrameWriter } from './frame-writer.ts'
import { LocalRing } from './local-ring.ts'
import type { WatchdogAnswer, WatchdogMessage } from './message.ts'
import type { Parcel } from './parcel.ts'
import { Pace } from './pace.ts'
import * as record from './record.ts'
import { SentCalls } from './sent-calls.ts'

/** 512 KiB, as between threads. */
const RING_CELLS = 1 << 16
/** Milliseconds that a call may take before those that were sent behind it are asked for. */
const PATIENCE = 5

/** Those that are about to send something. */
const unsent = new Set<CallSender>()

function sendAll(): void {
  for (const each of unsent) each.send()
}

export class CallSender {
  readonly ring: LocalRing = new LocalRing(RING_CELLS)
  readonly sent: SentCalls = new SentCalls()
  readonly #writer: FrameWriter
  readonly #control: FrameWriter
  readonly #returned: (records: readonly Int32Array[]) => void
  readonly #pace = new Pace()
  /** Values of calls that are not sent. */
  readonly #values = new Map<number, Parcel>()
  /** The worker takes calls: before that they are better off here. */
  #begun = false
  #sending = false
  #recalling = false
  #watching = false

  /** `returned` is called with the records of calls that came back. */
  constructor(writer: FrameWriter, control: FrameWriter, returned: (records: readonly Int32Array[]) => void) {
    this.#writer = writer
    this.#control = control
    this.#returned = returned
  }

  /** The worker is ready. */
  begin(): void {
    this.#begun = true
    this.send()
  }

  /** Keeps the values of a call until its record is sent: it may be taken back before. */
  keepValues(serial: number, values: Parcel): void {
    this.#values.set(serial, values)
  }

  /** Not at once: who submits may take the call back in the same breath. */
  sendSoon(): void {
    if (this.#sending) return
    this.#sending = true
    unsent.add(this)
    beforeBlocking(sendAll)
    queueMicrotask(this.#sendNow)
  }

  readonly #sendNow = (): void => {
    this.#sending = false
    unsent.delete(this)
    this.send()
  }

  /** So many answers have come. */
  answered(count: number): void {
    if (count === 0) return
    this.#pace.answered(count)
    // Before they are settled: the worker may be waiting for more, and that takes a moment.
    this.send()
  }

  /** Sends what the worker is ready for. */
  send(): void {
    const { reader } = this.ring
    if (this.sent.size === 0) this.#pace.begin()
    while (this.#begun && !this.#recalling) {
      const word = reader.peek()
      if (word < 0 || !this.#sendOne(word)) break
    }
    reader.release()
    this.#writer.flush()
    if (this.sent.behind > 0) this.#watch()
  }

  /** Returns false if the record has to wait. */
  #sendOne(word: number): boolean {
    const { reader } = this.ring
    const { words } = reader.cells
    const serial = words[word + record.SERIAL]!
    const isCall = (words[word + record.KIND]! & 0xff) !== record.KEYS
    if (isCall) {
      if (this.sent.size - this.sent.lent >= this.#pace.window) return false
      const values = this.#values.get(serial)
      this.#values.delete(serial)
      if (!claim(reader.cells, word, record.WAITING, record.CLAIMED)) {
        reader.advance()
        return true
      }
      if (values !== undefined) this.#writer.parcel(values)
      this.sent.add(words, word)
    }
    this.#writer.record(words, word, words[word]!)
    reader.advance()
    return true
  }

  /** Looks after a while whether the calls that were sent behind another have begun. */
  #watch(): void {
    if (this.#watching) return
    this.#watching = true
    const { count, size } = this.sent
    const timer = setTimeout(() => {
      this.#watching = false
      const answers = this.sent.count !== count || this.sent.size !== size
      if (answers && this.sent.behind > 0) this.#watch()
      else if (this.sent.behind > 0) this.recall()
    }, PATIENCE)
    // Who waits for the calls keeps the program alive.
    if (typeof timer === 'object') timer.unref()
  }

  /** Asks for the calls that have not begun. */
  recall(): void {
    if (this.#recalling) return
    this.#recalling = true
    this.tellWatchdog({ type: 'recall', count: this.sent.count })
  }

  /** The watchdog has answered. */
  recalled({ first }: WatchdogAnswer): void {
    this.#recalling = false
    const records = this.sent.takeFrom(first)
    // Else they had all begun, and only this thread was slow to hear of it.
    if (records.length > 0) this.#pace.slow()
    this.#returned(records)
    this.send()
  }

  tellWatchdog(message: WatchdogMessage): void {
    this.#control.message(toBytes(message))
    this.#control.flush()
  }
}
