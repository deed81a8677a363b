/** Bars side by side: a name, a bar as long as its value, and the value with its unit. */
import type { Colour, Stage } from './stage.ts'

/** The left eighths of a cell. */
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const

interface Part {
  readonly value: number
  readonly colour: Colour
  /** What it is drawn with if it is not the bar itself but what is missing from it. */
  readonly glyph?: '░'
}

export interface Bar {
  readonly name: string
  /** One behind the other. */
  readonly parts: readonly Part[]
  /** What it comes to. */
  readonly text: string
}

/** Two columns in front, two between name, bar and text. */
const MARGIN = 2

/** The longest bar, or one of the value `full`, takes what names and texts leave of the width. Values are 0 or more. */
export function drawBars(stage: Stage, bars: readonly Bar[], full: number = Number.MIN_VALUE): string[] {
  const names = Math.max(...bars.map(({ name }) => name.length))
  const texts = Math.max(...bars.map(({ text }) => text.length))
  const room = Math.max(8, stage.width - names - texts - 3 * MARGIN)
  const longest = Math.max(...bars.map(totalOf), full)
  const gap = ' '.repeat(MARGIN)
  return bars.map(({ name, parts, text }) => {
    let cells = 0
    let total = 0
    const drawn = parts.map(part => {
      total += part.value
      // What is before it may have ended within a cell.
      const bar = barOf(part, (total / longest) * room - cells)
      cells += bar.length
      return stage.paint(part.colour, bar)
    })
    return `${gap}${name.padEnd(names)}${gap}${drawn.join('')}${' '.repeat(Math.max(0, room - cells))}${gap}${text}`
  })
}

function totalOf({ parts }: Bar): number {
  return parts.reduce((sum, { value }) => sum + value, 0)
}

function barOf({ value, glyph }: Part, length: number): string {
  if (glyph !== undefined) return glyph.repeat(Math.max(0, Math.round(length)))
  const eighths = Math.round(length * 8)
  const bar = '█'.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8]!
  // What is little is not nothing.
  return bar === '' && value > 0 ? EIGHTHS[1] : bar
}
