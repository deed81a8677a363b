/**
 * Lanes over time: a line for each thread or task, with what it does from left to right, and one scale below.
 *
 * A cell of the terminal is a few milliseconds. Whoever ran in a part of them has a block of that height, so that two who
 * change over faster than a cell is wide are seen as what they are: two halves.
 */
import type { Colour, Stage } from './stage.ts'

const LEVELS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const

/** `ready`: it could run, and nobody lets it. */
export type State = 'runs' | 'waits' | 'ready'

/** Times are in ms, in all lanes of one picture from the same moment. */
export interface Span {
  readonly from: number
  readonly to: number
  readonly state: State
}

export interface Lane {
  readonly name: string
  readonly colour: Colour
  readonly spans: readonly Span[]
}

export const LEGEND = {
  runs: '█ runs',
  half: '▄ half of the time',
  ready: '░ ready, waits for its turn',
  waits: '· waits',
} as const

const GLYPHS = { waits: '·', ready: '░' } as const
const COLOURS: Record<'waits' | 'ready', Colour> = { waits: 'gray', ready: 'red' }
const MARGIN = 2
/** Ticks are at least so many columns apart. */
const TICKS = 10

/** Lanes from 0 to `until` ms with their scale. `names`: columns for their names, so that several pictures stand alike. */
export function drawLanes(
  stage: Stage,
  lanes: readonly Lane[],
  until: number,
  names: number = namesOf(lanes),
): string[] {
  const columns = stage.width - names - 2 * MARGIN - 1
  const drawn = lanes.map(lane => laneOf(stage, lane, names, columns, until))
  return [...drawn, ...scale(stage, names, columns, until)]
}

/** As wide as the longest name. */
function namesOf(lanes: readonly Lane[]): number {
  return Math.max(...lanes.map(({ name }) => name.length))
}

function laneOf(stage: Stage, { name, colour, spans }: Lane, names: number, columns: number, until: number): string {
  const cells = Array.from({ length: columns }, (_, column) => {
    const from = (column / columns) * until
    return cellOf(spans, from, from + until / columns)
  })
  let text = ''
  for (let begin = 0; begin < columns;) {
    const { state } = cells[begin]!
    let end = begin
    let run = ''
    while (end < columns && cells[end]!.state === state) run += cells[end++]!.glyph
    text += state === undefined ? run : stage.paint(state === 'runs' ? colour : COLOURS[state], run)
    begin = end
  }
  return `${' '.repeat(MARGIN)}${name.padEnd(names)}${' '.repeat(MARGIN)}${text}`.trimEnd()
}

interface Cell {
  readonly state: State | undefined
  readonly glyph: string
}

function cellOf(spans: readonly Span[], from: number, to: number): Cell {
  const time = { runs: 0, waits: 0, ready: 0 }
  for (const span of spans) time[span.state] += Math.max(0, Math.min(to, span.to) - Math.max(from, span.from))
  const share = time.runs / (to - from)
  const level = Math.round(share * LEVELS.length)
  const rest = time.ready > time.waits ? 'ready' : 'waits'
  // Less than half an eighth of a cell cannot be drawn: the cell shows what the rest of it is.
  if (level > 0) return { state: 'runs', glyph: LEVELS[Math.min(level, LEVELS.length) - 1]! }
  return time[rest] * 2 > to - from ? { state: rest, glyph: GLYPHS[rest] } : { state: undefined, glyph: ' ' }
}

/** A line with ticks, and below it their times. */
function scale(stage: Stage, names: number, columns: number, until: number): string[] {
  const step = stepOf(until, Math.max(1, Math.floor(columns / TICKS)))
  const line = Array<string>(columns).fill('─')
  const texts = Array<string>(columns).fill(' ')
  for (let tick = 0; ; tick++) {
    const at = Math.round(((tick * step) / until) * columns)
    const text = tick === 0 ? '0 ms' : String(tick * step)
    if (at + text.length > columns) break
    line[at] = tick === 0 ? '└' : '┴'
    texts.splice(at, text.length, ...text.split(''))
  }
  const gap = ' '.repeat(names + 2 * MARGIN)
  return [gap + stage.paint('gray', line.join('')), gap + stage.paint('gray', texts.join('').trimEnd())]
}

/** The least of 1, 2, 5, 10, 20 … with which there are at most so many ticks. */
function stepOf(until: number, most: number): number {
  for (let power = 1; ; power *= 10) {
    for (const digit of [1, 2, 5]) if (until / (digit * power) <= most) return digit * power
  }
}
