/**
 * Progress on standard error: one line that is drawn again and again on a terminal; elsewhere, if asked for, a line now
 * and then.
 *
 * Results, and what workers print, may go to the same terminal. The line is then taken away before they are written, and
 * comes back below them.
 */
import { createLogUpdate } from 'log-update'
import type { Surroundings } from './line-writer.ts'
import { type Activity, type Moment, progressText, summaryText } from './progress-text.ts'
import { Rate } from './rate.ts'
import type { Tally } from './tally.ts'

/** Milliseconds between two drawings. */
const DRAWN = 100
const PRINTED = 2000

export interface Progress {
  /** What has to be done around writing results to the terminal. */
  readonly surroundings: Surroundings
  /** Takes the line away, and leaves what became of it all. */
  end(): void
}

/** Begins to show progress. */
export function showProgress(tally: Tally, activity: () => Activity): Progress {
  const began = performance.now()
  const rate = new Rate()
  const moment = (): Moment => {
    const elapsed = performance.now() - began
    return { ...tally, ...activity(), elapsed, rate: rate.look(elapsed, tally.done) }
  }
  rate.look(0, 0)
  return process.stderr.isTTY ? new DrawnProgress(moment) : new PrintedProgress(moment)
}

class DrawnProgress implements Progress, Surroundings {
  readonly #moment: () => Moment
  readonly #write: typeof process.stderr.write = process.stderr.write.bind(process.stderr)
  readonly #draw: ReturnType<typeof createLogUpdate>
  readonly #timer: NodeJS.Timeout
  #drawnAt = 0
  #hidden = false

  constructor(moment: () => Moment) {
    this.#moment = moment
    this.#draw = createLogUpdate(this.#terminal())
    // What workers print to standard error comes by here.
    process.stderr.write = ((...args: Parameters<typeof process.stderr.write>) => {
      this.#draw.clear()
      return this.#write(...args)
    }) as typeof process.stderr.write
    this.#timer = setInterval(() => this.#redraw(), DRAWN)
    this.#timer.unref()
  }

  get surroundings(): Surroundings {
    return this
  }

  /** Waits, so that the line is not taken away more often than it is drawn. */
  async before(): Promise<void> {
    const wait = this.#drawnAt + DRAWN - performance.now()
    if (wait > 0) await new Promise(resolve => setTimeout(resolve, wait))
    this.#hidden = true
    this.#draw.clear()
  }

  after(): void {
    this.#hidden = false
    this.#redraw()
  }

  end(): void {
    clearInterval(this.#timer)
    this.#draw.clear()
    this.#draw.done()
    process.stderr.write = this.#write
    process.stderr.write(`${summaryText(this.#moment())}\n`)
  }

  #redraw(): void {
    if (this.#hidden) return
    this.#drawnAt = performance.now()
    this.#draw(progressText(this.#moment()).slice(0, process.stderr.columns - 1))
  }

  /** Standard error as it was before `write` was replaced. */
  #terminal(): NodeJS.WriteStream {
    return Object.create(process.stderr, { write: { value: this.#write } }) as NodeJS.WriteStream
  }
}

class PrintedProgress implements Progress {
  readonly surroundings: Surroundings = { before: () => Promise.resolve(), after: () => {} }
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
