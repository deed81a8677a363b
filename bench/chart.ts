/** A chart: rows of samples, what they are compared to, what they have to reach. */
import type { Results } from './question.ts'
import { median } from './statistics.ts'

export type Unit =
  | 'tasks/s'
  | 'items/s'
  | 'messages/s'
  | 'schedules/s'
  | 'ns'
  | 'µs'
  | 'ms'
  | 'MB'
  | 'kB'
  | 'B'
  | '×'
  | '%'
  | 'listeners'

export interface Row {
  readonly label: string
  /** One a round. */
  readonly samples: readonly number[]
  /** A second figure, and its name: shown behind the bar. */
  readonly beside?: { readonly name: string; readonly value: number } | undefined
  /** Why samples are missing. */
  readonly failure?: string | undefined
}

/** What a row has to reach: a value or, with `of`, a ratio to another row. */
export interface Goal {
  readonly row: string
  readonly atLeast?: number
  readonly atMost?: number
  readonly of?: string
}

export interface Chart {
  readonly title: string
  readonly unit: Unit
  readonly better: 'more' | 'less'
  readonly rows: readonly Row[]
  /** The rows to which all others are compared. */
  readonly references: readonly string[]
  readonly goals: readonly Goal[]
}

interface Comparison extends Pick<Chart, 'title' | 'unit' | 'better'> {
  readonly references?: readonly string[]
  readonly goals?: readonly Goal[]
  readonly beside?: { readonly name: string; readonly figure: string }
}

/** A chart of one figure with a row for each contestant, the best first. */
export function compare(results: Results, figure: string, comparison: Comparison): Chart {
  const { title, unit, better, references = [], goals = [], beside } = comparison
  const rows = [...results].map(([label, { figures, failure }]): Row => {
    const itsBeside = beside && { name: beside.name, value: median(values(figures, beside.figure)) }
    return { label, samples: values(figures, figure), beside: itsBeside, failure }
  })
  const worth = ({ samples }: Row) =>
    samples.length === 0 ? -Infinity : median(samples) * (better === 'more' ? 1 : -1)
  return { title, unit, better, references, goals, rows: rows.toSorted((a, b) => worth(b) - worth(a)) }
}

/** The figure of each round that has it. */
export function values(figures: readonly Readonly<Record<string, number>>[], name: string): number[] {
  return figures.map(each => each[name]).filter(value => value !== undefined)
}
