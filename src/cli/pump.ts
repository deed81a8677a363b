/**
 * The pump between three things that each have a speed of their own: the inputs, the executor and the results.
 *
 * Not `executor.map`, whose first error ends it: a command has to know what became of each input, also when its worker
 * died or its time was up, and go on. As there, inputs are read while the executor has less than it can use, and while the
 * results are not too far behind. However many inputs there are, what is held of them is bounded.
 */
import type { Caller, CallResult } from './call.ts'
import type { ChunkSize } from './chunk-size.ts'
import type { Input, InputSource } from './inputs.ts'
import type { Outcome } from './result-line.ts'

/** How far results may be ahead of a slow one that has to come first: in chunks, and in characters (some 64 MB). */
const MOST_AHEAD = 100_000
const MOST_LENGTH = 1 << 25
/** How long calls that run beside one that failed may take to end by themselves, in ms. */
const RESPITE = 500

export interface PumpOptions {
  readonly caller: Caller
  readonly inputs: InputSource
  /** The most chunks that are to be with the executor. */
  readonly mostInFlight: number
  readonly chunkSize: ChunkSize
  /** Results as they come, instead of in the order of the inputs. */
  readonly unordered: boolean
  /** Go on behind inputs that failed. */
  readonly keepGoing: boolean
  /** Aborted when calls are to be cancelled: from outside, or here a little after the first failure. */
  readonly stop: AbortController
  /** How long calls that were asked to stop may take, in ms. */
  readonly patience: number
  /** Told of outcomes when they come back. */
  readonly landed: (outcomes: readonly Outcome[]) => void
  /** Takes outcomes, each once, in the order in which they are to be written. */
  readonly deliver: (outcomes: readonly Outcome[]) => void
  /** Resolves when there is room for more outcomes. */
  readonly room: () => Promise<void>
}

/** A chunk of inputs between its sending and its delivery. */
interface Flight {
  result: CallResult | undefined
  /** Of its results, in characters. */
  length: number
}

export class Pump {
  readonly #options: PumpOptions
  /** What is not delivered, in the order of the inputs. */
  readonly #flights = new Set<Flight>()
  #inFlight = 0
  /** Of the results that have come back and wait for others, in characters. */
  #length = 0
  #error: { readonly reason: unknown } | undefined
  /** Runs from the first failure that ends the run: no more input is taken. */
  #respite: NodeJS.Timeout | undefined
  /** Ends the wait for a change in what is above. */
  #changed: () => void = () => {}

  constructor(options: PumpOptions) {
    this.#options = options
  }

  /**
   * Resolves when all inputs have been delivered; or after an abort, when what was running has ended and what came of
   * it has been delivered. Rejects if the inputs cannot be read or the executor is broken.
   */
  async run(): Promise<void> {
    const { inputs } = this.#options
    const { signal } = this.#options.stop
    const wake = (): void => this.#changed()
    signal.addEventListener('abort', wake)
    try {
      await this.#send()
      await this.#land()
    } finally {
      signal.removeEventListener('abort', wake)
      clearTimeout(this.#respite)
      inputs.close()
    }
    this.#deliverRest()
    if (this.#error !== undefined) throw this.#error.reason
  }

  /** Chunks that are with the executor. */
  get inFlight(): number {
    return this.#inFlight
  }

  /** Whether no more input is to be taken. */
  get #closed(): boolean {
    return this.#respite !== undefined || this.#options.stop.signal.aborted
  }

  async #send(): Promise<void> {
    const { mostInFlight, room } = this.#options
    while (!this.#closed) {
      const isAhead = this.#flights.size >= MOST_AHEAD || this.#length >= MOST_LENGTH
      if (this.#inFlight >= mostInFlight || isAhead) await this.#change()
      else {
        await room()
        const inputs = await this.#read()
        if (inputs === undefined) return
        this.#launch(inputs)
      }
    }
  }

  /** The next chunk, undefined at the end or when the run is stopped: a pipe may never give another line. */
  async #read(): Promise<readonly Input[] | undefined> {
    const { inputs, chunkSize } = this.#options
    let batch: readonly Input[] | undefined
    const reading = inputs.read(chunkSize.size).then(
      read => (batch = read),
      (reason: unknown) => this.#fail(reason),
    )
    void reading.finally(() => this.#changed())
    while (batch === undefined && !this.#closed) await this.#change()
    return this.#closed || batch?.length === 0 ? undefined : batch
  }

  #launch(inputs: readonly Input[]): void {
    const { caller, chunkSize, keepGoing, landed, unordered } = this.#options
    const flight: Flight = { result: undefined, length: 0 }
    this.#flights.add(flight)
    this.#inFlight++
    const land = (result: CallResult): void => {
      this.#inFlight--
      flight.result = result
      flight.length = lengthOf(result)
      this.#length += flight.length
      landed(result.outcomes)
      if (result.elapsed !== undefined) chunkSize.measured(result.outcomes.length, result.elapsed)
      if (!keepGoing && result.outcomes.some(({ result: each }) => typeof each !== 'string')) this.#close()
      if (unordered) this.#deliver(flight)
      else this.#deliverInOrder()
      this.#changed()
    }
    caller.call(inputs).then(land, (reason: unknown) => {
      this.#fail(reason)
      land({ outcomes: [], elapsed: undefined })
    })
  }

  #deliverInOrder(): void {
    for (const flight of this.#flights) {
      if (flight.result === undefined) return
      this.#deliver(flight)
    }
  }

  #deliver(flight: Flight): void {
    this.#flights.delete(flight)
    this.#length -= flight.length
    if (flight.result !== undefined) this.#options.deliver(flight.result.outcomes)
  }

  /** What has come back behind something that never did. */
  #deliverRest(): void {
    for (const flight of this.#flights) this.#deliver(flight)
  }

  /** Waits for all that is in flight; after a stop, no longer than is reasonable. */
  async #land(): Promise<void> {
    let late = false
    let timer: NodeJS.Timeout | undefined
    while (this.#inFlight > 0 && !late) {
      if (this.#options.stop.signal.aborted) {
        timer ??= setTimeout(() => {
          late = true
          this.#changed()
        }, this.#options.patience)
      }
      await this.#change()
    }
    clearTimeout(timer)
  }

  /** Takes no more input. Calls that are about to end anyway should not be lost for the one that failed. */
  #close(): void {
    this.#respite ??= setTimeout(() => this.#options.stop.abort(), RESPITE)
  }

  #fail(reason: unknown): void {
    this.#error ??= { reason }
    this.#options.stop.abort()
  }

  #change(): Promise<void> {
    return new Promise(resolve => (this.#changed = resolve))
  }
}

function lengthOf({ outcomes }: CallResult): number {
  let length = 0
  for (const { input, result } of outcomes) {
    length += input.text.length + (typeof result === 'string' ? result.length : result.json.length)
  }
  return length
}
