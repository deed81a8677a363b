/** A failed schedule as text: a lane for each thread, a row for each step. */
import type { FailedSchedule } from './check-error.ts'

const LEAST = 12
const MOST = 48
const GAP = 2

export function drawLanes({ threads, steps, reason, replay, found, switches }: FailedSchedule): string {
  const widths = threads.map((name, thread) => {
    const longest = steps.reduce(
      (width, step) => (step.thread === thread ? Math.max(width, step.text.length) : width),
      name.length,
    )
    return Math.min(MOST, Math.max(LEAST, longest)) + GAP
  })
  const row = (number: string, cells: readonly string[]): string => {
    const text = cells.map((cell, lane) => shorten(cell, widths[lane]! - GAP).padEnd(widths[lane]!)).join('')
    return `${number.padStart(3)}  ${text}`.trimEnd()
  }
  const lines = [row('#', threads)]
  steps.forEach((step, index) => {
    const isSwitch = index > 0 && steps[index - 1]!.thread !== step.thread
    const left = isSwitch ? steps[index - 1]!.thread : -1
    const cells = threads.map((_, lane) => (lane === step.thread ? step.text : lane === left ? '·' : ''))
    lines.push(row(String(index + 1), cells))
  })
  const times = found === 1 ? 'the first schedule' : `schedule ${found}`
  const turns = switches === 1 ? '1 switch' : `${switches} switches`
  return [...lines, `  ✗  ${reason}`, `     ${times}, ${turns}, replay: '${replay}'`].join('\n')
}

function shorten(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`
}
