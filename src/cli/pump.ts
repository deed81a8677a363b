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

/** How many chunks may be ahead of one that is slow, whose results have to come first. */
const LEAD = 256

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
  /** Aborted when the run is to end early: from outside, or here by the first failure. */
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
}

export class Pump {
  readonly #options: PumpOptions
  /** What is not delivered, in the order of the inputs. */
  readonly #flights = new Set<Flight>()
  #inFlight = 0
  #error: { readonly reason: unknown } | undefined
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
      inputs.close()
    }
    this.#deliverRest()
    if (this.#error !== undefined) throw this.#error.reason
  }

  /** Chunks that are with the executor. */
  get inFlight(): number {
    return this.#inFlight
  }

  get #stopped(): boolean {
    return this.#options.stop.signal.aborted
  }

  async #send(): Promise<void> {
    const { mostInFlight, room } = this.#options
    while (!this.#stopped) {
      if (this.#inFlight >= mostInFlight || this.#flights.size >= LEAD) await this.#change()
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
    while (batch === undefined && !this.#stopped) await this.#change()
    return this.#stopped || batch?.length === 0 ? undefined : batch
  }

  #launch(inputs: readonly Input[]): void {
    const { caller, chunkSize, keepGoing, landed, deliver, stop, unordered } = this.#options
    const flight: Flight = { result: undefined }
    this.#flights.add(flight)
    this.#inFlight++
    const land = (result: CallResult): void => {
      this.#inFlight--
      flight.result = result
      landed(result.outcomes)
      if (result.elapsed !== undefined) chunkSize.measured(result.outcomes.length, result.elapsed)
      if (!keepGoing && result.outcomes.some(({ result: each }) => typeof each !== 'string')) stop.abort()
      if (unordered) {
        this.#flights.delete(flight)
        deliver(result.outcomes)
      } else this.#deliverInOrder()
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
      this.#flights.delete(flight)
      this.#options.deliver(flight.result.outcomes)
    }
  }

  /** What has come back behind something that never did. */
  #deliverRest(): void {
    for (const { result } of this.#flights) if (result !== undefined) this.#options.deliver(result.outcomes)
    this.#flights.clear()
  }

  /** Waits for all that is in flight; after a stop, no longer than is reasonable. */
  async #land(): Promise<void> {
    let late = false
    let timer: NodeJS.Timeout | undefined
    while (this.#inFlight > 0 && !late) {
      if (this.#stopped) {
        timer ??= setTimeout(() => {
          late = true
          this.#changed()
        }, this.#options.patience)
      }
      await this.#change()
    }
    clearTimeout(timer)
  }

  #fail(reason: unknown): void {
    this.#error ??= { reason }
    this.#options.stop.abort()
  }

  #change(): Promise<void> {
    return new Promise(resolve => (this.#changed = resolve))
  }
}
