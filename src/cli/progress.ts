/** Progress on standard error: drawn on a terminal, elsewhere a line now and then, for those who ask for it. */
import type { Surroundings } from './line-writer.ts'
import { type Activity, type Moment, progressText, summaryText } from './progress-text.ts'
import { Rate } from './rate.ts'
import type { Tally } from './tally.ts'

/** Milliseconds between two lines. */
const PRINTED = 2000

export interface Progress {
  /** What has to be done around writing results to the terminal that the progress is drawn on. */
  readonly surroundings: Surroundings | undefined
  /** Leaves what became of it all. */
  end(): void
}

/** Begins to show progress. */
export async function showProgress(tally: Tally, activity: () => Activity): Promise<Progress> {
  const began = performance.now()
  const rate = new Rate()
  const moment = (): Moment => {
    const elapsed = performance.now() - began
    return { ...tally, ...activity(), elapsed, rate: rate.look(elapsed, tally.done) }
  }
  rate.look(0, 0)
  if (!process.stderr.isTTY) return new PrintedProgress(moment)
  // Loaded only where something is drawn: it takes longer than all else that the command needs.
  const { DrawnProgress } = await import('./drawn-progress.ts')
  const drawn = new DrawnProgress(moment)
  return { surroundings: drawn, end: () => drawn.end() }
}

class PrintedProgress implements Progress {
  readonly surroundings = undefined
  readonly #moment: () => Moment
  readonly #timer: NodeJS.Timeout

  constructor(moment: () => Moment) {
    this.#moment = moment
    this.#timer = setInterval(() => process.stderr.write(`${progressText(moment())}\n`), PRINTED)
    this.#timer.unref()
  }

  end(): void {
    clearInterval(this.#timer)
    process.stderr.write(`${summaryText(this.#moment())}\n`)
  }
}
