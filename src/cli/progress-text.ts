/** Progress in one line. */
import type { Tally } from './tally.ts'

export interface Activity {
  readonly busy: number
  readonly workers: number
}

export interface Moment extends Tally, Activity {
  /** Milliseconds since the beginning. */
  readonly elapsed: number
  /** Inputs a second, as of late. */
  readonly rate: number
}

const BAR = 20

/** While it goes on. */
export function progressText(moment: Moment): string {
  const { failed, skipped, total, busy, workers, rate, elapsed } = moment
  const done = moment.done + skipped
  const parts =
    total === undefined ? [`${number(done)} done`] : [`${bar(done, total)} ${number(done)} of ${number(total)}`]
  if (failed > 0) parts.push(`${number(failed)} failed`)
  parts.push(perSecond(rate))
  parts.push(total === undefined || rate === 0 ? time(elapsed) : `${time(((total - done) / rate) * 1000)} left`)
  parts.push(`${busy} of ${workers} busy`)
  return parts.join(' · ')
}

/** At the end. */
export function summaryText({ done, failed, skipped, elapsed }: Moment): string {
  const parts = [`${number(done)} done`]
  if (failed > 0) parts.push(`${number(failed)} failed`)
  if (skipped > 0) parts.push(`${number(skipped)} were done before`)
  parts.push(time(elapsed), perSecond(done / Math.max(elapsed / 1000, 0.001)))
  return parts.join(' · ')
}

function bar(done: number, total: number): string {
  const share = total === 0 ? 1 : Math.min(1, done / total)
  const full = Math.floor(share * BAR)
  return `${'█'.repeat(full)}${'░'.repeat(BAR - full)} ${String(Math.floor(share * 100)).padStart(3)} %`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}

function number(value: number): string {
  return value.toLocaleString('en-US')
}

function perSecond(rate: number): string {
  return `${rate >= 10 ? number(Math.round(rate)) : rate.toFixed(1)}/s`
}

/** `0.4 s`, `12 s`, `3:05`, `2:03:05`. */
function time(ms: number): string {
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`
  const all = Math.round(ms / 1000)
  const [hours, minutes, seconds] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60]
  if (all < 60) return `${all} s`
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`
}
