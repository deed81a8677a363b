// Structs in shared memory: two threads move the planets in place, and nothing is copied or sent back.
import { ThreadPoolExecutor } from 'multitask'
import { moveEverySecond, Planet, Sums } from './tasks/planets.ts'

const planets = Planet.array([{ speed: 4 }, { speed: 1.5 }, { x: 350, speed: 1 }])
const sums = new Sums()
{
  await using executor = new ThreadPoolExecutor({ maxWorkers: 2 })
  for (const first of [0, 1]) void executor.submit(moveEverySecond, planets, first, 100, sums)
}
for (const { x, laps } of planets) console.log(`at ${x}, laps ${laps}`)
console.log(sums)

// Output:
// at 40, laps 1
// at 150, laps 0
// at 90, laps 1
// SharedStruct { distance: 1000, laps: 2 }
