/**
 * A failed schedule as a picture: a lane for each thread, a row for each step, a line that goes down the lane of whoever
 * runs and crosses over where the processor does. It needs nothing but itself, and is read in light and in dark.
 */
import type { FailedSchedule } from './check-error.ts'

const ROW = 26
const TOP = 58
const LEFT = 44
const GLYPH = 7.3
const LEAST = 150
const GAP = 26

/** Colours that are told apart by those who see few, too (Okabe and Ito). */
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9']

function colour(lane: number): string {
  return colours[lane % colours.length]!
}

export function drawSvg(schedule: FailedSchedule): string {
  const { threads, steps, reason, replay, switches } = schedule
  const widths = threads.map((name, lane) => {
    const texts = steps.filter(({ thread }) => thread === lane).map(({ text }) => text)
    const longest = Math.max(name.length, ...texts.map(({ length }) => length))
    return Math.max(LEAST, longest * GLYPH + 2 * GAP)
  })
  const lefts = widths.map((_, lane) => LEFT + widths.slice(0, lane).reduce((sum, width) => sum + width, 0))
  const turns = `replay: '${replay}', ${switches === 1 ? '1 switch' : `${switches} switches`}`
  const lanes = LEFT + widths.reduce((sum, width) => sum + width, 0)
  const foot = linesOf(reason, Math.max(60, Math.floor((lanes - LEFT) / GLYPH)))
  const width = Math.ceil(
    Math.max(lanes, LEFT + Math.max(turns.length, ...foot.map(({ length }) => length)) * GLYPH) + 16,
  )
  const bottom = TOP + steps.length * ROW
  const height = bottom + 30 + foot.length * 20 + 26
  const at = (step: number): number => TOP + step * ROW + ROW / 2
  const x = (lane: number): number => lefts[lane]! + 10

  const heads = threads.map(
    (name, lane) => `<text class="name" x="${x(lane) + 12}" y="34" style="fill:${colour(lane)}">${escape(name)}</text>`,
  )
  const rails = threads.map(
    (_, lane) => `<line class="rail" x1="${x(lane)}" y1="${TOP - 10}" x2="${x(lane)}" y2="${bottom}"/>`,
  )
  const runs = steps.slice(1).map((step, index) => {
    const from = steps[index]!
    const [x1, y1, x2, y2] = [x(from.thread), at(index), x(step.thread), at(index + 1)]
    if (x1 === x2)
      return `<line class="run" stroke="${colour(step.thread)}" x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"/>`
    const middle = (y1 + y2) / 2
    return `<path class="turn" d="M${x1} ${y1} C${x1} ${middle + 6} ${x2} ${middle - 6} ${x2} ${y2}"/>`
  })
  const rows = steps.map(({ thread, text }, index) => {
    const y = at(index)
    const isWait = text.endsWith('… waits')
    const dot = `<circle cx="${x(thread)}" cy="${y}" r="4.5" stroke="${colour(thread)}" fill="${isWait ? 'none' : colour(thread)}"/>`
    const number = `<text class="number" x="${LEFT - 12}" y="${y + 4}">${index + 1}</text>`
    return `${number}${dot}<text x="${x(thread) + 12}" y="${y + 4}">${escape(text)}</text>`
  })
  const last = foot.map((line, index) => {
    const mark = index === 0 ? '✗ ' : '  '
    return `<text class="wrong" x="${LEFT - 18}" y="${bottom + 30 + index * 20}">${escape(mark + line)}</text>`
  })
  const replayed = `<text class="number left" x="${LEFT}" y="${bottom + 30 + foot.length * 20 + 4}">${escape(turns)}</text>`

  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escape(reason)}">`,
    `<style>${STYLE}</style>`,
    `<rect class="page" width="${width}" height="${height}" rx="6"/>`,
    ...heads,
    ...rails,
    ...runs,
    ...rows,
    ...last,
    replayed,
    '</svg>',
    '',
  ].join('\n')
}

const STYLE = [
  'text{font:12.5px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#24292f;white-space:pre}',
  '.page{fill:#fff}.name{font-weight:700;font-size:14px}.number{fill:#6e7781;text-anchor:end}.left{text-anchor:start}',
  '.rail{stroke:#d0d7de;stroke-width:1}.run{stroke-width:3}.turn{fill:none;stroke:#6e7781;stroke-width:1.5;stroke-dasharray:4 3}',
  'circle{stroke-width:2}.wrong{fill:#b3261e;font-weight:700}',
  '@media(prefers-color-scheme:dark){.page{fill:#0d1117}text{fill:#e6edf3}.number{fill:#8b949e}.rail{stroke:#30363d}.wrong{fill:#ff7b72}}',
].join('')

/** A sentence in lines of at most so many letters, cut where a part of it ends. */
function linesOf(text: string, most: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const line = lines.at(-1)
    if (line === undefined || line.length + 1 + word.length > most) lines.push(word)
    else lines[lines.length - 1] = `${line} ${word}`
  }
  return lines
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
