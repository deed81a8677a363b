/** Values that came beside their records, until both are here. A stream has several under one serial, in their order. */
import type { Packed } from './pack.ts'

export class Values {
  /** Those that came before their record was read. */
  readonly #waiting = new Map<number, Packed[]>()
  /** Who waits for values of which the record was read before. */
  readonly #expected = new Map<number, (packed: Packed) => void>()

  put(serial: number, packed: Packed): void {
    const expected = this.#expected.get(serial)
    const waiting = this.#waiting.get(serial)
    if (waiting !== undefined) waiting.push(packed)
    else if (expected === undefined) this.#waiting.set(serial, [packed])
    else {
      this.#expected.delete(serial)
      expected(packed)
    }
  }

  /** Undefined if there are none now. */
  take(serial: number): Packed | undefined {
    const waiting = this.#waiting.get(serial)
    const packed = waiting?.shift()
    if (waiting?.length === 0) this.#waiting.delete(serial)
    return packed
  }

  /** Those that come next under the serial. */
  expect(serial: number): Promise<Packed> {
    return new Promise(resolve => this.#expected.set(serial, resolve))
  }
}
