import { type SharedStructArray, sharedStruct, task } from 'multitask'

/** What moves, side by side in memory that all threads see. */
export const Planet = sharedStruct({ x: 'f64', speed: 'f64', laps: 'i32' })
export type Planet = InstanceType<typeof Planet>

/** What all threads add up together. */
export const Sums = sharedStruct({ distance: 'f64', laps: 'u32' })
export type Sums = InstanceType<typeof Sums>

const LAP = 360

/** Moves every second planet, and adds to the sums: each planet has one thread, the sums have all. */
export const moveEverySecond = task(function moveEverySecond(
  planets: SharedStructArray<Planet>,
  first: number,
  steps: number,
  sums: Sums,
): void {
  for (let i = first; i < planets.length; i += 2) {
    const planet = planets.at(i)
    for (let step = 0; step < steps; step++) {
      planet.x += planet.speed
      if (planet.x < LAP) continue
      planet.x -= LAP
      planet.laps += 1
      sums.add('laps', 1)
    }
    sums.withSync(it => {
      it.distance += planet.laps * LAP + planet.x
    })
  }
})
