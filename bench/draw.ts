/** Draws a chart for a terminal: medians as bars, beside the ratios to the references, and the goals below. */
import { styleText } from 'node:util'
import type { Chart, Goal, Row, Unit } from './chart.ts'
import { median } from './statistics.ts'

const BAR = 40
const EIGHTHS = ' ▏▎▍▌▋▊▉█'

export function draw(chart: Chart): string {
  const { title, rows, unit } = chart
  const references = chart.references.filter(reference => rows.some(({ label }) => label === reference))
  const heads = ['', unit, 'min – max', ...references.map(reference => `× ${reference}`), '', '']
  const full = fullBar(chart)
  const table = rows.map(row => [row.label, ...cells(row, chart, references, full)])
  const [head, ...lines] = align([heads, ...table])
  return [
    styleText('bold', title),
    styleText('dim', head!),
    ...lines,
    ...chart.goals.map(goal => judge(chart, goal)),
  ].join('\n')
}

function cells({ samples, beside, failure = '' }: Row, { rows, unit }: Chart, references: string[], full: number) {
  if (samples.length === 0) return ['failed', '', ...references.map(() => ''), '', failure]
  const value = median(samples)
  const spread = samples.length > 1 ? `${format(Math.min(...samples))} – ${format(Math.max(...samples))}` : ''
  const ratios = references.map(reference => round(value / valueOf(rows, reference)))
  const itsBeside = beside === undefined ? '' : `${beside.name} ${format(beside.value, unit)}`
  // One round that failed among others is shown beside their figures.
  const note = [itsBeside, failure].filter(text => text !== '').join(', ')
  return [format(value), spread, ...ratios, bar(value / full), note]
}

/** One line: whether the goal is met, and by what. */
function judge({ rows, unit }: Chart, { row, atLeast, atMost, of }: Goal): string {
  const value = valueOf(rows, row) / (of === undefined ? 1 : valueOf(rows, of))
  const shown = (number: number) => (of === undefined ? format(number, unit) : `${round(number)} × ${of}`)
  const limits = [
    ...(atLeast === undefined ? [] : [`at least ${shown(atLeast)}`]),
    ...(atMost === undefined ? [] : [`at most ${shown(atMost)}`]),
  ].join(' and ')
  if (Number.isNaN(value)) return styleText('dim', `  – ${row}: not measured, goal ${limits}`)
  const met = value >= (atLeast ?? -Infinity) && value <= (atMost ?? Infinity)
  return met
    ? styleText('green', `  ✓ ${row}: ${shown(value)}, goal ${limits}`)
    : styleText('red', `  ✗ ${row}: ${shown(value)}, goal ${limits}`)
}

function valueOf(rows: readonly Row[], label: string): number {
  return median(rows.find(row => row.label === label)?.samples ?? [])
}

/** The value of the longest bar. One far behind the references may not press all others into one column. */
function fullBar({ rows, references, better }: Chart): number {
  const medians = rows.filter(({ samples }) => samples.length > 0).map(({ samples }) => median(samples))
  const known = references.map(reference => valueOf(rows, reference)).filter(value => !Number.isNaN(value))
  const longest = Math.max(...medians)
  return better === 'more' || known.length === 0 ? longest : Math.min(longest, 3 * Math.max(...known))
}

function align(table: readonly string[][]): string[] {
  const columns = table[0]!.length
  const widths = Array.from({ length: columns }, (_, column) => Math.max(...table.map(row => row[column]!.length)))
  const left = [0, columns - 2, columns - 1]
  const cell = (text: string, column: number) =>
    left.includes(column) ? text.padEnd(widths[column]!) : text.padStart(widths[column]!)
  return table.map(row => `  ${row.map(cell).join('  ').trimEnd()}`)
}

function bar(fraction: number): string {
  if (fraction > 1) return `${EIGHTHS[8]!.repeat(BAR - 1)}▶`
  const eighths = Math.max(1, Math.round(fraction * BAR * 8))
  return EIGHTHS[8]!.repeat(eighths >> 3) + EIGHTHS[eighths & 7]!.trim()
}

/** Three figures that count, with the unit if it is given. */
function format(value: number, unit?: Unit): string {
  const [scaled, prefix] = value >= 1e6 ? [value / 1e6, ' M'] : value >= 1e4 ? [value / 1e3, ' k'] : [value, '']
  const number = `${round(scaled)}${prefix}`
  return unit === undefined ? number : `${number} ${unit}`
}

function round(value: number): string {
  return value.toFixed(value >= 100 || value === 0 ? 0 : value >= 10 ? 1 : 2)
}
