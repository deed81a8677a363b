// Two processes take numbers from one queue and write into one array. With koffi installed, on Linux, on Node and Deno,
// both lie in memory that all three processes have, and a million numbers take less than half a second.
import { Process, SharedArray, SharedQueue } from 'multitask'
import { squareItems } from './tasks/square-items.ts'

const COUNT = 2000
const queue = new SharedQueue<number>()
const squares = new SharedArray('f64', COUNT)
const processes = [1, 2].map(() => new Process(squareItems, [queue, squares]).start())
for (let n = 0; n < COUNT; n++) await queue.put(n)
queue.shutdown()
const counts = await Promise.all(processes.map(each => each.join()))
console.log(counts[0]! + counts[1]!, squares.at(-1))

// Output:
// 2000 3996001
