/**
 * map: a function over inputs, as Python's `Executor.map` with `buffersize`.
 *
 * A pump between three things that go at speeds of their own: the inputs, the workers and the reader. It reads
 * inputs as long as the workers have less than two batches each (one that runs, one that waits beside it, so that no
 * worker waits for the way there and back) and the reader is not too far behind.
 */
import { CancelledError, TimeoutError } from '../errors.ts'
import { nextTurn } from '../platform/turns.ts'
import { type ChunkSize, fixedChunkSize, MeasuredChunkSize } from './chunk-size.ts'
import type { BatchResult, CallOptions, Place, TaskFunction } from './executor.ts'
import { type Columns, Inputs } from './inputs.ts'
import { onAbort } from '../limits/on-abort.ts'
import { failed, ResultQueue, succeeded } from './result-queue.ts'
import { type ResultSource, ResultStream } from './result-stream.ts'
import { alarm } from '../limits/clock.ts'
import { currentScope } from '../limits/scope.ts'

const BATCHES_PER_WORKER = 2
/** How many batches a worker may be ahead of the reader, unless `bufferSize` counts the inputs. */
const UNREAD_PER_WORKER = 4
/**
 * How many inputs the workers may be ahead of one slow call for whose result the reader waits. They would be idle else,
 * which costs more than what they have done meanwhile takes up.
 */
const UNREAD_BEHIND_SLOW_CALL = 4096

/** Starts the map. Throws for what is no iterable, and what the place throws at the first call. */
export function map(
  place: Place,
  fn: TaskFunction,
  iterables: readonly (Iterable<unknown> | AsyncIterable<unknown>)[],
  options: CallOptions,
): ResultStream<unknown> {
  const run = new MapRun(place, fn, new Inputs(iterables), options)
  run.start()
  return new ResultStream(run)
}

class MapRun implements ResultSource {
  readonly #place: Place
  readonly #fn: TaskFunction
  readonly #inputs: Inputs
  readonly #options: CallOptions
  readonly #chunk: ChunkSize
  /** A time limit and a retry belong to one call: calls that have them travel alone, and are no batches at all. */
  readonly #alone: boolean
  readonly #queue: ResultQueue
  /** Undefined: counted in batches, by the size that they have at the moment. */
  readonly #bufferSize: number | undefined
  /** Asks what runs to stop when the map ends early. Each call listens to this one, and only this one to the caller's. */
  readonly #stop = new AbortController()
  #disarm: () => void = () => {}
  #batchesInFlight = 0
  #starting = false
  #filling = false
  /** Rows of asynchronous inputs that wait to become a batch. */
  #rows: unknown[][] = []
  #resumeReading: (() => void) | undefined = undefined

  constructor(place: Place, fn: TaskFunction, inputs: Inputs, options: CallOptions) {
    this.#place = place
    this.#fn = fn
    this.#inputs = inputs
    this.#options = { ...options, signal: this.#stop.signal }
    this.#bufferSize = options.bufferSize
    this.#queue = new ResultQueue(options.unordered === true)
    this.#alone = (options.timeout ?? Infinity) !== Infinity || (options.retries ?? 0) > 0
    this.#chunk = chunkSizeOf(this.#alone ? 1 : options.chunkSize)
    this.#arm(options)
  }

  start(): void {
    if (this.#queue.ended) return
    if (!this.#inputs.synchronous) {
      void this.#readRows()
      return
    }
    this.#starting = true
    try {
      this.#fill()
    } catch (error) {
      this.close().catch(ignore)
      throw error
    }
    this.#starting = false
  }

  next(): Promise<BatchResult | undefined> {
    return this.#queue.next()
  }

  release(): void {
    this.#queue.release()
    this.#fill()
  }

  async close(): Promise<void> {
    this.#queue.clear()
    this.#end(new CancelledError('nobody reads the rest of the map'))
    await this.#inputs.close()
  }

  /** Keeps the workers busy, as far as the reader allows it. */
  #fill(): void {
    // The inputs may be made from results, and come back here while they are read.
    if (this.#filling) return
    this.#filling = true
    try {
      this.#flushRows()
      this.#resumeReading?.()
      if (this.#inputs.synchronous) while (this.#batchesInFlight < this.#mostBatches && this.#sendNext());
    } finally {
      this.#filling = false
    }
  }

  /** Reads a batch and sends it. Returns false if there is none, or no room for one. */
  #sendNext(): boolean {
    const size = this.#batchSize
    if (this.#queue.ended || !this.#mayRead(size)) return false
    const began = performance.now()
    const columns = this.#inputs.read(size)
    if (columns[0]?.length !== 0) this.#sendOrFail(columns, began)
    // Behind the rows in hand: an error of the inputs comes out after the results of what came before it.
    if (this.#inputs.ended) this.#inputsEnded()
    return !this.#inputs.ended
  }

  #inputsEnded(): void {
    const { failure } = this.#inputs
    if (failure === undefined) this.#queue.end()
    else this.#queue.addError(failure.error)
    this.#disarmIfDone()
  }

  /** How many calls go into the next batch. */
  get #batchSize(): number {
    const size = this.#chunk.sizeOf(this.#inputs.left, this.#mostBatches)
    if (this.#bufferSize === undefined) return size
    const auto = typeof this.#options.chunkSize !== 'number'
    return Math.min(size, auto ? Math.max(1, Math.floor(this.#bufferSize / this.#mostBatches)) : this.#bufferSize)
  }

  /** Whether the reader is near enough for `count` more inputs. */
  #mayRead(count: number): boolean {
    const queue = this.#queue
    if (this.#bufferSize === undefined) {
      if (queue.batches < UNREAD_PER_WORKER * this.#place.width) return true
      return queue.readerWaits && queue.items + count <= UNREAD_BEHIND_SLOW_CALL
    }
    return queue.items + this.#rows.length + count <= this.#bufferSize
  }

  get #mostBatches(): number {
    return BATCHES_PER_WORKER * this.#place.width
  }

  /** Sends a batch, which this thread began to prepare at `began`. Throws what the place throws. */
  #send(columns: Columns, began: number): void {
    const length = columns[0]?.length ?? 0
    const future = this.#alone
      ? this.#place.submit(
          this.#fn,
          columns.map(column => column[0]),
          this.#options,
          true,
        )
      : this.#place.batch(this.#fn, columns, this.#options)
    const prepared = performance.now() - began
    const slot = this.#queue.add(length, future)
    this.#batchesInFlight++
    const settle = (result: BatchResult): void => {
      this.#batchesInFlight--
      if (result.failures === undefined) this.#chunk.measured(length, result.elapsed, prepared)
      // Nothing behind the error will be read.
      else this.#inputs.close().catch(ignore)
      this.#queue.settle(slot, result)
      this.#fill()
      this.#disarmIfDone()
    }
    future.then(
      outcome => settle(this.#alone ? succeeded(outcome) : (outcome as BatchResult)),
      (error: unknown) => settle(failed(error)),
    )
  }

  /** One input that cannot be sent must not take the results of those before it along. */
  #sendOrFail(columns: Columns, began: number): void {
    try {
      this.#send(columns, began)
    } catch (error) {
      const length = columns[0]?.length ?? 0
      if (length > 1) {
        for (let row = 0; row < length && !this.#queue.ended; row++) {
          this.#sendOrFail(
            columns.map(column => [column[row]]),
            performance.now(),
          )
        }
        return
      }
      // The first call of all fails as a whole: the function cannot be sent, or the place was shut down.
      if (this.#starting && this.#queue.batches === 0) throw error
      this.#queue.addError(error)
      this.#inputs.close().catch(ignore)
    }
  }

  /** Reads asynchronous inputs one row after the other, as far ahead as the reader allows. */
  async #readRows(): Promise<void> {
    for (;;) {
      while (this.#rows.length >= this.#batchSize || !this.#mayRead(1)) {
        if (this.#queue.ended) return
        await new Promise<void>(resolve => (this.#resumeReading = resolve))
      }
      const row = await this.#inputs.readRow()
      if (this.#queue.ended) return
      if (row === undefined) break
      this.#rows.push(row)
      if (this.#rows.length >= this.#batchSize) this.#flushRows()
      // Rows that come in one turn travel together; the next turn may be far away, so they do not wait for it.
      else if (this.#rows.length === 1) nextTurn(() => this.#flushRows())
    }
    while (this.#rows.length > 0) {
      this.#flushRows()
      if (this.#queue.ended) return
      if (this.#rows.length > 0) await new Promise<void>(resolve => (this.#resumeReading = resolve))
    }
    this.#inputsEnded()
  }

  #flushRows(): void {
    if (this.#rows.length === 0 || this.#batchesInFlight >= this.#mostBatches || this.#queue.ended) return
    const rows = this.#rows
    this.#rows = []
    const columns = (rows[0] ?? []).map((_, column) => rows.map(row => row[column]))
    this.#sendOrFail(columns, performance.now())
  }

  /** Ends the map when its signal aborts, the scope in which it began is cancelled, or its deadline comes. */
  #arm({ signal, deadline = Infinity }: CallOptions): void {
    const cut = (error: Error, reason: unknown): void => {
      this.#queue.cut(error)
      this.#end(reason)
      this.#inputs.close().catch(ignore)
    }
    const cancel = (reason: unknown): void => {
      cut(new CancelledError('the map was cancelled', { cause: reason }), reason)
    }
    const onDeadline = (): void => {
      const error = new TimeoutError('the map was not done before its deadline')
      cut(error, error)
    }
    const scope = currentScope()
    if (signal?.aborted === true) return cancel(signal.reason)
    if (scope?.reason !== undefined) return cancel(scope.reason)
    const stopListening = signal === undefined ? ignore : onAbort(signal, () => cancel(signal.reason))
    const leaveScope = scope === undefined ? ignore : scope.listen(cancel)
    const cancelAlarm = alarm(deadline === Infinity ? Infinity : deadline - Date.now(), onDeadline)
    this.#disarm = () => {
      stopListening()
      leaveScope()
      cancelAlarm()
    }
  }

  #disarmIfDone(): void {
    if (this.#queue.ended && this.#batchesInFlight === 0) this.#disarm()
  }

  /** Asks what still runs to stop, and lets go of the rest. */
  #end(reason: unknown): void {
    this.#disarm()
    if (this.#batchesInFlight > 0) this.#stop.abort(reason)
    this.#rows = []
    this.#resumeReading?.()
  }
}

function chunkSizeOf(chunkSize: number | 'auto' = 'auto'): ChunkSize {
  return chunkSize === 'auto' ? new MeasuredChunkSize() : fixedChunkSize(chunkSize)
}

function ignore(): void {}
