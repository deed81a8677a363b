/** pipe: two ends, for two threads that have something to tell each other. */
import { checkOptions, ofType } from '../options/option-rules.ts'
import type { PrimitiveOptions } from '../sync/options.ts'
import { type Connection, placeOf } from './connection.ts'
import { Duct } from './duct.ts'
import { checkRingBytes } from './ring-bytes.ts'

export interface PipeOptions extends PrimitiveOptions {
  /** Whether both ends send and receive. If not, the first only receives and the second only sends. Default: true. */
  readonly duplex?: boolean | undefined
  /**
   * How much memory the messages of each direction share, in bytes: a whole number from 1024, rounded up to a power of
   * two. A message that is larger goes through in pieces, while it is received. Default: 65536 (64 KiB).
   */
  readonly bytes?: number | undefined
}

const DEFAULT_BYTES = 2 ** 16

/**
 * Makes a pipe and returns its two ends, of which one is then sent to another thread: `const [here, there] = pipe()`.
 * `A` is what the first end sends, `B` what the second sends. Python's `multiprocessing.Pipe`.
 * Throws TypeError and RangeError for options that are none.
 */
export function pipe<A = unknown, B = A>(options: PipeOptions = {}): [Connection<A, B>, Connection<B, A>] {
  const rules = { name: ofType('string', 'a string'), duplex: ofType('boolean', 'a boolean'), bytes: checkRingBytes }
  const { name = '', duplex = true, bytes = DEFAULT_BYTES } = checkOptions(options, rules, 'a pipe')
  const duct = Duct.make(name, duplex, bytes)
  return [placeOf(duct, 0).connection as Connection<A, B>, placeOf(duct, 1).connection as Connection<B, A>]
}
