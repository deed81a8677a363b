/** Pieces of work that threads and processes do, and what they note meanwhile. */
import type { Gil } from '../gil/index.ts'
import { currentThread, Event, task } from '../index.ts'
import { cpuTime } from '../platform/cpu-time.ts'
import { burn, now } from './clock.ts'
import type { Span } from './lanes.ts'

/** What a piece of work tells of itself. Times are in ms, by a clock that all share. */
export interface Worked {
  readonly thread: string
  readonly began: number
  readonly ended: number
  /** The CPU time of its process when it began and when it ended. */
  readonly cpuBegan: number
  readonly cpuEnded: number
  /** In the order of time. */
  readonly spans: readonly Span[]
}

/** Can be sent. Does so much of its work, under the GIL if there is one. */
export type Piece = (amount: number, gil: Gil | undefined) => Worked

/** In so many slices a calculation looks at the clock. */
const SLICES = 1000
/** A slice that took so much longer than most, in ms, was interrupted. */
const INTERRUPTED = 1

/** Adds up the square roots of the numbers below `amount`. */
export const calculate: Piece = task(function calculate(amount: number, gil: Gil | undefined): Worked {
  return noted(gil, () => {
    const marks = [now()]
    const slice = Math.ceil(amount / SLICES)
    let sum = 0
    for (let number = 0; number < amount;) {
      for (const end = Math.min(amount, number + slice); number < end; number++) {
        sum += Math.sqrt(number)
        gil?.checkpoint()
      }
      marks.push(now())
    }
    // Nobody needs it, and the compiler may not know.
    return sum < 0 ? [] : spansBetween(marks)
  })
})

/** How long what is waited for takes, in ms, and how long the calculation with what has come. */
const AWAY = 20
const READING = 1

/** Waits so often, as for the answer of a server, and calculates for a moment with what has come. */
export const waitOften: Piece = task(function waitOften(amount: number, gil: Gil | undefined): Worked {
  const answer = new Event()
  return noted(gil, () => {
    const spans: Span[] = []
    for (let turn = 0; turn < amount; turn++) {
      const asked = now()
      answer.waitSync({ timeout: AWAY })
      const answered = now()
      burn(READING)
      spans.push({ from: asked, to: answered, state: 'waits' }, { from: answered, to: now(), state: 'runs' })
    }
    return spans
  })
})

function noted(gil: Gil | undefined, work: () => Span[]): Worked {
  const cpuBegan = cpuTime()
  const began = now()
  const spans = gil === undefined ? work() : gil.run(work)
  return { thread: currentThread().name, began, ended: now(), cpuBegan, cpuEnded: cpuTime(), spans }
}

/** A slice in which another had the processor is seen by how long it took. */
function spansBetween(marks: readonly number[]): Span[] {
  const lengths = marks.slice(1).map((mark, index) => mark - marks[index]!)
  const usual = lengths.toSorted((a, b) => a - b)[lengths.length >> 1] ?? 0
  const spans: Span[] = []
  for (const [index, length] of lengths.entries()) {
    const state = length > 2 * usual + INTERRUPTED ? 'ready' : 'runs'
    const last = spans.at(-1)
    const to = marks[index + 1]!
    if (last?.state === state) spans[spans.length - 1] = { ...last, to }
    else spans.push({ from: marks[index]!, to, state })
  }
  return spans
}
