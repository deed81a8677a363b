/** A connection to the parent in another process, at the worker's end. What it is like: stream-parent.ts. */
import { load, sharedWords } from '../memory/atomics.ts'
import { LaneReader, LaneWriter } from '../memory/lane.ts'
import type { RingReader } from '../memory/ring.ts'
import type { ByteStream } from '../platform/byte-stream.ts'
import { fromBytes } from '../platform/serialize.ts'
import type { Port } from '../platform/threads.ts'
import { isNoted } from './cancel-words.ts'
import type { WorkerEnd } from './ends.ts'
import { FastDecoder } from './fast-decoder.ts'
import { FrameReader } from './frame-reader.ts'
import { FrameWriter, HELLO } from './frame-writer.ts'
import type { KeyTable } from './key-table.ts'
import { isWorthLane, receiveLanes, type SentLanes } from './lanes.ts'
import { LocalRing } from './local-ring.ts'
import type { ParentMessage, WorkerMessage } from './message.ts'
import type { Packed } from './pack.ts'
import { parcelOf } from './parcel.ts'
import { CANCELS, Gate, WATCHDOG_WORDS } from './stream-gate.ts'
import { Values } from './values.ts'

const RING_CELLS = 1 << 16

export class StreamWorker implements WorkerEnd {
  readonly bytesOnly = 'process'
  readonly in: RingReader
  readonly decoder: FastDecoder
  /** What the watchdog shares with this thread. */
  readonly words: Int32Array<SharedArrayBuffer> = sharedWords(WATCHDOG_WORDS)
  /** Called when records have come. */
  wake: () => void = () => {}
  readonly #calls = new LocalRing(RING_CELLS)
  readonly #gate = new Gate(this.words)
  readonly #data: ByteStream
  readonly #writer: FrameWriter
  readonly #reader = new FrameReader({
    record: (bytes, cells) => this.#calls.take(bytes, cells),
    message: (bytes, buffers) => this.#sort(fromBytes(bytes, buffers) as ParentMessage),
    hello: () => {},
  })
  #hasAskedForLanes = false
  readonly #keys: KeyTable
  readonly #fromWatchdog: Port
  #keysTold = 0
  readonly #values = new Values()
  #receive: (message: ParentMessage) => void = () => {}
  #cancelsSeen = 0

  /** `fromWatchdog`: the way by which the watchdog hands on requests to stop. `gone`: called when the parent has ended. */
  constructor(data: ByteStream, fromWatchdog: Port, keys: KeyTable, hello: Uint8Array) {
    this.in = this.#calls.reader
    this.decoder = new FastDecoder(this.in.cells)
    this.#data = data
    this.#fromWatchdog = fromWatchdog
    this.#writer = new FrameWriter(data)
    this.#keys = keys
    this.#writer.message(hello, HELLO)
    this.#writer.flush()
  }

  listen(receive: (message: never) => void, fail: (error: Error) => void): void {
    this.#receive = receive as (message: ParentMessage) => void
    const reader = this.#reader
    this.#fromWatchdog.listen(message => this.#receive(fromBytes(message as Uint8Array) as ParentMessage), fail)
    this.#data.listen(
      bytes => {
        try {
          reader.read(bytes)
        } catch (error) {
          fail(error as Error)
        }
        this.wake()
      },
      () => fail(new Error('the parent has gone')),
      () => reader.target,
    )
  }

  claim(): boolean {
    return this.#gate.open()
  }

  whenValues(serial: number): Packed | Promise<Packed> {
    return this.#values.take(serial) ?? this.#values.expect(serial)
  }

  /** Only of what the watchdog hands on: the stream itself comes through the event loop. */
  takeMessage(): boolean {
    const bytes = this.#fromWatchdog.take()
    if (bytes === undefined) return false
    this.#receive(fromBytes(bytes as Uint8Array) as ParentMessage)
    return true
  }

  post(message: WorkerMessage, _transfer?: readonly unknown[], large?: ReadonlySet<ArrayBuffer>): void {
    if (isWorthLane(large)) this.#askForLanes()
    this.#writer.parcel(parcelOf(message, large))
    // With the record that follows.
    if (message.type !== 'values') this.#writer.flush()
  }

  writeResult(words: Int32Array, cells: number): void {
    for (; this.#keysTold < this.#keys.size; this.#keysTold++) {
      const key = this.#keys.record(this.#keysTold)
      key.words[0] = key.cells
      this.#writer.record(key.words, 0, key.cells)
    }
    this.#writer.record(words, 0, cells)
    // Not together with the next: that may take long, and what is answered is known not to run.
    this.#writer.flush()
  }

  tellLent(lent: number): void {
    this.post({ type: 'lent', lent })
  }

  get seemsCancelled(): boolean {
    return load(this.words, CANCELS) !== this.#cancelsSeen
  }

  lookForCancels(): void {
    const count = load(this.words, CANCELS)
    if (count === this.#cancelsSeen) return
    this.#cancelsSeen = count
    while (this.takeMessage());
  }

  wasCancelled(serial: number): boolean {
    return this.#cancelsSeen !== 0 && isNoted(this.words, CANCELS, serial)
  }

  /** Gives the room of what was read to records that have come since. */
  release(): void {
    this.#calls.release()
  }

  close(): void {
    this.#data.close()
  }

  #sort(message: ParentMessage): void {
    if (message.type === 'values') this.#values.put(message.serial, message.packed)
    else if (message.type === 'lanes') this.#openLanes(message.lanes)
    else this.#receive(message)
  }

  #askForLanes(): void {
    if (this.#hasAskedForLanes) return
    this.#hasAskedForLanes = true
    this.post({ type: 'lanes', has: false })
  }

  #openLanes(sent: SentLanes): void {
    this.#hasAskedForLanes = true
    const lanes = receiveLanes(sent)
    if (lanes === undefined) return
    this.#reader.lane = new LaneReader(lanes.calls)
    this.#writer.lane = new LaneWriter(lanes.results)
    this.post({ type: 'lanes', has: true })
  }
}
