/**
 * Mailbox: a thread asks another for everything it does to shared memory, one request at a time, and sleeps until it is
 * answered. So whoever answers decides when the thread goes on. It stands beside the hook, not behind it.
 */
import type { Bits } from './atomics.ts'

/* What the thread is doing. */
export const RUNS = 0
export const ASKS = 1
export const RESTS = 2
export const HAS_ENDED = 3
export const HAS_THROWN = 4

const STATE = 0
const STOPS = 1
/** What is asked: seven numbers. */
const REQUEST = 2
const KIND = 9
/** The first of three values, of which each has a place as a number and one as a bigint. */
const VALUES = 16
const TEXT_LENGTH = 10
const TEXT_BYTES = 4096
const BYTES = 128 + TEXT_BYTES

export class Mailbox {
  readonly memory: SharedArrayBuffer
  readonly #words: Int32Array
  readonly #numbers: Float64Array
  readonly #bigs: BigInt64Array
  readonly #text: Uint8Array

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(BYTES)) {
    this.memory = memory
    this.#words = new Int32Array(memory, 0, VALUES)
    this.#numbers = new Float64Array(memory, 64, 4)
    this.#bigs = new BigInt64Array(memory, 96, 4)
    this.#text = new Uint8Array(memory, 128, TEXT_BYTES)
  }

  get state(): number {
    return Atomics.load(this.#words, STATE)
  }

  /** Blocks until the state is another. At most `timeout` ms: returns whether it is. */
  waitWhile(state: number, timeout: number = Infinity): boolean {
    while (Atomics.load(this.#words, STATE) === state) {
      if (Atomics.wait(this.#words, STATE, state, timeout) === 'timed-out') return false
    }
    return true
  }

  set(state: number): void {
    Atomics.store(this.#words, STATE, state)
    Atomics.notify(this.#words, STATE)
  }

  /** Whether the thread is to leave its body. */
  get stops(): boolean {
    return Atomics.load(this.#words, STOPS) !== 0
  }

  set stops(stops: boolean) {
    Atomics.store(this.#words, STOPS, stops ? 1 : 0)
  }

  /** One of the numbers of a request. They are written before the state is set, and read after it. */
  request(at: number): number {
    return this.#words[REQUEST + at]!
  }

  writeRequest(at: number, value: number): void {
    this.#words[REQUEST + at] = value
  }

  /** A value, as the one kind or the other; undefined if there is none. */
  value(at: number): Bits | undefined {
    const kind = (this.#words[KIND]! >>> (2 * at)) & 3
    return kind === 0 ? undefined : kind === 1 ? this.#numbers[at] : this.#bigs[at]
  }

  writeValue(at: number, value: Bits | undefined): void {
    const kind = value === undefined ? 0 : typeof value === 'number' ? 1 : 2
    this.#words[KIND] = (this.#words[KIND]! & ~(3 << (2 * at))) | (kind << (2 * at))
    if (typeof value === 'number') this.#numbers[at] = value
    else if (value !== undefined) this.#bigs[at] = value
  }

  get text(): string {
    return new TextDecoder().decode(this.#text.slice(0, this.#words[TEXT_LENGTH]))
  }

  set text(text: string) {
    const bytes = new TextEncoder().encode(text).subarray(0, TEXT_BYTES)
    this.#text.set(bytes)
    this.#words[TEXT_LENGTH] = bytes.length
  }
}
