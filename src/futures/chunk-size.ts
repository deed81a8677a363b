/**
 * How many calls of a map travel together.
 *
 * A batch has a price of its own: on as many cores as workers, the main thread that fetches its results takes some 50 us
 * from one of them, and may have to wait some milliseconds for its turn, in which the worker needs another batch to run.
 * But a batch that runs for long keeps its place from the others, and delays the first results. Batches of about 4 ms
 * avoid both: with 1 ms the price was 5 % of all time (measured on 2 cores).
 *
 * The time of a call is not known before it has run, so the first batches are single calls and the size grows from
 * what was measured. It grows by a factor, because one measurement may be wrong, and shrinks at once, because
 * calls that have become slow are felt.
 *
 * Towards an end that is known the batches become smaller again, so that the workers end together: each takes a share of
 * what is left. (Guided self-scheduling, as OpenMP's `schedule(guided)`.)
 */

/** The time that a batch is to take where it runs, in ms. */
const TARGET = 4

/** The time for which this thread may be busy to read and encode one, in ms: its timers and all other calls wait for it. */
const LONGEST_PREPARATION = 1

/** What takes less than this, in ms, is the price of the batch and not of the calls in it: it does not grow with them. */
const FIXED_PREPARATION = 0.125

/** Calls of no time at all still take memory: 8192 numbers are 64 KiB. */
const LARGEST = 8192

const GROWTH = 8

/** Batches do not shrink below this part of their size: then the price would be higher than the gain. */
const SMALLEST_SHARE = 1 / 8

export interface ChunkSize {
  /** The most calls for the next batch. */
  readonly size: number
  /** The same if only `left` calls are left, which `batches` batches at a time may share. */
  sizeOf(left: number, batches: number): number
  /** A batch of `length` calls took `elapsed` ms to run, and `prepared` ms of this thread to make. */
  measured(length: number, elapsed: number, prepared: number): void
}

export function fixedChunkSize(size: number): ChunkSize {
  return { size, sizeOf: () => size, measured: () => {} }
}

export class MeasuredChunkSize implements ChunkSize {
  size = 1

  sizeOf(left: number, batches: number): number {
    return Math.min(this.size, Math.ceil(Math.max(left / (2 * batches), this.size * SMALLEST_SHARE)))
  }

  measured(length: number, elapsed: number, prepared: number): void {
    const batches = Math.max(elapsed / TARGET, prepared > FIXED_PREPARATION ? prepared / LONGEST_PREPARATION : 0)
    // Rounded so that half the target for a call, of which two would fill it, still gives 1.
    const wanted = Math.min(LARGEST, Math.max(1, Math.ceil(length / batches) - 1))
    if (wanted < this.size) this.size = wanted
    // A small batch may still come back after the size has grown: it says nothing about growing further.
    else this.size = Math.max(this.size, Math.min(wanted, length * GROWTH))
  }
}
