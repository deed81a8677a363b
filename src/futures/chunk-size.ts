/**
 * How many calls of a map travel together.
 *
 * A batch has a price of its own, some 10 to 50 us for the way there and back, so tiny calls have to share it. But
 * a batch that runs for long keeps its place from the others, delays the first results, and at the end of the inputs
 * leaves one worker with work while the rest have none. Batches of about 1 ms avoid both: the price is a few
 * percent, and the imbalance at the end no more than that millisecond.
 *
 * The time of a call is not known before it has run, so the first batches are single calls and the size grows from
 * what was measured. It grows by a factor, because one measurement may be wrong, and shrinks at once, because
 * calls that have become slow are felt.
 */

/** The time that a batch is to take, in ms. */
const TARGET = 1

/** Calls of no time at all still take memory: 8192 numbers are 64 KiB. */
const LARGEST = 8192

const GROWTH = 8

export interface ChunkSize {
  /** The most calls for the next batch. */
  readonly size: number
  /** A batch of `length` calls took `elapsed` ms. */
  measured(length: number, elapsed: number): void
}

export function fixedChunkSize(size: number): ChunkSize {
  return { size, measured: () => {} }
}

export class MeasuredChunkSize implements ChunkSize {
  size = 1

  measured(length: number, elapsed: number): void {
    // Rounded so that half a millisecond a call, of which two would fill the target, still gives 1.
    const wanted = Math.min(LARGEST, Math.max(1, Math.ceil((TARGET * length) / elapsed) - 1))
    if (wanted < this.size) this.size = wanted
    // A small batch may still come back after the size has grown: it says nothing about growing further.
    else this.size = Math.max(this.size, Math.min(wanted, length * GROWTH))
  }
}
