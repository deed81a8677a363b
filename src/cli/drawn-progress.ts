/**
 * Progress on a terminal: one line that is drawn again and again.
 *
 * Results, and what workers print, may go to the same terminal. The line is then taken away before they are written, and
 * comes back below them.
 */
import { createLogUpdate } from 'log-update'
import type { Surroundings } from './line-writer.ts'
import { type Moment, progressText, summaryText } from './progress-text.ts'

/** Milliseconds between two drawings. */
const DRAWN = 100

export class DrawnProgress implements Surroundings {
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
