/**
 * A connection to a worker in another process, at the parent's end: two streams of bytes.
 *
 * Calls go by the first when the worker is ready for them (call-sender.ts), and what comes of them comes back there. The
 * second goes to the watchdog of the process, which answers though the worker is busy.
 *
 * Who settles what was sent? Its answer; else the end of the process, which closes the streams.
 */
import { LaneReader, LaneWriter } from '../memory/lane.ts'
import type { RingReader, RingWriter } from '../memory/ring.ts'
import type { ByteStream } from '../platform/byte-stream.ts'
import { fromBytes, toBytes } from '../platform/serialize.ts'
import { CallSender } from './call-sender.ts'
import type { ParentEnd } from './ends.ts'
import { FastDecoder } from './fast-decoder.ts'
import { FrameReader } from './frame-reader.ts'
import { FrameWriter, HELLO } from './frame-writer.ts'
import type { KeyTable } from './key-table.ts'
import { isWorthLane, makeLanes } from './lanes.ts'
import { LocalRing } from './local-ring.ts'
import type { ParentMessage, WatchdogAnswer, WorkerMessage } from './message.ts'
import type { Packed } from './pack.ts'
import { parcelOf } from './parcel.ts'
import * as record from './record.ts'
import { Values } from './values.ts'

/** 512 KiB, as between threads. */
const RING_CELLS = 1 << 16

export interface Streams {
  readonly data: ByteStream
  readonly control: ByteStream
  /** What the other side has to say first. */
  readonly hello: Uint8Array
}

export class StreamParent implements ParentEnd {
  readonly bytesOnly = 'process'
  readonly out: RingWriter
  readonly in: RingReader
  readonly decoder: FastDecoder
  readonly #calls: CallSender
  readonly #results = new LocalRing(RING_CELLS)
  readonly #data: ByteStream
  readonly #writer: FrameWriter
  readonly #reader = new FrameReader({
    record: (bytes, cells) => this.#take(bytes, cells),
    message: (bytes, buffers) => this.#sort(fromBytes(bytes, buffers) as WorkerMessage),
    hello: bytes => this.#greet(bytes),
  })
  /** That of the calls, which the worker may not have yet. */
  #lane: LaneWriter | undefined
  #hasOffered = false
  readonly #hello: Uint8Array
  readonly #streams: Streams
  readonly #keys: KeyTable
  #keysTold = 0
  /** Values of results that are not read. */
  readonly #values = new Values()
  #greeted = false
  #receive: (message: WorkerMessage) => void = () => {}

  constructor(streams: Streams, keys: KeyTable) {
    this.#writer = new FrameWriter(streams.data)
    this.#calls = new CallSender(this.#writer, new FrameWriter(streams.control), records => {
      this.#receive({ type: 'returned', records })
    })
    this.out = this.#calls.ring.writer
    this.in = this.#results.reader
    this.decoder = new FastDecoder(this.in.cells)
    this.#streams = streams
    this.#data = streams.data
    this.#hello = streams.hello
    this.#keys = keys
    this.#writer.message(streams.hello, HELLO)
  }

  listen(receive: (message: never) => void, fail: (error: Error) => void): void {
    this.#receive = receive as (message: WorkerMessage) => void
    const results = this.#reader
    const answers = new FrameReader({
      record: unexpected,
      message: bytes => this.#calls.recalled(fromBytes(bytes) as WatchdogAnswer),
      hello: unexpected,
    })
    const failing = (read: () => void) => {
      try {
        read()
      } catch (error) {
        fail(error instanceof Error ? error : new Error(String(error)))
      }
    }
    this.#data.listen(
      bytes => failing(() => this.#read(results, bytes)),
      () => {},
      () => results.target,
    )
    this.#streams.control.listen(
      bytes => failing(() => answers.read(bytes)),
      () => {},
    )
  }

  write(words: Int32Array, from: number, cells: number): number {
    for (; this.#keysTold < this.#keys.size; this.#keysTold++) {
      const key = this.#keys.record(this.#keysTold)
      if (this.out.write(key.words, 0, key.cells) < 0) return -1
    }
    return this.out.write(words, from, cells)
  }

  /** Values wait here until their record is sent: it may be taken back before. */
  post(message: ParentMessage, _transfer?: readonly unknown[], large?: ReadonlySet<ArrayBuffer>): void {
    if (message.type === 'values') {
      if (isWorthLane(large)) this.#offerLanes()
      this.#calls.keepValues(message.serial, parcelOf(message, large))
    } else if (message.type === 'cancel') this.#calls.tellWatchdog(message)
    else {
      this.#writer.message(toBytes(message))
      this.#writer.flush()
    }
  }

  takeValues(serial: number): Packed | undefined {
    return this.#values.take(serial)
  }

  /** There is none: messages are handled when they come. */
  takeMessage(): boolean {
    return false
  }

  /** Does not wait until the worker is ready: what is sent before is kept there. */
  begin(): void {
    this.#calls.begin()
  }

  wakeForRecord(): void {
    this.#calls.sendSoon()
  }

  wakeForMessage(): void {}

  /** No process blocks for this one. */
  tellNews(): void {}

  releaseResults(): void {
    this.#results.release()
    if (!this.#results.isFull) this.#data.resume()
  }

  exitCode(): undefined {
    return undefined
  }

  countCancel(serial: number): void {
    if (this.isBehind(serial)) this.#calls.recall()
  }

  recordOf(position: number, serial: number): Int32Array {
    return this.#calls.sent.recordOf(serial) ?? this.out.copyOf(position)
  }

  isBehind(serial: number): boolean {
    return this.#calls.sent.isBehind(serial)
  }

  close(): void {
    this.#data.close()
    this.#streams.control.close()
  }

  // ── results ──

  #read(reader: FrameReader, bytes: Uint8Array): void {
    const before = this.#calls.sent.size
    reader.read(bytes)
    this.#calls.answered(before - this.#calls.sent.size)
    if (this.#results.isFull) this.#data.pause()
    if (this.in.peek() >= 0) this.#receive({ type: 'wake' })
  }

  #take(bytes: Uint8Array, cells: number): void {
    if (!this.#greeted) throw new RangeError('it did not say which version it is')
    this.#results.take(bytes, cells)
    const head = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const kind = head.getInt32(record.KIND * 4, true) & 0xff
    if (isAnswer(kind)) this.#calls.sent.answered(head.getInt32(record.SERIAL * 4, true))
  }

  #sort(message: WorkerMessage): void {
    if (!this.#greeted) throw new RangeError('it did not say which version it is')
    if (message.type === 'lent') {
      this.#calls.sent.lent = message.lent
      this.#calls.send()
    } else if (message.type === 'values') {
      this.#values.put(message.serial, message.packed)
    } else if (message.type === 'lanes') {
      if (message.has) this.#writer.lane = this.#lane
      else this.#offerLanes()
    } else {
      this.#receive(message)
      if (message.type === 'ready') this.#calls.begin()
    }
  }

  #offerLanes(): void {
    if (this.#hasOffered) return
    this.#hasOffered = true
    const made = makeLanes()
    if (made === undefined) return
    this.#lane = new LaneWriter(made.lanes.calls)
    this.#reader.lane = new LaneReader(made.lanes.results)
    this.post({ type: 'lanes', lanes: made.sent })
  }

  #greet(bytes: Uint8Array): void {
    const [ours, theirs] = [this.#hello, bytes].map(each => new TextDecoder().decode(each))
    if (ours !== theirs) {
      throw new Error(
        `it runs ${theirs}, and this program ${ours}: the package was replaced while the program ran; start it again`,
      )
    }
    this.#greeted = true
  }
}

function isAnswer(kind: number): boolean {
  return kind === record.RESULT || kind === record.FAILURE || kind === record.BATCH
}

function unexpected(): never {
  throw new RangeError('what it sent belongs on the other stream')
}
