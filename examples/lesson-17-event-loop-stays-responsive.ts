// A long computation in a process leaves the event loop of this one free.
import { ProcessPoolExecutor, sleep } from 'multitask'
import { sumBelow } from './tasks/processes.ts'

await using pool = new ProcessPoolExecutor()
const computation = pool.submit(sumBelow, 20_000_000)
let ticks = 0
while (!computation.done()) {
  await sleep(1)
  ticks++
}
console.log(await computation, 'ticked meanwhile', ticks > 5 ? 'True' : 'False')

// Output:
// 199999990000000 ticked meanwhile True
