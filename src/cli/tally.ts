/** What a run has done so far. */
export interface Tally {
  done: number
  failed: number
  /** Inputs that had results before. */
  skipped: number
  /** All inputs, if known. */
  total: number | undefined
}
