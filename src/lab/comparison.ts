/** Draws what was seen in the four places: lanes with one scale, and two sets of bars. */
import { type Bar, drawBars } from './bars.ts'
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

/** Wall time and cores used, for each place; a core that is used all the time is not less than a whole bar. */
export function drawFigures(stage: Stage, seen: readonly Seen[]): string[] {
  const times = seen.map(({ wall }) => ms(wall))
  const cores = seen.map(place => place.cores.toFixed(2))
  const width = Math.max(...[...times, ...cores].map(({ length }) => length))
  const bar = (place: Seen, value: number, colour: Colour, text: string): Bar => ({
    name: place.place,
    parts: [{ value, colour }],
    text: text.padStart(width),
  })
  return [
    '  wall time',
    ...drawBars(
      stage,
      seen.map((place, index) => bar(place, place.wall, 'green', times[index]!)),
    ),
    '',
    '  cores used (CPU time / wall time)',
    ...drawBars(
      stage,
      seen.map((place, index) => bar(place, place.cores, 'yellow', cores[index]!)),
      1,
    ),
  ]
}
