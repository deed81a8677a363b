/** What a task does on the event loop, as it notes it itself: it runs, it waits, it is ready and waits for its turn. */
import { sleep } from '../index.ts'
import { burn, now } from './clock.ts'
import type { Lane, Span, State } from './lanes.ts'
import type { Colour } from './stage.ts'

export class Course implements Lane {
  readonly name: string
  readonly colour: Colour
  readonly spans: Span[] = []
  /** For each timer, how many ms it came late. */
  readonly late: number[] = []
  readonly origin: number

  /** `origin`: the moment from which all courses of a picture count. */
  constructor(name: string, colour: Colour, origin: number) {
    this.name = name
    this.colour = colour
    this.origin = origin
  }

  /** Keeps the event loop for so many ms. */
  calculate(ms: number): void {
    const from = now()
    burn(ms)
    this.note('runs', from, now())
  }

  /** Waits for a timer. What it comes late is the time in which others kept the loop. */
  async rest(ms: number): Promise<void> {
    const from = now()
    await sleep(ms)
    const back = now()
    const due = Math.min(back, from + ms)
    this.note('waits', from, due)
    this.note('ready', due, back)
    this.late.push(back - due)
  }

  /** `from`, `to`: by the clock. */
  note(state: State, from: number, to: number): void {
    this.spans.push({ from: from - this.origin, to: to - this.origin, state })
  }

  /** How many ms it was in a state. */
  time(state: State): number {
    return this.spans.reduce((sum, span) => (span.state === state ? sum + span.to - span.from : sum), 0)
  }
}

/** When the last of them was done. */
export function endOf(courses: readonly Course[]): number {
  return Math.max(...courses.flatMap(({ spans }) => spans.map(({ to }) => to)))
}
