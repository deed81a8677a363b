/** How much memory a ring of items may have. */
import { count, type Rule } from '../options/option-rules.ts'
import { LARGEST_RING_BYTES } from './record-ring.ts'

const LEAST = 1024

/** A rule for options: bytes. */
export const checkRingBytes: Rule = (value, name) => {
  count(LEAST)(value, name)
  if ((value as number) > LARGEST_RING_BYTES) {
    throw new RangeError(`${name} must be at most ${LARGEST_RING_BYTES}, not ${value as number}`)
  }
}
