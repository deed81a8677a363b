// A pool of processes, used as a pool of threads is.
import { ProcessPoolExecutor } from 'multitask'
import { sumBelow } from './tasks/processes.ts'

await using executor = new ProcessPoolExecutor({ maxWorkers: 4 })
const sums = await executor.map(sumBelow, [5_000_000, 10_000_000, 20_000_000]).toArray()
console.log(`[${sums.join(', ')}]`)

// Output:
// [12499997500000, 49999995000000, 199999990000000]
