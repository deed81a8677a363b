/** Draws what was seen in the four places: lanes with one scale, and two sets of bars. */
import { drawBars } from './bars.ts'
import { drawLanes, type Lane, LEGEND } from './lanes.ts'
import { ms } from './numbers.ts'
import type { Seen } from './places.ts'
import type { Colour, Stage } from './stage.ts'

/** The lanes of each place under each other, the first with its name. */
export function drawPlaces(stage: Stage, seen: readonly Seen[], legend: readonly (keyof typeof LEGEND)[]): string[] {
  const names = Math.max(...seen.map(({ place }) => place.length))
  const lanes = seen.flatMap(({ place, lanes: pair }): Lane[] =>
    pair.map((lane, index) => ({ ...lane, name: `${(index === 0 ? place : '').padEnd(names)}  ${lane.name}` })),
  )
  const until = Math.max(...seen.map(({ wall }) => wall))
  return [...drawLanes(stage, lanes, until), '', `  ${legend.map(state => LEGEND[state]).join('   ')}`]
}

/** Wall time and cores used, for each place. */
export function drawFigures(stage: Stage, seen: readonly Seen[]): string[] {
  const bar = (colour: Colour, value: (place: Seen) => number, text: (value: number) => string): string[] => {
    // As wide as those of the other set.
    const width = Math.max(...seen.map(place => Math.max(ms(place.wall).length, place.cores.toFixed(2).length)))
    const bars = seen.map(place => ({
      name: place.place,
      parts: [{ value: value(place), colour }],
      text: text(value(place)).padStart(width),
    }))
    return drawBars(stage, bars)
  }
  return [
    '  wall time',
    ...bar('green', ({ wall }) => wall, ms),
    '',
    '  cores used (CPU time / wall time)',
    ...bar(
      'yellow',
      ({ cores }) => cores,
      value => value.toFixed(2),
    ),
  ]
}
